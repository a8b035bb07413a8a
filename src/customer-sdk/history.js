// A chat's past as LiveChat's applications read it: the last page comes together with `done: true`. For `for await`,
// which would drop that page, the same pages come as JavaScript expects them.

import { pager } from "../js/history.js";

export const createHistory = (listThreads, options) => {
  const pages = pager(listThreads, options);
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
