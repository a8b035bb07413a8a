// The token, for applications that talk to the platform themselves: the core's, or the application's own provider's.

export const auth = (core, identity) => {
  const one = (method) => async () => (identity ? (await identity())[method]() : core.call(method));
  return Object.freeze({
    getToken: one("getToken"),
    getFreshToken: one("getFreshToken"),
    hasToken: one("hasToken"),
    invalidate: one("invalidate"),
  });
};
