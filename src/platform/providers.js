// What the application provides: functions that may throw, never answer, or give something else. What cannot be used is
// nothing.

import { plain } from "../json/host.js";

const answer = async (ask) => {
  try {
    return plain(await ask());
  } catch {}
};

export const providers = (makeIdentity, customer, Socket) => {
  // Made once; a maker that throws is asked again.
  let identity;
  return {
    token: (isFresh) =>
      answer(() => {
        identity ??= makeIdentity();
        return isFresh ? identity.getFreshToken() : identity.getToken();
      }),
    customer: () => answer(customer),
    Socket,
  };
};
