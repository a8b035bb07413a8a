// Stacks that name the application's line. The core's own frames have no names, and a call over the network fails when
// its caller has long returned.

/** Gives a ChatError the stack of the call that failed; `caller` is an `Error` made by that call. */
export const attachCaller = (error, caller) => {
  try {
    if (error.name === "ChatError") error.stack = String(caller.stack).replace(/^\w*Error.*/, () => error);
  } catch {
    // Frozen errors, and pages that format stacks themselves.
  }
  return error;
};

/** The same promise; it rejects with the stack of whoever calls this. */
export const traceCaller = (promise) => {
  const caller = new Error();
  return promise.catch((error) => {
    throw attachCaller(error, caller);
  });
};
