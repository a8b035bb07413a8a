// Forms of the shop: before a chat, in it, after it. And answers that were given.

import { objects } from "../model/shape.js";
import { cleanName } from "../model/text.js";
import { h } from "./dom.js";

const MAX_FIELDS = 50;
const MAX_OPTIONS = 100;
const AUTOCOMPLETE = { name: "name", email: "email" };
let forms = 0;

/**
 * @param {object} about
 * @param {object[]} about.fields
 * @param {string} about.label of the button
 * @param {(fields: object[], rating?: { score?: 0 | 1, comment?: string }) => void} about.onSubmit
 */
export function formView({ fields, label, onSubmit }) {
  const prefix = `form-${(forms += 1)}`;
  const parts = objects(fields)
    .slice(0, MAX_FIELDS)
    .map((field, index) => part(field, `${prefix}-${index}`))
    .filter(Boolean);
  const submit = (event) => {
    event.preventDefault();
    const answers = parts.map(({ read }) => read?.()).filter(Boolean);
    const rating = answers.find(({ type }) => type === "rating");
    onSubmit(
      answers.filter((answer) => answer !== rating),
      rating?.rating,
    );
  };
  return h(
    "form",
    { class: "form", onsubmit: submit },
    ...parts.map(({ element }) => element),
    h("button", { type: "submit", class: "choice primary" }, label),
  );
}

function part(field, id) {
  const { type, required } = field;
  const label = cleanName(field.label, "Answer");
  const head = { type, ...(field.id !== undefined && { id: field.id }), label: field.label };
  const options = objects(field.options).slice(0, MAX_OPTIONS);
  switch (type) {
    case "header":
      return { element: h("p", { class: "form-head" }, label) };
    case "name":
    case "email":
    case "question":
    case "subject":
      return text(
        h("input", {
          id,
          type: type === "email" ? "email" : "text",
          autocomplete: AUTOCOMPLETE[type] ?? "off",
          maxlength: 500,
          required: Boolean(required),
        }),
        label,
        head,
      );
    case "textarea":
      return text(h("textarea", { id, rows: 3, maxlength: 4000, required: Boolean(required) }), label, head);
    case "select":
    case "group_chooser":
      return select(options, { id, label, head, required });
    case "radio":
      return several(
        "radio",
        options,
        { id, label, required },
        (chosen) => chosen[0] && { ...head, answer: plainOption(chosen[0]) },
      );
    case "checkbox":
      return several(
        "checkbox",
        options,
        { id, label, required },
        (chosen) => chosen.length > 0 && { ...head, answers: chosen.map(plainOption) },
      );
    case "checkbox_for_email": {
      const box = h("input", { id, type: "checkbox", checked: field.checked === true });
      return {
        element: h("label", { class: "form-option" }, box, " ", label),
        read: () => ({ ...head, answer: box.checked }),
      };
    }
    case "rating":
      return rating(field, { id, label });
    default:
      // A kind of question that came up later cannot be asked, and must not stand in the way.
      return null;
  }
}

function text(control, label, head) {
  const read = () => control.value.trim() && { ...head, answer: control.value.trim() };
  return { element: labelled(control, label), read };
}

function labelled(control, label) {
  return h(
    "label",
    { class: "form-field" },
    h("span", {}, label, !control.required && h("small", { class: "quiet" }, " (optional)")),
    control,
  );
}

function select(options, { id, label, head, required }) {
  const control = h("select", { id, required: Boolean(required) }, h("option", { value: "" }, "Choose…"));
  options.forEach((option, index) =>
    control.append(
      h("option", { value: index, selected: option.checked === true }, cleanName(option.label, `Option ${index + 1}`)),
    ),
  );
  const read = () => {
    const option = control.value === "" ? null : options[Number(control.value)];
    if (!option) return null;
    const groupId = head.type === "group_chooser" && { groupId: option.groupId };
    return { ...head, answer: { ...plainOption(option), ...groupId } };
  };
  return { element: labelled(control, label), read };
}

function several(kind, options, { id, label, required }, answer) {
  const boxes = options.map((option, index) =>
    h("input", {
      type: kind,
      name: id,
      value: index,
      checked: option.checked === true,
      required: kind === "radio" && Boolean(required),
    }),
  );
  const chosen = () => options.filter((_, index) => boxes[index].checked);
  const check = () =>
    boxes[0]?.setCustomValidity(required && kind === "checkbox" && chosen().length === 0 ? "Choose at least one." : "");
  for (const box of boxes) box.addEventListener("change", check);
  check();
  const element = h(
    "fieldset",
    {},
    h("legend", {}, label, !required && h("small", { class: "quiet" }, " (optional)")),
    ...boxes.map((box, index) =>
      h("label", { class: "form-option" }, box, " ", cleanName(options[index].label, `Option ${index + 1}`)),
    ),
  );
  return { element, read: () => answer(chosen()) };
}

function rating(field, { id, label }) {
  const scores = [
    [1, "Good"],
    [0, "Bad"],
  ];
  const boxes = scores.map(([score]) => h("input", { type: "radio", name: id, value: score }));
  const comment = h("textarea", { id: `${id}-comment`, rows: 2, maxlength: 2000 });
  const element = h(
    "fieldset",
    {},
    h("legend", {}, label),
    ...scores.map(([, word], index) => h("label", { class: "form-option" }, boxes[index], " ", word)),
    labelled(comment, cleanName(field.commentLabel, "Tell us more")),
  );
  const read = () => {
    const score = scores.find((_, index) => boxes[index].checked)?.[0];
    const words = comment.value.trim();
    return (
      (score !== undefined || words) && {
        type: "rating",
        rating: { ...(score !== undefined && { score }), ...(words && { comment: words }) },
      }
    );
  };
  return { element, read };
}

/** What was answered, as a list of questions and answers. */
export function answersView(fields) {
  const pairs = objects(fields)
    .slice(0, MAX_FIELDS)
    .flatMap((field) => {
      const answer = answerWords(field);
      return answer ? [h("dt", {}, cleanName(field.label ?? field.name, "Answer")), h("dd", {}, answer)] : [];
    });
  return pairs.length > 0 ? [h("dl", { class: "answers" }, ...pairs)] : [];
}

/** In words; `value` is what answers were called before 3.0. */
function answerWords({ answer, answers, value }) {
  const one = (given) =>
    typeof given === "boolean"
      ? given
        ? "Yes"
        : "No"
      : String((given && typeof given === "object" ? given.label : given) ?? "");
  return Array.isArray(answers) ? answers.map(one).filter(Boolean).join(", ") : one(answer ?? value);
}

const plainOption = ({ id, label }) => ({ id, label });
