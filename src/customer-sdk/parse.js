// For applications that read the platform's own JSON, e.g. from a webhook or the Web API: LiveChat's shapes of it, with
// the fields that LiveChat's package gives and no others. What is of an unknown type or template becomes `null`.

/** `{ [key]: value }`, or nothing if there is no value. */
const optional = (key, value) => (value ? { [key]: value } : {});

const common = (threadId, event) => ({
  id: event.id,
  authorId: event.author_id,
  createdAt: event.created_at,
  threadId,
  properties: event.properties || {},
  ...(event.custom_id !== undefined && { customId: event.custom_id }),
});

/** The size of an image whose longer side may be `max`. */
const thumbnail = (url, { width, height }, max) => {
  const longer = Math.max(width, height);
  const side = (length) => (length === longer ? Math.min(max, length) : Math.min((length * max) / longer, length));
  return { url, width: Math.ceil(side(width)), height: Math.ceil(side(height)) };
};

export const parseFile = (threadId, file) => {
  const parsed = {
    ...common(threadId, file),
    type: "file",
    contentType: file.content_type,
    url: file.url,
    name: file.name,
  };
  if (file.width === undefined || file.height === undefined) return parsed;
  return {
    ...parsed,
    width: file.width,
    height: file.height,
    thumbnails: {
      default: thumbnail(file.thumbnail_url, file, 300),
      high: thumbnail(file.thumbnail2x_url, file, 600),
    },
    ...optional("alternativeText", file.alternative_text),
  };
};

const form = (threadId, event) => ({
  ...common(threadId, event),
  authorId: "system",
  type: "form",
  formId: event.form_id,
  fields: event.fields,
});

const withGroupId = ({ group_id: groupId, ...rest }) => ({ ...rest, groupId });

export const parseFilledForm = (threadId, event) => ({
  ...common(threadId, event),
  type: "filled_form",
  formId: event.form_id,
  fields: (event.fields ?? []).map((field) =>
    field.type === "group_chooser" && field.answer ? { ...field, answer: withGroupId(field.answer) } : field,
  ),
});

export const parseMessage = (threadId, event) => ({ ...common(threadId, event), type: "message", text: event.text });

export const parseCustomEvent = (threadId, event) => ({
  ...common(threadId, event),
  type: "custom",
  ...optional("content", event.content),
});

const BUTTONS_WITH_VALUE = ["message", "phone", "url", "webview"];

const button = ({ type, text, postback_id: postbackId, user_ids: userIds, value, role, target, webview_height }) => ({
  ...((type === "cancel" || BUTTONS_WITH_VALUE.includes(type)) && { type }),
  text,
  postbackId,
  userIds,
  ...(BUTTONS_WITH_VALUE.includes(type) && { value }),
  role: role || "default",
  ...(type === "url" && optional("target", target)),
  ...(type === "webview" && typeof webview_height === "string" && { webviewHeight: webview_height }),
});

const element = ({ title, subtitle, image, buttons }) => ({
  ...(typeof title === "string" && { title }),
  ...(typeof subtitle === "string" && { subtitle }),
  ...(image && {
    image: { url: image.url, name: image.name, ...optional("alternativeText", image.alternative_text) },
  }),
  ...(buttons && { buttons: buttons.map(button) }),
});

export const parseRichMessage = (threadId, event) =>
  ["cards", "quick_replies", "sticker"].includes(event.template_id)
    ? {
        ...common(threadId, event),
        type: "rich_message",
        template: event.template_id,
        elements: (event.elements ?? []).map(element),
      }
    : null;

export const parseSystemMessage = (threadId, event) => ({
  ...common(threadId, event),
  authorId: "system",
  type: "system_message",
  text: event.text,
  systemMessageType: event.system_message_type,
  ...optional("textVars", event.text_vars),
});

const BY_TYPE = new Map([
  ["custom", parseCustomEvent],
  ["file", parseFile],
  ["filled_form", parseFilledForm],
  ["form", form],
  ["message", parseMessage],
  ["rich_message", parseRichMessage],
  ["system_message", parseSystemMessage],
]);

export const parseEvent = (threadId, event) => BY_TYPE.get(event.type)?.(threadId, event) ?? null;

export const parseGreeting = ({ agent, ...greeting }) => ({
  id: greeting.id,
  addon: greeting.addon || null,
  uniqueId: greeting.unique_id,
  displayedFirstTime: greeting.displayed_first_time,
  accepted: greeting.accepted || false,
  subtype: greeting.subtype || "greeting",
  // A greeting is shown before there is a thread.
  event: parseEvent(null, greeting.event),
  agent: {
    id: agent.id,
    name: agent.name,
    avatar: agent.avatar,
    jobTitle: agent.job_title,
    isBot: agent.is_bot || false,
  },
});

const field = (given) => {
  if (given.type === "group_chooser") return { ...given, options: (given.options ?? []).map(withGroupId) };
  if (given.type !== "rating") return given;
  const { comment_label: commentLabel, ...rest } = given;
  return { ...rest, commentLabel };
};

/** The form of a `get_form` reply. The fields of ticket forms have no ids: their places serve. */
export const parseForm = ({ id, fields = [] }) => {
  const needsIds = fields.length > 0 && !("id" in fields[0]);
  return { id, fields: fields.map((given, index) => field(needsIds ? { ...given, id: String(index) } : given)) };
};
