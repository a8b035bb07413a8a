// `palaver/customer-sdk`: what `@livechat/customer-sdk` 4 exports, over this package's core.

import { refusing } from "./errors.js";
import * as parse from "./parse.js";

export * from "./constants.js";
export { debug } from "./debug.js";
export { init } from "./init.js";

export const parseCustomEvent = refusing("event", parse.parseCustomEvent);
export const parseEvent = refusing("event", parse.parseEvent);
export const parseFile = refusing("event", parse.parseFile);
export const parseFilledForm = refusing("event", parse.parseFilledForm);
export const parseForm = refusing("form", parse.parseForm);
export const parseGreeting = refusing("greeting", parse.parseGreeting);
export const parseMessage = refusing("event", parse.parseMessage);
export const parseRichMessage = refusing("event", parse.parseRichMessage);
export const parseSystemMessage = refusing("event", parse.parseSystemMessage);
