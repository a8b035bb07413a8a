// What is known about the customer of the open chat.

import { byId, facts, h, web } from "./dom.js";

export function renderCustomer(chat, visitor) {
  const customer = chat.customer ?? {};
  const page = chat.page ?? visitor?.page;
  const url = page && web(page.url);
  const session = (customer.session_fields ?? []).flatMap((field) => Object.entries(field));
  const thread = facts(chat.thread_properties);
  const rating = chat.thread_properties?.rating;
  byId("customer").replaceChildren(
    ...[
      section("Customer", [
        ["Name", customer.name ?? chat.name],
        [
          "E-mail",
          (customer.email ?? chat.email) && `${customer.email ?? chat.email}${customer.email_verified ? " ✓" : ""}`,
        ],
        ["Phone", customer.phone_number],
        ["Id", chat.customer_id],
        ["State", [chat.online ? "online" : "away", chat.banned && "banned"].filter(Boolean).join(", ")],
      ]),
      url &&
        h(
          "section",
          {},
          h("h3", {}, "Page"),
          h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, page.title || url),
        ),
      rating &&
        section("Rating", [
          ["Score", rating.score === undefined ? undefined : rating.score ? "good" : "bad"],
          ["Comment", rating.comment],
        ]),
      chat.queue &&
        section("Queue", [
          ["Position", chat.queue.position],
          ["Waits about", `${Math.round((chat.queue.wait_time ?? 0) / 60)} min`],
        ]),
      section("Session", session),
      section(
        "Visits",
        Object.entries(customer.statistics ?? {}).map(([name, value]) => [name.replaceAll("_", " "), value]),
      ),
      section(
        "Goals",
        (visitor?.goals ?? []).map(({ page_url, at }) => [at ? new Date(at).toLocaleTimeString() : "", page_url]),
      ),
      section("Properties of the chat", facts(chat.properties)),
      section("Properties of the thread", thread),
    ].filter(Boolean),
  );
}

function section(title, pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return (
    known.length > 0 &&
    h(
      "section",
      {},
      h("h3", {}, title),
      h("dl", {}, ...known.flatMap(([name, value]) => [h("dt", {}, String(name)), h("dd", {}, String(value))])),
    )
  );
}
