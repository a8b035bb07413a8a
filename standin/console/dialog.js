// One dialog for everything an agent can do that takes more than a click.

import { byId, h } from "./dom.js";

/**
 * @param {object} about
 * @param {string} about.title
 * @param {{ name: string, label: string, kind?: "text" | "number" | "json" | "long" | "choice", value?: any, options?: [any, string][], optional?: boolean }[]} about.fields
 * @param {string} [about.button]
 * @param {(values: object) => void} about.send
 */
export function ask({ title, fields, button = "Send", send }) {
  const dialog = byId("dialog");
  const problem = h("p", { class: "problem", role: "alert" });
  const controls = fields.map((field) => [field, control(field)]);
  const submit = (event) => {
    event.preventDefault();
    const values = {};
    for (const [{ name, label, kind, optional, options }, element] of controls) {
      const text = element.value.trim();
      if (text === "" && optional) continue;
      try {
        values[name] =
          kind === "json"
            ? JSON.parse(text)
            : kind === "number"
              ? Number(text)
              : kind === "choice"
                ? options[Number(text)][0]
                : text;
      } catch (error) {
        problem.textContent = `${label}: ${error.message}`;
        return element.focus();
      }
    }
    dialog.close();
    send(values);
  };
  dialog.replaceChildren(
    h("h2", { id: "dialog-title" }, title),
    h(
      "form",
      { class: "ask", onsubmit: submit },
      ...controls.map(([{ label }, element]) => h("label", {}, h("span", {}, label), element)),
      problem,
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        h("button", { type: "submit", class: "main" }, button),
      ),
    ),
  );
  dialog.showModal();
  // Long texts are read from their beginning.
  for (const [, element] of controls) if (element.localName === "textarea") element.setSelectionRange(0, 0);
}

function control({ kind = "text", value = "", options = [], optional = false }) {
  const required = !optional;
  if (kind === "json")
    return filled(
      h("textarea", { rows: 14, spellcheck: "false", class: "code", required }),
      JSON.stringify(value, null, 2),
    );
  if (kind === "long") return filled(h("textarea", { rows: 3, required }), value);
  if (kind === "choice")
    return h("select", {}, ...options.map(([, label], index) => h("option", { value: index }, label)));
  return filled(h("input", { type: kind, required }), value);
}

function filled(element, value) {
  element.value = value;
  return element;
}
