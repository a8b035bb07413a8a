// The parsers give what LiveChat's give.

import { createRequire } from "node:module";
import * as ours from "../../pkg/customer-sdk.js";
import { expect, test } from "./page.mjs";
import { events, THREAD } from "./events.mjs";
import { requests } from "./requests.mjs";
import { login } from "./script.js";

const theirs = createRequire(import.meta.url)("@livechat/customer-sdk");

const PARSERS = {
  custom: "parseCustomEvent",
  file: "parseFile",
  filled_form: "parseFilledForm",
  message: "parseMessage",
  rich_message: "parseRichMessage",
  system_message: "parseSystemMessage",
};

test("the parsers of events give the same", () => {
  const samples = [
    ...Object.values(events),
    { ...events["a message"], properties: undefined, custom_id: undefined },
    { ...events.cards, template_id: "ecommerce" },
    { ...events["a message"], type: "hologram" },
    { ...events["an image of 1200×600"], alternative_text: undefined },
  ];
  for (const event of samples) {
    expect(ours.parseEvent(THREAD, event)).toEqual(theirs.parseEvent(THREAD, event));
    const parser = PARSERS[event.type];
    if (parser) expect(ours[parser](THREAD, event), parser).toEqual(theirs[parser](THREAD, event));
  }
  expect(Object.values(PARSERS).filter((parser) => !(parser in theirs))).toEqual([]);
});

test("the parser of greetings gives the same", () => {
  const { greeting } = login;
  const samples = [
    greeting,
    { ...greeting, addon: undefined, subtype: undefined, accepted: true, event: events.quick_replies },
    { ...greeting, agent: { ...greeting.agent, is_bot: true }, event: { type: "hologram" } },
  ];
  for (const sample of samples) expect(ours.parseGreeting(sample)).toEqual(theirs.parseGreeting(sample));
});

test("the parser of forms gives the same, and knows a form without fields", () => {
  const forms = ["getForm, prechat", "getForm, ticket"].map((name) => requests[name].script.get_form.payload.form);
  for (const form of forms) expect(ours.parseForm(form)).toEqual(theirs.parseForm(form));
  expect(ours.parseForm({ id: "f", fields: [] })).toEqual({ id: "f", fields: [] });
});

test("what cannot be read is refused by name", () => {
  const cases = [
    ["parseEvent", "event", THREAD, null],
    ["parseEvent", "event", THREAD],
    ["parseEvent", "event", THREAD, { ...events.cards, elements: "x" }],
    ["parseEvent", "event", THREAD, { ...events.cards, elements: [null] }],
    ["parseFilledForm", "event", THREAD, { fields: 7 }],
    ["parseFilledForm", "event", THREAD, { fields: [null] }],
    ["parseFile", "event", THREAD, undefined],
    ["parseMessage", "event", THREAD, undefined],
    ["parseGreeting", "greeting", {}],
    ["parseGreeting", "greeting", null],
    ["parseGreeting", "greeting"],
    ["parseForm", "form", { id: "f", fields: "x" }],
    ["parseForm", "form", undefined],
  ];
  for (const [parser, argument, ...given] of cases) {
    let refusal;
    try {
      ours[parser](...given);
    } catch (error) {
      refusal = error;
    }
    expect(refusal, `${parser} ${JSON.stringify(given)}`).toMatchObject({
      name: "ChatError",
      code: "VALIDATION",
      details: { argument, expected: expect.any(String), kind: expect.any(String) },
    });
  }
});
