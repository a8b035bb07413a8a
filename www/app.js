// Joins the page to the package, as any shop would: load, init, and a window around the result.

import { Conversation } from "./conversation.js";
import { Widget } from "./widget.js";

const DEMO_ORGANIZATION = "b7eff798-f8df-4364-8059-649c35c9ed0c";
const parameters = new URLSearchParams(location.search);

const widget = new Widget(document.getElementById("chat"), document.getElementById("page"));
for (const button of document.querySelectorAll("[data-open-chat]")) button.addEventListener("click", () => widget.open());

try {
  const { default: load, init } = await import("/pkg/index.js");
  await load();
  const api = init({
    organizationId: parameters.get("org") ?? DEMO_ORGANIZATION,
    clientId: "palaver-demo-page",
    endpoints: { api: location.origin, accounts: location.origin },
    debug: parameters.has("debug"),
  });
  const chat = new Conversation(api);
  widget.attach(chat);
  // For the browser's console, and for tests.
  globalThis.palaverDemo = { api, store: chat.store, chat };
} catch (error) {
  widget.giveUp(error);
  console.warn("palaver: the chat could not be started", error);
}
