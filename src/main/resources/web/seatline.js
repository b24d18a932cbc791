// What the pages do in the browser beside htmx. Every page works without it; with it times are local and values can be copied.
(() => {
  'use strict';
  const toast = document.getElementById('toast');
  let fading;

  function say(text) {
    if (!toast) return;
    toast.textContent = text;
    clearTimeout(fading);
    fading = setTimeout(() => {
      toast.textContent = '';
    }, 4000);
  }

  function localTimes(root) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    root.querySelectorAll('time[datetime]').forEach((time) => {
      time.textContent = format.format(new Date(time.dateTime));
    });
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text.trim());
    } catch {
      // without TLS there is no clipboard: select it, so that the person can copy it
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      return;
    }
    say(button.dataset.copied);
  }

  const openMenu = () => document.querySelector('.menu[open]');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-copy]');
    if (button) copy(button);
    if (event.target.closest('[aria-disabled=true]')) event.preventDefault();
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    const menu = openMenu();
    if (event.key !== 'Escape' || !menu) return;
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
    menu.open = false;
  });
  // Leaving a select changes the list at once where there is a script; without one there is the button.
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submits]')) event.target.form.requestSubmit();
  });
  document.addEventListener('htmx:load', (event) => localTimes(event.detail.elt));
  document.addEventListener('htmx:sseMessage', () => localTimes(document));
  document.addEventListener('htmx:responseError', (event) => {
    // a session that has ended shows its page
    if ([401, 403, 409, 410].includes(event.detail.xhr.status)) location.reload();
    else say(document.body.dataset.failed);
  });
  document.addEventListener('htmx:sendError', () => say(document.body.dataset.failed));
  // A browser has six connections to a server that speaks HTTP/1.1, and each page that listens holds one: a page that nobody sees lets go of
  // it, and listens again when it is looked at. The server then says how everything is.
  function listen(url) {
    const listeners = new Map();
    let source = null;
    let closed = false;
    const shown = {
      get readyState() {
        return closed ? EventSource.CLOSED : (source?.readyState ?? EventSource.CONNECTING);
      },
      addEventListener(name, listener) {
        listeners.set(listener, name);
        source?.addEventListener(name, listener);
      },
      removeEventListener(name, listener) {
        listeners.delete(listener);
        source?.removeEventListener(name, listener);
      },
      close() {
        closed = true;
        source?.close();
        document.removeEventListener('visibilitychange', turn);
      },
    };
    function turn() {
      if (document.hidden) {
        source?.close();
        source = null;
      } else if (!source) {
        source = new EventSource(url);
        source.onopen = (event) => shown.onopen?.(event);
        source.onerror = (event) => shown.onerror?.(event);
        listeners.forEach((name, listener) => source.addEventListener(name, listener));
      }
    }
    document.addEventListener('visibilitychange', turn);
    turn();
    return shown;
  }
  if (window.htmx) {
    htmx.createEventSource = listen;
    // What comes into the page listens at once: else nobody would hear what is typed in its first moments.
    htmx.config.defaultSettleDelay = 0;
  }

  // A page that listens and is refused: perhaps its session has ended. A broken line is not that, and mends itself.
  document.addEventListener('htmx:sseError', async (event) => {
    if (event.detail.source.readyState !== EventSource.CLOSED) return;
    const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null);
    if (answer?.status === 401) location.reload();
  });
  document.addEventListener('htmx:configRequest', (event) => {
    event.detail.headers['X-Session'] = document.body.dataset.session ?? '';
  });

  // A form's buttons send all of it, and get all of it back. What was typed meanwhile would be lost: such an answer is dropped, and the
  // button pressed again.
  const typedIn = (form) => new URLSearchParams(new FormData(form)).toString();
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    if (detail.target.matches('form')) detail.typed = typedIn(detail.target);
  });
  document.addEventListener('htmx:beforeSwap', ({ detail }) => {
    const { elt, typed } = detail.requestConfig;
    const form = detail.target;
    if (!detail.shouldSwap || typed === undefined || typed === typedIn(form)) return;
    detail.shouldSwap = false;
    // when this request is done with; found by its name, since the message that it stood in may have been replaced
    setTimeout(() => [...form.elements].find((other) => other.name === elt.name && other.value === elt.value)?.click());
  });
  // An answer says where the focus goes when it takes the pressed button away. Who has gone on to another place stays there.
  document.addEventListener('htmx:afterSwap', ({ target }) => {
    if (document.activeElement === document.body) return;
    target.querySelectorAll('[autofocus]').forEach((place) => place.removeAttribute('autofocus'));
  });
  // A list's headings and pages go with what the search says by now: the list may be that of an earlier text.
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    if (!detail.boosted) return;
    const address = new URL(detail.path, location.href);
    for (const { name, type, value } of document.getElementById('search').elements) {
      if (name && type !== 'hidden') address.searchParams.set(name, value);
    }
    detail.path = address.pathname + address.search;
  });
  // A button that is being pressed stays until it is let go, or the press would be lost; then what is new is asked for again.
  document.addEventListener('htmx:beforeSwap', ({ detail }) => {
    if (!detail.target.matches('[data-refreshes]:active, #submit:active')) return;
    detail.shouldSwap = false;
    setTimeout(() => detail.requestConfig.elt.dispatchEvent(new Event('refresh')), 500);
  });
  // What changes by itself is asked for again, but not for a tab that nobody sees.
  setInterval(() => {
    if (!document.hidden) document.querySelectorAll('[data-refreshes]').forEach((part) => part.dispatchEvent(new Event('refresh')));
  }, 2000);
  localTimes(document);
})();
