// The author of forms and system messages is "system" to LiveChat's applications, whoever the platform names; and the
// fields of forms are spelled as the platform spells them.

import { inBoth } from "./spelling.js";

/** Where events and forms stand in what the core gives. */
const PLACES = ["chat", "chatsSummary", "event", "events", "form", "lastEvent", "thread", "threads"];

/** The value with such events in it. They are copies: the core compares its own with what it reads later. */
export const bySystem = (value) => {
  if (value === null || typeof value !== "object") return value;
  // This runs for every event: nothing is built that is not needed.
  if (Array.isArray(value)) return replaceEach(value, value.keys());
  const isSystems = value.type === "form" || value.type === "system_message";
  const isForm = Array.isArray(value.fields);
  if (isSystems || isForm) {
    return { ...value, ...(isSystems && { authorId: "system" }), ...(isForm && { fields: inBoth(value.fields) }) };
  }
  const { lastEventsPerType } = value;
  if (lastEventsPerType) replaceEach(lastEventsPerType, Object.keys(lastEventsPerType));
  return replaceEach(value, PLACES);
};

const replaceEach = (container, places) => {
  for (const place of places) if (container[place] !== undefined) container[place] = bySystem(container[place]);
  return container;
};
