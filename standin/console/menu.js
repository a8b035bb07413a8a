// A button with a menu behind it: groups of things that can be done.

import { h } from "./dom.js";

let menus = 0;

/** @param {string} label  @param {() => { title: string, entries: [string, () => void][] }[]} groups asked each time it opens */
export function menu(label, groups) {
  const id = `menu-${(menus += 1)}`;
  const list = h("div", { class: "menu", id, hidden: true });
  const button = h(
    "button",
    { type: "button", "aria-expanded": "false", "aria-controls": id, onclick: () => set(list.hidden) },
    label,
  );
  const box = h("div", { class: "menu-box" }, button, list);
  const set = (shown) => {
    list.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (!shown) return;
    list.replaceChildren(
      ...groups().map(({ title, entries }) =>
        h(
          "section",
          { "aria-label": title },
          h("h3", {}, title),
          ...entries.map(([name, work]) => h("button", { type: "button", onclick: () => choose(work) }, name)),
        ),
      ),
    );
    list.querySelector("button")?.focus();
  };
  const choose = (work) => {
    set(false);
    button.focus();
    work();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    set(false);
    button.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!list.hidden && !box.contains(target)) set(false);
  });
  return box;
}
