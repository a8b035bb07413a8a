// Every kind of event, button and field is told apart by its `type`, and what nobody knows yet comes out last.

import type {
  Button, ChatEvent, ErrorCode, FilledField, FormField, RichMessageTemplate, SystemMessageType, Thumbnail, UnknownWord,
} from "palaver";

export function eventText(event: ChatEvent): string {
  switch (event.type) {
    case "message":
      return event.text + (event.postback?.value ?? "") + (event.properties.chats?.formatting ?? "");
    case "file": {
      const preview: Thumbnail | undefined = event.thumbnails?.default;
      const isImage: boolean = event.width !== undefined && event.contentType.startsWith("image/");
      return [event.url, event.name, event.size, preview?.url, isImage, event.alternativeText].join();
    }
    case "rich_message": {
      const template: RichMessageTemplate = event.template;
      return template + event.elements.flatMap(({ buttons }) => (buttons ?? []).map(buttonText)).join();
    }
    case "form":
      return event.formId + (event.formType ?? "") + event.fields.map(question).join();
    case "filled_form":
      return event.formId + event.fields.map(answer).join();
    case "custom":
      return JSON.stringify(event.content ?? null);
    case "system_message": {
      const type: SystemMessageType = event.systemMessageType;
      return type === "routing.assigned" ? `${event.textVars?.["agent"]} is here` : (event.text ?? type);
    }
    case "system":
      return event.source === "messaging" && event.subtype === "summary" && event.version === 1 ? event.details : "";
    case "annotation":
      return event.annotationType + (event.text ?? "") + (event.order ?? 0) + (event.timestamp ?? 0);
    default: {
      const word: UnknownWord = event.type;
      const text: string = event.type;
      return word.toUpperCase() + text + String(event["anything"]);
    }
  }
}

export function buttonText(button: Button): string {
  const common: string = button.text + button.postbackId + button.userIds.length + button.role;
  switch (button.type) {
    case "message":
    case "phone":
      return common + button.value.length;
    case "url":
      return common + button.value + (button.target === "new");
    case "webview":
      return common + button.value + (button.webviewHeight === "tall");
    case "cancel":
    case undefined:
      return common;
    default:
      return common + button.type.length;
  }
}

export function question(field: FormField): string {
  switch (field.type) {
    case "header":
      return field.label;
    case "name":
    case "email":
    case "question":
    case "textarea":
    case "subject":
      return field.id + field.required;
    case "radio":
    case "select":
    case "checkbox":
      return field.options.map(({ id, label, checked }) => id + label + (checked ?? false)).join();
    case "checkbox_for_email":
      return String(field.checked);
    case "group_chooser":
      return field.options.map(({ groupId }) => groupId.toFixed()).join();
    case "rating":
      return field.commentLabel ?? "";
    default:
      return field.type.toUpperCase() + (field.options?.length ?? 0);
  }
}

export function answer(field: FilledField): string | boolean {
  switch (field.type) {
    case "name":
    case "email":
    case "question":
    case "textarea":
    case "subject":
      return field.answer ?? "";
    case "radio":
    case "select":
      return field.answer?.label ?? "";
    case "checkbox":
      return (field.answers ?? []).map(({ label }) => label).join();
    case "checkbox_for_email":
      return field.answer ?? false;
    case "group_chooser":
      return (field.answer?.groupId ?? 0).toFixed();
    case "text":
    case "title":
    case "information":
      return field.name + (field.value ?? "");
    default:
      return JSON.stringify(field.answer ?? field.answers ?? null);
  }
}

// Open words take what is still to be invented.
export const words: [SystemMessageType, ErrorCode, RichMessageTemplate] = ["invented", "INVENTED", "invented"];
