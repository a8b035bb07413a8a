// `palaver/customer-sdk`: what `@livechat/customer-sdk` 4 exports, over this package's core.

export * from "./constants.js";
export { debug } from "./debug.js";
export { init } from "./init.js";
export {
  parseCustomEvent, parseEvent, parseFile, parseFilledForm, parseForm, parseGreeting, parseMessage, parseRichMessage,
  parseSystemMessage,
} from "./parse.js";
