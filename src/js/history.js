// A chat's past as an async iterator: newest page first, oldest thread first within a page.

const PAGE_EVENTS = 25;

export const history = (listThreads, options) => {
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
    return { done: false, value: { threads: page.threads.reverse() } };
  };

  return {
    next: () => (last = last.then(read, read)),
    return: async () => {
      isDone = true;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
