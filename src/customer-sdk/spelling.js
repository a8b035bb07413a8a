// What LiveChat's SDK passes on as the platform spells it (`button_type`) has both spellings here.

/** A copy with the platform's names beside ours. What applications put into `content` stays as it is. */
export const inBoth = (value, name) => {
  if (typeof value !== "object" || value === null || name === "content") return value;
  if (Array.isArray(value)) return value.map((item) => inBoth(item));
  const result = {};
  for (const [key, item] of Object.entries(value)) {
    const both = inBoth(item, key);
    result[key] = both;
    result[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = both;
  }
  return result;
};
