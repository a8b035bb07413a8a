// Events as the page's store gets them, for tests without a browser.

export const ME = "customer-1";
export const at = (second, fraction = "000000") => `2026-03-09T15:46:${String(second).padStart(2, "0")}.${fraction}Z`;
export const event = (id, createdAt, more = {}) => ({
  id,
  type: "message",
  text: id,
  authorId: "agent-1",
  createdAt,
  ...more,
});
