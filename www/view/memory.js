// What a reload of the page keeps of the window. Storage may be forbidden, and then even looking at it throws.

export function remember(key, value) {
  try {
    if (value) sessionStorage.setItem(`chat:${key}`, value);
    else sessionStorage.removeItem(`chat:${key}`);
  } catch {
    // Only the comfort of a reload is lost.
  }
}

export function recall(key) {
  try {
    return sessionStorage.getItem(`chat:${key}`) ?? "";
  } catch {
    return "";
  }
}

/** Which page this is, until it is loaded anew. */
export const page = crypto.getRandomValues(new Uint32Array(2)).join("-");

const nameOf = (other) => `chat:${other}`;
let leave = null;

/** Says to other pages that this one lives, while there is something that they must leave to it. */
export function stay(isNeeded) {
  if (isNeeded === Boolean(leave)) return;
  leave?.();
  leave = null;
  // The browser lets go of a lock however its page ends.
  if (!isNeeded) return;
  const over = new Promise((resolve) => (leave = resolve));
  navigator.locks?.request(nameOf(page), () => over).catch(() => {});
}

/** Has a page that stayed come to its end? Where nobody can tell, nobody's has. */
export const isGone = async (other) =>
  Boolean(
    await navigator.locks?.request(nameOf(other), { ifAvailable: true }, (lock) => lock !== null).catch(() => false),
  );
