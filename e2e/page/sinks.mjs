// Watches the doors by which a text could become more than a text.

/** Runs in the page before its own scripts: notes in `globalThis.sunk` what goes into a sink, and in `opened` windows. */
export function watchSinks() {
  globalThis.sunk = [];
  globalThis.opened = [];
  const note = (sink, what) => globalThis.sunk.push(`${sink}: ${String(what).slice(0, 80)}`);
  const property = (owner, name) => {
    const found = Object.getOwnPropertyDescriptor(owner.prototype, name);
    const set = function (value) {
      note(name, value);
      found.set.call(this, value);
    };
    Object.defineProperty(owner.prototype, name, { ...found, set });
  };
  const method = (owner, name, isMeant = () => true) => {
    const own = owner[name];
    if (!own) return;
    owner[name] = function (...given) {
      if (isMeant(...given)) note(name, given.join(", "));
      return own.apply(this, given);
    };
  };
  for (const name of ["innerHTML", "outerHTML"]) property(Element, name);
  property(ShadowRoot, "innerHTML");
  property(HTMLIFrameElement, "srcdoc");
  for (const name of ["text", "src"]) property(HTMLScriptElement, name);
  for (const name of ["insertAdjacentHTML", "setHTMLUnsafe", "setHTML"]) method(Element.prototype, name);
  for (const name of ["write", "writeln", "execCommand"]) method(Document.prototype, name);
  for (const name of ["parseHTMLUnsafe", "parseHTML"]) method(Document, name);
  method(Range.prototype, "createContextualFragment");
  method(DOMParser.prototype, "parseFromString");
  for (const name of ["setTimeout", "setInterval"]) method(globalThis, name, (work) => typeof work !== "function");
  // Not `eval`: the browser driver uses it, and for the page the policy forbids it.
  for (const name of ["Function", "alert", "Worker", "SharedWorker"]) {
    const own = globalThis[name];
    globalThis[name] = new Proxy(own, {
      apply: (_, self, given) => (note(name, given), Reflect.apply(own, self, given)),
      construct: (_, given) => (note(name, given), Reflect.construct(own, given)),
    });
  }
  const refused = /^(?:script|iframe|frame|object|embed|base|link|meta|style|template|marquee|math)$/i;
  method(Document.prototype, "createElement", (name) => refused.test(name));
  method(Element.prototype, "setAttribute", (name) => /^on|^(?:srcdoc|style|formaction)$/i.test(name));
  globalThis.open = (address) => void globalThis.opened.push(String(address));
}
