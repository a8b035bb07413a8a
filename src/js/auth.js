// The token, for applications that talk to the platform themselves.

export const auth = (core, identity) => {
  const one = (method) => () => core.call(method);
  return Object.freeze({
    getToken: one("getToken"),
    getFreshToken: one("getFreshToken"),
    hasToken: one("hasToken"),
    invalidate: async () => {
      await core.call("invalidate");
      await (await identity?.())?.invalidate();
    },
  });
};
