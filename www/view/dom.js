// Elements without a framework: `h("p", { class: "hint" }, "text", child)`. Strings become text nodes, never HTML.

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

/** An icon out of one path, hidden from screen readers; its button carries the label. */
export function icon(path, size = 24) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    "aria-hidden": "true",
  })) {
    svg.setAttribute(key, value);
  }
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  chat: "M12 3C6.5 3 2 6.8 2 11.5c0 2.6 1.4 4.9 3.6 6.4-.1 1-.5 2.2-1.4 3.3 1.9-.2 3.6-.9 4.9-1.7.9.2 1.9.4 2.9.4 5.5 0 10-3.8 10-8.5S17.5 3 12 3z",
  close: "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12 19 6.4 17.6 5 12 10.6z",
  more: "M12 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  send: "M3 20.5v-6.5l9-2-9-2V3.5L22 12z",
  back: "M15.5 19 8.5 12l7-7 1.4 1.4L11.3 12l5.6 5.6z",
  next: "m8.5 5 7 7-7 7-1.4-1.4 5.6-5.6-5.6-5.6z",
  clip: "M7.5 18A5.5 5.5 0 0 1 2 12.5 5.5 5.5 0 0 1 7.5 7H17.5a4 4 0 0 1 0 8H9a2.5 2.5 0 0 1 0-5h8v1.8H9a.7.7 0 0 0 0 1.4h8.5a2.2 2.2 0 0 0 0-4.4H7.5a3.7 3.7 0 0 0 0 7.4H17V18z",
  clock:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 3v5.6l4.2 2.5 1-1.7-3.2-1.9V7z",
  file: "M6 2h8l5 5v15H6zm7 1.8V8h4.2zM8 4v16h9V10h-6V4z",
  good: "M2 10h4v11H2zm6 10.5V9.5L13 2l1.5.8c.6.4.8 1 .7 1.7L14.5 8H20a2 2 0 0 1 2 2.4l-1.5 8A3 3 0 0 1 17.5 21H11z",
  bad: "M22 14h-4V3h4zm-6-10.5v11L11 22l-1.5-.8a1.7 1.7 0 0 1-.7-1.7l.7-3.5H4a2 2 0 0 1-2-2.4l1.5-8A3 3 0 0 1 6.5 3H13z",
  down: "M12 16.5 4.5 9l1.4-1.4L12 13.7l6.1-6.1L19.5 9z",
};

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function toggle(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** Makes `parts` the children of `element`, moving nothing that is in its place: focus and scrolling stay. */
export function arrange(element, parts) {
  const kept = new Set(parts);
  for (const child of [...element.childNodes]) if (!kept.has(child)) child.remove();
  let next = element.firstChild;
  for (const part of parts) {
    if (part === next) next = next.nextSibling;
    else element.insertBefore(part, next);
  }
}
