// The author of forms and system messages is "system" to LiveChat's applications, whoever the platform names.

/** Where events stand in what the core gives. */
const PLACES = ["chat", "chatsSummary", "event", "events", "lastEvent", "thread", "threads"];

/** Changes the events within `value`, and returns it. */
export const bySystem = (value) => {
  if (value === null || typeof value !== "object") return value;
  // This runs for every event: nothing is built that is not needed.
  if (Array.isArray(value)) {
    value.forEach(bySystem);
    return value;
  }
  if (value.type === "form" || value.type === "system_message") value.authorId = "system";
  for (const place of PLACES) if (value[place] !== undefined) bySystem(value[place]);
  if (value.lastEventsPerType) Object.values(value.lastEventsPerType).forEach(bySystem);
  return value;
};
