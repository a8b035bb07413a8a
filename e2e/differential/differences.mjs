// Where ours deliberately does something else. The migration guide has the same table; each row is shown to be true.

import { calls } from "./differences/calls.mjs";
import { connection } from "./differences/connection.mjs";
import { events } from "./differences/events.mjs";

/** `what`, LiveChat's 4.0.2 (`theirs`), Palaver (`ours`), the reason (`why`), and the proof. */
export const DIFFERENCES = [...connection, ...calls, ...events];
