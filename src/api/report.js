/** Where an uncaught exception goes. */
export const report = (error) => {
  try {
    reportError(error);
  } catch {
    // Node has no such function.
    console.error(error);
  }
};
