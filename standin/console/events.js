// What an event looks like to an agent: every type is shown in full, and none of it does anything.

import { h, web } from "./dom.js";

/** One line for the list of chats. */
export function line(event) {
  if (!event) return "";
  return (
    event.text ??
    {
      file: `sent ${event.name ?? "a file"}`,
      rich_message: "sent a rich message",
      form: "sent a form",
      filled_form: "filled a form",
    }[event.type] ??
    event.type
  );
}

/** What nobody in particular said, in one line. */
export const systemLine = (event) =>
  event.text ?? event.system_message_type ?? (event.subtype ? `${event.source} · ${event.subtype}` : event.type);

/** @returns {Node[]} */
export function body(event) {
  switch (event.type) {
    case "message":
      return [
        String(event.text ?? ""),
        event.postback && h("p", { class: "aside" }, `answers button ${event.postback.id}`),
      ].filter(Boolean);
    case "file":
      return file(event);
    case "rich_message":
      return [h("p", { class: "aside" }, event.template_id), ...list(event.elements).map(card)];
    case "form":
      return [
        h("p", { class: "aside" }, `form ${event.form_type ?? event.form_id ?? ""}`),
        ...list(event.fields).map((field) => h("p", {}, `${field.label ?? field.type}${field.required ? " *" : ""}`)),
      ];
    case "filled_form":
      return [
        h(
          "dl",
          {},
          ...list(event.fields).flatMap((field) => [
            h("dt", {}, String(field.label ?? field.type)),
            h("dd", {}, answer(field)),
          ]),
        ),
      ];
    default:
      return [h("p", { class: "aside" }, event.type), h("pre", {}, JSON.stringify(rest(event), null, 1))];
  }
}

function file(event) {
  const url = web(event.url);
  const name = String(event.name ?? "file");
  const picture = /^image\//.test(event.content_type ?? "") && own(event.thumbnail_url ?? event.url);
  const size = Number.isFinite(event.size) && ` · ${Math.ceil(event.size / 1024)} KB`;
  return [
    picture && h("img", { src: picture, alt: event.alternative_text ?? name, class: "thumb" }),
    h("p", {}, url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name) : name, size),
  ].filter(Boolean);
}

function card({ title, subtitle, image, buttons, ecommerce }) {
  const url = image && web(image.url);
  return h(
    "div",
    { class: "card" },
    url &&
      (own(url)
        ? h("img", { src: url, alt: image.alternative_text ?? "", class: "thumb" })
        : h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, `Picture at ${new URL(url).host}`)),
    title && h("strong", {}, String(title)),
    subtitle && h("span", {}, String(subtitle)),
    ecommerce &&
      h(
        "span",
        { class: "aside" },
        list(ecommerce.options)
          .map((option) => `${option.label} ${option.price ?? ""}`)
          .join(", "),
      ),
    ...list(buttons).map((button) =>
      h(
        "span",
        { class: "chip" },
        String(button.text ?? button.postback_id),
        Array.isArray(button.user_ids) && button.user_ids.length > 0 && " ✓",
      ),
    ),
  );
}

/** The address of a picture of this server; others would be told who looks. */
const own = (address) => {
  const url = web(address);
  return url && new URL(url).origin === location.origin ? url : null;
};

function answer({ answer, answers }) {
  const one = (given) => String((given && typeof given === "object" ? given.label : given) ?? "");
  return (Array.isArray(answers) ? answers.map(one).join(", ") : one(answer)) || "—";
}

function rest({ id, type, author_id, created_at, properties, recipients, ...content }) {
  return content;
}

const list = (value) => (Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : []);
