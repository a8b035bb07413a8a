// A chat's past, newest page first, oldest thread first within a page.

const PAGE_EVENTS = 25;

/** Reads page after page, one at a time: `{ value, isLast }`, without a value after the last. */
export const pager = (listThreads, options) => {
  const { chatId } = options ?? {};
  let pageId;
  let isLast = false;
  let running = Promise.resolve();

  const read = async () => {
    if (isLast) return { value: undefined, isLast };
    const page = await listThreads(pageId ? { chatId, pageId } : { ...options, minEventsCount: PAGE_EVENTS });
    // Only now: a page that could not be read is asked for again.
    pageId = page.nextPageId;
    isLast = !pageId;
    return { value: { threads: page.threads.reverse() }, isLast };
  };

  return {
    next: () => (running = running.then(read, read)),
    end: () => (isLast = true),
  };
};

/** The same as an async iterator. */
export const history = (listThreads, options) => {
  const pages = pager(listThreads, options);
  return {
    next: async () => {
      const { value } = await pages.next();
      return { done: value === undefined, value };
    },
    return: async () => {
      pages.end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
