// What others send may have any shape.

/** The objects in what should be a list of objects. */
export const objects = (list) => (Array.isArray(list) ? list.filter((one) => one && typeof one === "object") : []);

/** What should be an object, or an empty one. */
export const object = (value) => (value && typeof value === "object" ? value : {});
