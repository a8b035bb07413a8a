// The errors that the layer makes by itself; all others are the core's.

import { ChatError } from "../js/index.js";

export const wrong = (argument, expected) =>
  new ChatError("VALIDATION", `\`${argument}\` must be ${expected}`, false, { argument, expected });

export const destroyed = () => new ChatError("SDK_DESTROYED", "destroy() was called");
