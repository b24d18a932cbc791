package io.seatline.api;

import static io.seatline.support.TestServer.JSON;
import static io.seatline.support.TestServer.JSON_API;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.seatline.support.TestServer;
import io.seatline.validation.Language;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What {@code openapi.yaml} says is true of the server with the demo's data: every operation, every example of a
 * parameter, a body or an answer. How an example says which request it belongs to stands at the head of that file.
 */
final class OpenApiTest {
    private static final String EXAMPLE_HOST = "https://api.example.com";
    private static final String REGISTERED = "0193aa51-7d2c-7b6e-9f40-52c81e6a3d07";
    private static final List<String> METHODS = List.of("get", "post", "patch", "put", "delete");

    /** One request does not bring them about. */
    private static final List<String> NOT_PROVOKED = List.of("429", "503");

    private static final Map<Wanted, Schema> SCHEMAS = new HashMap<>();

    private static TestServer server;
    private static JsonNode api;

    private record Wanted(JsonNode schema, boolean whole) {}

    /** An operation of the document, with the parameters of its path. */
    private record Operation(String path, String method, JsonNode node, List<JsonNode> parameters) {
        String id() {
            return node.path("operationId").asString();
        }

        Stream<Map.Entry<String, JsonNode>> responses() {
            return node.path("responses").properties().stream()
                    .map(response -> Map.entry(response.getKey(), resolved(response.getValue())));
        }

        JsonNode response(int status) {
            return resolved(node.path("responses").path(Integer.toString(status)));
        }

        JsonNode bodyExamples() {
            return node.at("/requestBody/content").path(JSON_API).path("examples");
        }

        JsonNode bodySchema() {
            return node.at("/requestBody/content").path(JSON_API).path("schema");
        }

        String defaultPath() {
            return pathWith(JSON.createObjectNode());
        }

        String pathWith(JsonNode values) {
            var filled = path;
            for (var parameter : parameters) {
                if (parameter.path("in").asString().equals("path")) {
                    var name = parameter.path("name").asString();
                    filled = filled.replace(
                            "{" + name + "}",
                            values.path(name).asString(parameter.path("example").asString()));
                }
            }
            return filled;
        }
    }

    /** An answer of a response with its content: what its {@code x-request} asks for, and what it should be. */
    private record Example(
            Operation operation, String status, String name, JsonNode request, Optional<JsonNode> value) {
        String title() {
            return operation.method() + " " + operation.path() + " " + status + " " + name;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.withDemo();
        server.account("demo", TestServer.plain(REGISTERED, "123", "reception"));
        try (var document = OpenApiTest.class.getResourceAsStream("/openapi/openapi.yaml")) {
            api = new YAMLMapper().readTree(document);
        }
    }

    /** What the examples of registrations show, and some of them delete, of an account that no other example has. */
    @BeforeEach
    void register() {
        server.database().run("""
                        INSERT INTO bindings (account_id, id, contact, source, source_port, transport, user_agent, expires_at)
                        VALUES ('%1$s', '6f1c2a94-8f0e-4d57-a3b2-91c4e07d5b18', 'sip:reception@192.0.2.17:5060', '192.0.2.17',
                            5060, 'UDP', 'Yealink SIP-T46U 108.86.0.20', now() + interval '1 hour')
                        ON CONFLICT DO NOTHING;
                        INSERT INTO refusals (account_id, reason, source, source_port, transport, times)
                        VALUES ('%1$s', 'wrong_password', '198.51.100.7', 5061, 'UDP', 9) ON CONFLICT DO NOTHING;
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        VALUES ('0193aa63-41f8-7c0d-8a35-ee7d90b1c264', '%1$s', '198.51.100.7',
                            now() + interval '10 minutes') ON CONFLICT DO NOTHING
                        """.formatted(REGISTERED));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void document_hasNoLooseEnds() {
        var references = api.findValuesAsString("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(
                        reference -> assertThat(api.at(reference.substring(1)).isMissingNode())
                                .as(reference)
                                .isFalse());
        for (var kind : api.path("components").properties()) {
            if (!kind.getKey().equals("securitySchemes")) {
                assertThat(references)
                        .containsAll(kind.getValue().properties().stream()
                                .map(part -> "#/components/" + kind.getKey() + "/" + part.getKey())
                                .toList());
            }
        }
        assertThat(operations().map(Operation::id)).doesNotHaveDuplicates();
        assertThat(operations()).allSatisfy(operation -> {
            assertThat(operation.id()).isNotEmpty();
            assertThat(operation.node().path("summary").asString()).isNotEmpty();
            assertThat(operation.node().path("description").asString()).isNotEmpty();
            assertThat(Pattern.compile("\\{(.+?)}")
                            .matcher(operation.path())
                            .results()
                            .map(name -> name.group(1)))
                    .containsExactlyElementsOf(operation.parameters().stream()
                            .filter(parameter -> parameter.path("in").asString().equals("path"))
                            .map(parameter -> parameter.path("name").asString())
                            .toList());
        });
    }

    @Test
    void document_namesTheLanguagesOfTheServer() {
        assertThat(api.at("/components/schemas/Language/enum").values().stream().map(JsonNode::asString))
                .containsExactlyElementsOf(Language.codes());
    }

    /** Of what {@code bin/lint-openapi} finds, this was wrong once. */
    @Test
    void document_saysOfEveryListWhatIsInIt() {
        assertThat(nodes(api).filter(node -> node.path("type").asString("").equals("array")))
                .isNotEmpty()
                .allSatisfy(list -> assertThat(list.has("items")).as("%s", list).isTrue());
    }

    private static Stream<JsonNode> nodes(JsonNode root) {
        return Stream.concat(Stream.of(root), root.values().stream().flatMap(OpenApiTest::nodes));
    }

    @Test
    void document_hasAnExampleOfEveryBodyAndProvokesEveryAnswer() {
        assertThat(operations()).allSatisfy(operation -> {
            assertThat(operation.parameters())
                    .allSatisfy(
                            parameter -> assertThat(parameter.path("required").asBoolean(false)
                                            || !parameter.at("/schema/examples").isEmpty())
                                    .as("%s has an example", parameter.path("name"))
                                    .isTrue());
            if (operation.node().has("requestBody")) {
                assertThat(operation.bodyExamples()).isNotEmpty();
            }
            assertThat(operation.responses())
                    .anyMatch(response -> response.getKey().compareTo("400") < 0);
            operation.responses().forEach(response -> {
                var name = operation.id() + " " + response.getKey();
                assertThat(examples(operation, response.getKey(), response.getValue()))
                        .as(name)
                        .isNotEmpty();
                assertThat(examples(operation, response.getKey(), response.getValue()))
                        .as(name)
                        .allSatisfy(example -> assertThat(example.request().isMissingNode())
                                .isEqualTo(NOT_PROVOKED.contains(response.getKey())));
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> methods_areTheDocumentedOnes() {
        return api.path("paths").properties().stream()
                .map(path -> dynamicTest(path.getKey(), () -> {
                    var operations = operations()
                            .filter(operation -> operation.path().equals(path.getKey()))
                            .toList();
                    var documented =
                            operations.stream().map(Operation::method).collect(Collectors.toCollection(TreeSet::new));
                    if (documented.contains("GET")) {
                        documented.add("HEAD");
                    }
                    var address = operations.getFirst().defaultPath();
                    var refused = send("PUT", uri(address));
                    assertThat(refused.statusCode()).isEqualTo(405);
                    assertThat(refused.headers().firstValue("Allow")).contains(String.join(", ", documented));
                    if (documented.contains("HEAD")) {
                        var whole = send("GET", uri(address));
                        var head = send("HEAD", uri(address));
                        assertThat(head.statusCode()).isEqualTo(whole.statusCode());
                        assertThat(head.body()).isEmpty();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> parameters_doWhatTheirExamplesShow() {
        return operations()
                .filter(operation -> !operation.method().equals("DELETE"))
                .flatMap(operation -> operation.parameters().stream()
                        .filter(parameter -> !parameter.path("in").asString().equals("path"))
                        .flatMap(parameter -> parameter.at("/schema/examples").values().stream()
                                .map(value -> dynamicTest(
                                        operation.id() + " "
                                                + parameter.path("name").asString() + " " + value,
                                        () -> checkParameter(operation, parameter, value)))));
    }

    private static void checkParameter(Operation operation, JsonNode parameter, JsonNode value) {
        assertValid(parameter.path("schema"), value, false);
        var request = JSON.createObjectNode();
        var text = value.isArray()
                ? value.values().stream().map(JsonNode::asString).collect(Collectors.joining(","))
                : value.asString();
        request.putObject(parameter.path("in").asString().equals("query") ? "query" : "headers")
                .put(parameter.path("name").asString(), text);
        var answer = exchange(operation, request);
        assertThat(answer.statusCode()).isBetween(200, 299);
        assertDocumented(operation, answer, request);
    }

    @TestFactory
    Stream<DynamicTest> bodies_areTakenAsTheirExamplesShow() {
        return operations()
                .flatMap(operation -> operation.bodyExamples().properties().stream()
                        .map(body -> dynamicTest(operation.id() + " " + body.getKey(), () -> {
                            assertValid(operation.bodySchema(), body.getValue().path("value"), false);
                            var request = JSON.createObjectNode().put("example", body.getKey());
                            var answer = exchange(operation, request);
                            assertThat(answer.statusCode()).isBetween(200, 299);
                            assertDocumented(operation, answer, request);
                        })));
    }

    /** No schema can tell 10.0 from 10, so the server must not. */
    @TestFactory
    Stream<DynamicTest> bodies_areTakenWithTheirIntegersAsDecimals() {
        return operations()
                .flatMap(operation -> operation.bodyExamples().properties().stream()
                        .filter(body -> !asDecimals(body).equals(text(body)))
                        .map(body -> dynamicTest(
                                operation.id() + " " + body.getKey(), () -> checkDecimals(operation, body))));
    }

    private static void checkDecimals(Operation operation, Map.Entry<String, JsonNode> body) {
        assertValid(operation.bodySchema(), JSON.readTree(asDecimals(body)), false);
        var plain = exchange(operation, JSON.createObjectNode().put("example", body.getKey()));
        var request = JSON.createObjectNode().put("text", asDecimals(body));
        var answer = exchange(operation, request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(plain.statusCode());
        assertDocumented(operation, answer, request);
        // what is made anew each time is no integer of the request's
        assertThat(withoutTexts(answer)).isEqualTo(withoutTexts(plain));
        if (body.getValue().findValue("id") != null) {
            assertThat(body(answer).at("/data/id")).isEqualTo(body(plain).at("/data/id"));
        }
    }

    private static String text(Map.Entry<String, JsonNode> body) {
        return JSON.writeValueAsString(body.getValue().path("value"));
    }

    /** The body with {@code .0} behind each of its integers. */
    private static String asDecimals(Map.Entry<String, JsonNode> body) {
        return text(body).replaceAll(":(\\d+)(?=[,}])", ":$1.0");
    }

    private static List<JsonNode> withoutTexts(HttpResponse<String> answer) {
        return body(answer).at("/data/attributes").values().stream()
                .filter(value -> !value.isString())
                .toList();
    }

    @Test
    void nameOfAsManyCodePointsAsCharactersHave_isWithinItsSchema() {
        var create = operation("createCustomer");
        var request = JSON.createObjectNode();
        request.putObject("body")
                .putObject("data")
                .put("type", "customers")
                .putObject("attributes")
                .put("name", "e\u0301\u0323".repeat(255) + "\u0323".repeat(250));
        assertValid(create.bodySchema(), request.path("body"), false);
        var answer = exchange(create, request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertDocumented(create, answer, request);
    }

    /** Refused requests first: that nothing of them was stored is seen in those that come after. DELETE comes last. */
    @TestFactory
    Stream<DynamicContainer> answers_areAsTheirExamplesShow() {
        var byStatus = operations()
                .flatMap(operation ->
                        operation.responses().flatMap(found -> examples(operation, found.getKey(), found.getValue())))
                .sorted(Comparator.comparingInt((Example example) ->
                        example.status().equals("204") ? 2 : example.status().compareTo("400") < 0 ? 1 : 0))
                .collect(Collectors.groupingBy(
                        Example::status, LinkedHashMap<String, List<Example>>::new, Collectors.toList()));
        return byStatus.entrySet().stream()
                .map(entry -> dynamicContainer(
                        entry.getKey(),
                        entry.getValue().stream()
                                .map(example -> dynamicTest(example.title(), () -> checkAnswer(example)))));
    }

    private static void checkAnswer(Example example) {
        var content = example.operation().response(Integer.parseInt(example.status()));
        example.value().ifPresent(value -> assertValid(schema(content), value, false));
        if (example.request().isMissingNode()) {
            return;
        }
        var answer = exchange(example.operation(), example.request());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(example.status()));
        assertDocumented(example.operation(), answer, example.request());
        example.value()
                .ifPresent(
                        value -> assertThat(comparable(body(answer), example)).isEqualTo(comparable(value, example)));
    }

    /** A document with this server's address, and without what differs from answer to answer. */
    private static JsonNode comparable(JsonNode document, Example example) {
        var copy = JSON.readTree(JSON.writeValueAsString(document)
                .replace(EXAMPLE_HOST, server.url())
                // what a style sheet is called changes with it
                .replaceAll("\\?v=[0-9a-f]{12}", ""));
        var volatiles = resolved(content(example.operation().response(Integer.parseInt(example.status())))
                        .path("examples")
                        .path(example.name()))
                .path("x-volatile");
        for (var place : volatiles.values()) {
            var pointer = JsonPointer.compile(place.asString());
            assertThat(copy.at(pointer).isMissingNode()).as("%s", pointer).isFalse();
            ((ObjectNode) copy.at(pointer.head())).put(pointer.last().getMatchingProperty(), "differs");
        }
        return copy;
    }

    @Test
    void docs_areServedAndAskNoOtherHost() {
        var page = get("/docs");
        var policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertThat(policy).contains("default-src 'self'").doesNotContain("http").doesNotContain("script-src");
        assertThat(page.body())
                .contains("<html lang=\"en\">")
                .contains("<title>Seatline Operator API</title>")
                .contains("width=device-width")
                .doesNotContain("<style")
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContainPattern("\\s(style|on\\w+)=");
        var addresses = Pattern.compile("\\s(?:src|href)=\"([^\"]*)\"")
                .matcher(page.body())
                .results()
                .map(address -> address.group(1))
                .toList();
        assertThat(addresses).contains("docs/initializer.js", "openapi.yaml").allSatisfy(address -> {
            assertThat(address).matches("[a-z].*").doesNotContain(":");
            var asset = get("/" + address);
            if (address.endsWith(".css")) {
                assertThat(asset.body()).doesNotContain("@import").doesNotContainPattern("url\\((?!['\"]?data:)");
            }
            assertThat(asset.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type)
                            .startsWith(
                                    switch (address.replaceFirst(".*\\.", "")) {
                                        case "css" -> "text/css";
                                        case "js" -> "text/javascript";
                                        case "png" -> "image/png";
                                        default -> "application/yaml";
                                    }));
        });
        var initializer = get("/docs/initializer.js").body();
        assertThat(initializer)
                .contains("url: 'openapi.yaml'", "validatorUrl: null", "layout: 'BaseLayout'")
                .doesNotContainPattern("(https?:)?//[A-Za-z]");
        assertThat(new YAMLMapper().readTree(get("/openapi.yaml").body())).isEqualTo(api);
        assertThat(api.path("servers").findValuesAsString("url"))
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url).startsWith("/"));
        assertThat(api.findValuesAsString("$ref"))
                .allSatisfy(reference -> assertThat(reference).startsWith("#/"));
        assertThat(api.findValue("externalValue")).isNull();
    }

    private static HttpResponse<String> get(String address) {
        var answer = send("GET", URI.create(server.url() + address));
        assertThat(answer.statusCode()).as(address).isEqualTo(200);
        return answer;
    }

    // The document

    private static Stream<Operation> operations() {
        return api.path("paths").properties().stream()
                .flatMap(path -> METHODS.stream().filter(path.getValue()::has).map(method -> {
                    var node = path.getValue().path(method);
                    var parameters = Stream.of(path.getValue(), node)
                            .flatMap(owner -> owner.path("parameters").values().stream())
                            .map(OpenApiTest::resolved)
                            .toList();
                    return new Operation(path.getKey(), method.toUpperCase(Locale.ROOT), node, parameters);
                }));
    }

    private static Operation operation(String id) {
        return operations()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? api.at(node.path("$ref").asString().substring(1)) : node;
    }

    /** The one kind of content that a response has, if any. */
    private static JsonNode content(JsonNode response) {
        var contents = response.path("content").properties();
        return contents.isEmpty()
                ? JSON.missingNode()
                : contents.iterator().next().getValue();
    }

    private static JsonNode schema(JsonNode response) {
        return content(response).path("schema");
    }

    private static Stream<Example> examples(Operation operation, String status, JsonNode response) {
        if (!response.has("content")) {
            return Stream.of(new Example(operation, status, "", response.path("x-request"), Optional.empty()));
        }
        return content(response).path("examples").properties().stream().map(entry -> {
            var example = resolved(entry.getValue());
            return new Example(
                    operation, status, entry.getKey(), example.path("x-request"), Optional.of(example.path("value")));
        });
    }

    // What is sent

    /** Sends what {@code request}, an {@code x-request}, says, and undoes what that changed. */
    private static HttpResponse<String> exchange(Operation operation, JsonNode request) {
        var path = operation.pathWith(request.path("path"));
        var before = operation.method().equals("PATCH")
                ? Optional.of(send("GET", uri(path + "?" + changeableFields(operation))))
                : Optional.<HttpResponse<String>>empty();
        var answer = server.sendTo(
                address(operation, request), operation.method(), body(operation, request), headers(request));
        if (answer.statusCode() == 200 && before.isPresent()) {
            restore(path, before.get());
        }
        if (answer.statusCode() == 201) {
            answer.headers()
                    .firstValue("Location")
                    .ifPresent(created -> assertThat(
                                    send("DELETE", URI.create(created)).statusCode())
                            .isEqualTo(204));
        }
        return answer;
    }

    /** The parameter that has all shown that a PATCH may change. */
    private static String changeableFields(Operation operation) {
        var data = resolved(operation.bodySchema()).at("/properties/data/properties");
        return "fields%5B" + data.at("/type/const").asString() + "%5D="
                + String.join(",", data.at("/attributes/properties").propertyNames());
    }

    private static void restore(String path, HttpResponse<String> before) {
        var restored = server.sendTo(uri(path), "PATCH", JSON.writeValueAsString(body(before)));
        assertThat(restored.statusCode()).as(restored.body()).isEqualTo(200);
    }

    private static URI address(Operation operation, JsonNode request) {
        if (request.has("follow")) {
            var first = operation(request.at("/follow/operation").asString());
            var answer = exchange(first, JSON.createObjectNode());
            return URI.create(
                    body(answer).at(request.at("/follow/pointer").asString()).asString());
        }
        var parameters = new ArrayList<String>();
        for (var parameter : request.path("query").properties()) {
            var values = parameter.getValue().isArray() ? parameter.getValue().values() : List.of(parameter.getValue());
            for (var value : values) {
                parameters.add(URLEncoder.encode(parameter.getKey(), UTF_8) + "="
                        + URLEncoder.encode(value.asString(), UTF_8));
            }
        }
        return uri(operation.pathWith(request.path("path"))
                + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters)));
    }

    /** Names and values in turn, as the server's client takes them: an empty value leaves the header out. */
    private static String[] headers(JsonNode request) {
        return request.path("headers").properties().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue().asString("")))
                .toArray(String[]::new);
    }

    private static @Nullable String body(Operation operation, JsonNode request) {
        if (request.has("bytes")) {
            return " ".repeat(request.path("bytes").asInt());
        }
        if (request.has("text")) {
            return request.path("text").asString();
        }
        if (request.has("body")) {
            return JSON.writeValueAsString(request.path("body"));
        }
        var examples = operation.bodyExamples();
        if (examples.isMissingNode()) {
            return null;
        }
        var example = request.has("example")
                ? examples.path(request.path("example").asString())
                : examples.iterator().next();
        assertThat(example.has("value")).isTrue();
        return JSON.writeValueAsString(example.path("value"));
    }

    private static URI uri(String path) {
        return URI.create(server.url() + api.at("/servers/0/url").asString() + path);
    }

    private static HttpResponse<String> send(String method, URI uri) {
        return server.sendTo(uri, method, null);
    }

    // What is answered

    private static JsonNode body(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith(JSON_API)
                ? JSON.readTree(answer.body())
                : JSON.getNodeFactory().stringNode(answer.body());
    }

    /** That the answer has the headers, the kind of content and the structure that the document says. */
    private static void assertDocumented(Operation operation, HttpResponse<String> answer, JsonNode request) {
        var response = operation.response(answer.statusCode());
        assertThat(response.has("description"))
                .as("%d is documented", answer.statusCode())
                .isTrue();
        for (var header : response.path("headers").properties()) {
            var schema = resolved(header.getValue()).path("schema");
            var value = answer.headers().firstValue(header.getKey());
            assertThat(value).as(header.getKey()).isPresent();
            assertValid(schema, JSON.getNodeFactory().stringNode(value.orElseThrow()), false);
        }
        if (!response.has("content")) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        assertThat(answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", ""))
                .isEqualTo(response.path("content").propertyNames().iterator().next());
        var sparse = request.path("query")
                .propertyStream()
                .anyMatch(parameter -> parameter.getKey().startsWith("fields["));
        assertValid(schema(response), body(answer), !sparse);
    }

    /**
     * That a value is as the document's schema says.
     *
     * @param whole whether no fields were chosen, so that the schemas for chosen ones don't count
     */
    private static void assertValid(JsonNode schema, JsonNode value, boolean whole) {
        var errors = SCHEMAS.computeIfAbsent(new Wanted(schema, whole), OpenApiTest::compiled)
                .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        assertThat(errors).as("%s", value).isEmpty();
    }

    private static Schema compiled(Wanted wanted) {
        var root = JSON.createObjectNode();
        root.putArray("allOf").add(wanted.schema());
        root.set("components", api.path("components").deepCopy());
        if (wanted.whole()) {
            for (var choice : root.findValues("anyOf")) {
                var alternatives = choice.values().iterator();
                while (alternatives.hasNext()) {
                    if (alternatives.next().path("$ref").asString().contains("/Sparse")) {
                        alternatives.remove();
                    }
                }
            }
        }
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(root);
    }
}
