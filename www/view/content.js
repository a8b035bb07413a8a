// What stands in a bubble, for each type of event.

import { cleanName } from "../model/text.js";
import { unknownWords } from "../model/words.js";
import { h } from "./dom.js";
import { file } from "./file.js";
import { answersView, formView } from "./form.js";
import { rich } from "./rich.js";
import { markdownParts, textParts } from "./text.js";

/**
 * @param {object} row of `layOut`
 * @param {object} context  what `rich` takes as well
 * @param {(event: object, fields: object[]) => void} context.answer
 * @param {(customId: string) => void} context.discard
 * @returns {Node[]}
 */
export function content(row, context) {
  const parts = known(row, context);
  return parts.length > 0 ? parts : [h("em", { class: "quiet" }, unknownWords(row.event))];
}

function known(row, context) {
  const { event } = row;
  switch (event.type) {
    case "message":
      return event.properties?.chats?.formatting === "commonmark" ? markdownParts(event.text) : textParts(event.text);
    case "file":
      return file(row, context);
    case "rich_message":
      return rich(row, context);
    case "form":
      return form(row, context);
    case "filled_form":
      return answersView(event.fields);
    default:
      return [];
  }
}

function form({ event, answered }, { answer }) {
  if (answered) return [h("em", { class: "quiet" }, "Thank you for your answers.")];
  if (!Array.isArray(event.fields) || event.fields.length === 0) return [];
  const title = cleanName({ ask_for_email: "May we write to you?" }[event.formType], "A few questions");
  return [
    h("strong", { class: "rich-title" }, title),
    formView({ fields: event.fields, label: "Send answers", onSubmit: (fields) => answer(event, fields) }),
  ];
}
