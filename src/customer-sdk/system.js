// The author of forms and system messages is "system" to LiveChat's applications, whoever the platform names.

const SYSTEM = ["form", "system_message"];
/** Where events stand in what the core gives. */
const PLACES = ["chat", "chatsSummary", "event", "events", "lastEvent", "thread", "threads"];

/** Changes the events within `value`, and returns it. */
export const bySystem = (value) => {
  if (value === null || typeof value !== "object") return value;
  if (SYSTEM.includes(value.type)) value.authorId = "system";
  const within = Array.isArray(value) ? value : PLACES.map((place) => value[place]);
  [...within, ...Object.values(value.lastEventsPerType ?? {})].forEach(bySystem);
  return value;
};
