// Joins the page to the package, as any shop would: load, init, and a window around the result.

import { Conversation } from "./model/conversation.js";
import * as memory from "./view/memory.js";
import { Widget } from "./view/widget.js";

const DEMO_ORGANIZATION = "b7eff798-f8df-4364-8059-649c35c9ed0c";
const parameters = new URLSearchParams(location.search);
const groupId = parameters.has("group") ? Number(parameters.get("group")) : undefined;

const widget = new Widget(document.getElementById("chat"), document.getElementById("page"));
for (const button of document.querySelectorAll("[data-open-chat]"))
  button.addEventListener("click", () => widget.open());

try {
  // Where a bundler is at work this is "palaver".
  const { default: load, init } = await import("/pkg/index.js");
  await load();
  const api = init({
    organizationId: parameters.get("org") ?? DEMO_ORGANIZATION,
    clientId: "palaver-demo-page",
    endpoints: { api: location.origin, accounts: location.origin },
    page: { url: location.href, title: document.title },
    ...(document.referrer && { referrer: document.referrer }),
    ...(groupId !== undefined && { groupId }),
    debug: parameters.has("debug"),
  });
  // The sections of this page are its pages, to the agents.
  addEventListener("hashchange", () => api.updateCustomerPage({ url: location.href }));
  const chat = new Conversation(api, { groupId, memory });
  widget.attach(chat);
  // For the browser's console, and for tests.
  globalThis.palaverDemo = { api, store: chat.store, chat };
} catch (error) {
  widget.giveUp(error);
  console.warn("palaver: the chat could not be started", error);
}
