// Ways for a tab to end.

/** The tab's process dies on the spot, without a farewell. Only Chromium does that on request: see the tag `@chromium`. */
export async function crash(page) {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It does not live to answer.
  session.send("Page.crash").catch(() => {});
  await crashed;
}

/** The tab is closed by its owner. */
export const close = (page) => page.close();
