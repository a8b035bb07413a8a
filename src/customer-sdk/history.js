// A chat's past as LiveChat's applications read it: the last page comes together with `done: true`. For `for await`,
// which would drop that page, the same pages come as JavaScript expects them.

import { pager } from "../js/history.js";

export const createHistory = (listThreads, options) => {
  // What else was among the options was always ignored.
  const pages = pager(listThreads, { chatId: options?.chatId });
  const next = async () => {
    const { value, isLast } = await pages.next();
    return { done: isLast, value };
  };

  return {
    next,
    async *[Symbol.asyncIterator]() {
      for (let value; ({ value } = await next()).value; ) yield value;
    },
  };
};
