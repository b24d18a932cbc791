'use strict';

// Swagger UI reads /openapi.yaml and shows it. Nothing is asked of any other host: no validator badge, no fonts.
SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#seatline-docs',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  validatorUrl: null,
  deepLinking: true,
  displayOperationId: false,
  defaultModelsExpandDepth: 0,
  // What is sent from the page counts: it creates, changes and deletes real customers. The login is not kept.
  persistAuthorization: false,
  requestInterceptor: (request) => {
    // JSON:API asks for its own media type on requests without a body too.
    if (!request.loadSpec) {
      request.headers['Content-Type'] ??= 'application/vnd.api+json';
    }
    return request;
  },
});

// The reader's layout is made for wide screens: on narrow ones, let long words wrap and put cells below each other.
const narrow = new CSSStyleSheet();
narrow.replaceSync(`
  .swagger-ui .wrapper { box-sizing: border-box; }
  .swagger-ui .renderedMarkdown table { display: block; overflow-x: auto; }
  @media (max-width: 40rem) {
    .swagger-ui .wrapper { padding: 0 0.5rem; }
    .swagger-ui .scheme-container { padding: 1rem 0; }
    .swagger-ui .scheme-container .schemes, .swagger-ui .servers > label { display: block; }
    .swagger-ui .servers select { min-width: 0; }
    .swagger-ui .modal-ux { min-width: 0; width: 95%; }
    .swagger-ui .info { margin: 1rem 0; }
    .swagger-ui, .swagger-ui .opblock-tag, .swagger-ui .opblock-summary-path { overflow-wrap: anywhere; }
    .swagger-ui .opblock-tag, .swagger-ui .opblock-summary-control { flex-wrap: wrap; }
    .swagger-ui .opblock-tag small { flex-basis: 100%; padding: 0; }
    .swagger-ui .opblock .opblock-summary-path { max-width: 100%; }
    .swagger-ui .opblock-body { overflow-x: auto; }
    .swagger-ui select { max-width: 100%; }
    .swagger-ui .parameters-container table, .swagger-ui .parameters-container tbody,
    .swagger-ui .parameters-container tr, .swagger-ui .parameters-container td { display: block; width: auto; }
    .swagger-ui .parameters-container thead, .swagger-ui .response-col_links { display: none; }
  }
`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, narrow];
