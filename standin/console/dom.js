// Elements. Everything shown is set as text; nothing that arrives becomes markup.

export const byId = (id) => document.getElementById(id);

/** Makes an element. `on*` keys are listeners, `true` and `false` set and leave out an attribute. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** An address that may be opened or loaded, or `null`. */
export function web(address) {
  try {
    const url = new URL(address, location.href);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** `{"a": {"b": 1}}` as `a.b: 1`, a line each. */
export function facts(properties) {
  return Object.entries(properties ?? {}).flatMap(([space, values]) =>
    Object.entries(values ?? {}).map(([name, value]) => [`${space}.${name}`, String(value)]),
  );
}
