// A chat's past as LiveChat's applications read it: the last page comes together with `done: true`. For `for await`,
// which would drop that page, the same pages come as JavaScript expects them.

const PAGE_EVENTS = 25;

export const createHistory = (listThreads, options) => {
  const chatId = options?.chatId;
  let pageId;
  let isDone = false;
  let last = Promise.resolve();

  const read = async () => {
    if (isDone) return { done: true, value: undefined };
    const page = await listThreads(pageId ? { chatId, pageId } : { chatId, minEventsCount: PAGE_EVENTS });
    // Only now: a page that could not be read is asked for again.
    pageId = page.nextPageId;
    isDone = !pageId;
    return { done: isDone, value: { threads: page.threads.reverse() } };
  };
  const next = () => (last = last.then(read, read));

  return {
    next,
    async *[Symbol.asyncIterator]() {
      for (let value; ({ value } = await next()).value; ) yield value;
    },
  };
};
