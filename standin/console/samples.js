// Events of every type, to send as they are or to change first.

const at = (path) => new URL(path, location.href).href;
const say = (text, id, more) => ({ type: "message", text, postback_id: id, value: id, user_ids: [], ...more });

export const SAMPLES = {
  Cards: {
    type: "rich_message",
    template_id: "cards",
    elements: [
      {
        title: "Boston fern",
        subtitle: "Likes it humid, forgives the rest. € 18",
        image: { url: at("/agent/fern.svg"), alternative_text: "A fern in a clay pot" },
        buttons: [
          say("I take it", "take-fern", { role: "primary" }),
          {
            type: "url",
            text: "How to care for it",
            value: at("/#help"),
            target: "new",
            postback_id: "care",
            user_ids: [],
          },
        ],
      },
      {
        title: "Desk cactus",
        subtitle: "Asks for a window and a little respect. € 16",
        image: { url: at("/agent/cactus.svg"), alternative_text: "A cactus with a flower" },
        buttons: [
          say("I take it", "take-cactus", { role: "primary" }),
          { text: "Remember it", postback_id: "remember", user_ids: [] },
        ],
      },
      {
        title: "Not sure?",
        subtitle: "Talk to us.",
        buttons: [
          { type: "phone", text: "Call us", value: "+49 30 5550100", postback_id: "call", user_ids: [] },
          {
            type: "webview",
            text: "Look around",
            value: at("/"),
            webview_height: "tall",
            postback_id: "look",
            user_ids: [],
          },
          { type: "cancel", text: "No, thank you", postback_id: "no", role: "danger", user_ids: [] },
        ],
      },
    ],
  },
  "Quick replies": {
    type: "rich_message",
    template_id: "quick_replies",
    elements: [
      {
        title: "Where does it stand?",
        buttons: [say("At a window", "window"), say("In a dark corner", "corner"), say("Outside", "outside")],
      },
    ],
  },
  Sticker: {
    type: "rich_message",
    template_id: "sticker",
    elements: [{ image: { url: at("/agent/cactus.svg"), alternative_text: "A happy cactus" } }],
  },
  Product: {
    type: "rich_message",
    template_id: "ecommerce",
    elements: [
      {
        title: "Clay pot",
        subtitle: "Fired twice.",
        image: { url: at("/agent/fern.svg"), alternative_text: "A clay pot" },
        ecommerce: {
          view_type: "swatch",
          product_id: "pot",
          label: "Colour",
          options: [
            {
              option_id: "red",
              label: "Brick",
              price: 12.5,
              regular_price: 15,
              currency: "EUR",
              color: "#b95f3a",
              available: true,
              selected: true,
            },
            { option_id: "sand", label: "Sand", price: 12.5, currency: "EUR", color: "#d8c7ab", available: false },
          ],
        },
        buttons: [say("Put it into the cart", "cart", { role: "primary" })],
      },
    ],
  },
  Form: {
    type: "form",
    form_id: "delivery",
    fields: [
      { type: "header", label: "So that it reaches you" },
      { id: "1", type: "name", label: "Your name", required: true },
      { id: "2", type: "email", label: "Your e-mail address", required: true },
      {
        id: "3",
        type: "radio",
        label: "When do you open the door?",
        required: true,
        options: [
          { id: "0", label: "Mornings" },
          { id: "1", label: "Evenings" },
        ],
      },
      {
        id: "4",
        type: "checkbox",
        label: "What else do you need?",
        options: [
          { id: "0", label: "Soil" },
          { id: "1", label: "A pot" },
        ],
      },
      {
        id: "5",
        type: "select",
        label: "Size",
        options: [
          { id: "0", label: "Small" },
          { id: "1", label: "Tall" },
        ],
      },
      { id: "6", type: "textarea", label: "Anything we should know?" },
    ],
  },
  "Filled form": {
    type: "filled_form",
    form_id: "noted",
    fields: [{ id: "1", type: "question", label: "Noted by phone", answer: "Comes by on Tuesday" }],
  },
  "System message": {
    type: "system_message",
    system_message_type: "routing.idle",
    text: "Chat is idle due to 5 minutes of inactivity",
    text_vars: { duration: "5" },
  },
  "System record": {
    type: "system",
    source: "cdp",
    subtype: "store_order_was_created",
    version: 2,
    details: JSON.stringify({
      store: { id: "1", platform: "shop", uuid: "1" },
      order: { id: "7", order_number: "1042", currency: "EUR", total_price: "34.00", discounts: [], line_items: [] },
    }),
  },
  Custom: { type: "custom", content: { watering: "weekly" } },
  Markdown: {
    type: "message",
    text: "**Water** it on _Mondays_.",
    properties: { chats: { formatting: "commonmark" } },
  },
  "For agents only": { type: "message", text: "Regular customer, likes cacti.", recipients: "agents" },
  "Unknown type": { type: "hologram", depth: 3 },
};

export const FORMS = {
  prechat: {
    id: "prechat",
    fields: [
      { id: "0", type: "header", label: "Tell us who you are" },
      { id: "1", type: "name", label: "Your name", required: true },
      { id: "2", type: "email", label: "Your e-mail address", required: true },
      { id: "3", type: "question", label: "What is it about?" },
    ],
  },
  postchat: {
    id: "postchat",
    fields: [
      {
        id: "1",
        type: "radio",
        label: "Did we solve it?",
        required: true,
        options: [
          { id: "0", label: "Yes" },
          { id: "1", label: "Not yet" },
        ],
      },
      { id: "2", type: "textarea", label: "What could be better?" },
    ],
  },
};
