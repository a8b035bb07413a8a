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
