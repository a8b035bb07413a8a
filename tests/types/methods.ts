// Every member of the api, called with every argument it takes. A member that has no sample here does not compile.

import { init } from "palaver";
import type {
  Api, Chat, ChatEvent, ChatState, CustomEvent, Feature, FileEvent, Form, FormField, GroupStatus, MessageEvent,
  NewEvent, OutboxEntry, Properties, State, Success, Thread, Token, UrlInfo,
} from "palaver";

const api: Api = init({ organizationId: "org", clientId: "client" });
const chatId = "C";
const threadId = "T";
const eventId = "T_1";
const properties: Properties = { rating: { score: 1 }, mine: { name: "text", flag: true, number: 1 } };
const done = async (promise: Promise<Success>): Promise<true> => (await promise).success;

const samples: { [M in keyof Api]: () => unknown } = {
  // The connection.
  on: () => api.on("connected", () => {})(),
  once: () => api.once("customer_id", (id) => id.length)(),
  off: () => [api.off("connected", () => {}), api.off("connected"), api.off()],
  state: (): State => api.state,
  can: () => (["deleteEvent", "requestWelcomeMessage", "uploadFile"] satisfies Feature[]).every(api.can),
  connect: () => api.connect(),
  disconnect: () => api.disconnect(),
  reconnect: () => api.reconnect(),
  destroy: () => api.destroy(),
  auth: async () => {
    const token: Token = await api.auth.getToken();
    const fresh: Token = await api.auth.getFreshToken();
    const has: boolean = await api.auth.hasToken();
    await api.auth.invalidate();
    return [token.entityId, fresh.expiresIn + token.creationDate, has];
  },

  // Chats.
  chats: () => api.chats().map((chat: ChatState) => chat.unreadCount + (chat.lastEvent?.id.length ?? 0)),
  startChat: async () => {
    const { chat } = await api.startChat();
    const thread: Thread = chat.thread;
    await api.startChat({
      chat: {
        access: { groupIds: [1] },
        properties,
        thread: { events: [{ type: "message", text: "hello", customId: "1" }], properties },
      },
      active: true,
      continuous: true,
      welcomeMessageId: "W",
    });
    return thread.events.length;
  },
  resumeChat: async () => {
    const { chat } = await api.resumeChat({ chat: { id: chatId, thread: { events: [] } }, continuous: false });
    return chat.thread.previousThreadId;
  },
  deactivateChat: () => done(api.deactivateChat({ id: chatId })),
  listChats: async () => {
    const { chatsSummary, totalChats, users, nextPageId } = await api.listChats({ limit: 25, sortOrder: "asc" });
    if (nextPageId) await api.listChats({ pageId: nextPageId });
    const message: MessageEvent | undefined = chatsSummary[0]?.lastEventsPerType?.message;
    const at: string | null | undefined = chatsSummary[0]?.lastThreadCreatedAt;
    return [totalChats, users[0]?.type, message?.text, at, (await api.listChats()).previousPageId];
  },
  getChat: async () => {
    const chat: Chat = await api.getChat({ chatId, threadId });
    return [chat.thread?.queue?.position, chat.eventsSeenUpToMap["user"], chat.users[0]?.present];
  },
  listThreads: async () => {
    const page = await api.listThreads({ chatId, minEventsCount: 25 });
    await api.listThreads({ chatId, limit: 3, sortOrder: "desc" });
    if (page.nextPageId) await api.listThreads({ chatId, pageId: page.nextPageId });
    return [page.threads[0]?.userIds, page.previousPageId, page.foundThreads];
  },
  getChatHistory: async () => {
    for await (const { threads } of api.getChatHistory({ chatId })) console.log(threads[0]?.events.length);
    const history = api.getChatHistory({ chatId });
    const { done: isOver, value } = await history.next();
    await history.return?.();
    return isOver ? value : value.threads.length;
  },
  markEventsAsSeen: () => done(api.markEventsAsSeen({ chatId, seenUpTo: "2026-03-01T10:00:00.000200Z" })),
  rateChat: () => done(api.rateChat({ chatId, rating: { score: 0, comment: "slow" } })),
  cancelRate: () => [done(api.cancelRate({ chatId })), done(api.cancelRate({ chatId, properties: ["comment"] }))],
  requestTranscript: () => done(api.requestTranscript({ chatId, email: "ada@example.com" })),

  // Events.
  sendEvent: async () => {
    const message: MessageEvent = await api.sendEvent({ chatId, event: { type: "message", text: "hello" } });
    const custom: CustomEvent = await api.sendEvent({
      chatId,
      event: { type: "custom", content: { at: new Date() }, customId: "2", properties },
      attachToLastThread: true,
    });
    const events: NewEvent[] = [
      { type: "message", text: "yes", postback: { id: "yes", threadId, eventId, type: "message", value: "yes" } },
      { type: "file", url: "https://cdn.example/a.png", alternativeText: "a cat" },
      { type: "system_message", systemMessageType: "mine", text: "Ada came", recipients: "agents" },
      { type: "rich_message", templateId: "cards", elements: [{ buttons: [{ text: "go", postbackId: "go" }] }] },
      {
        type: "filled_form",
        formId: "F",
        fields: [
          { type: "name", id: "1", label: "Name", answer: "Ada" },
          { type: "radio", id: "2", label: "Topic", answer: { id: "0", label: "Sales" } },
          { type: "checkbox", id: "3", label: "Tags", answers: [{ id: "0", label: "A" }] },
          { type: "checkbox_for_email", id: "4", label: "Mail me", answer: true },
          { type: "group_chooser", id: "5", label: "Team", answer: { id: "0", groupId: 1, label: "One" } },
          { type: "question", id: "6", label: "Left open" },
        ],
      },
    ];
    const rest: ChatEvent[] = await Promise.all(events.map((event) => api.sendEvent({ chatId, event })));
    return [message.text, custom.content?.["at"], rest.length];
  },
  sendMessage: async () => {
    const postback = { id: "yes", threadId, eventId, ecommerce: { productId: "P", quantity: 2 } };
    const message: MessageEvent = await api.sendMessage({ chatId, text: "hello", customId: "3", properties, postback });
    return message.createdAt;
  },
  sendFile: async () => {
    const sent: FileEvent = await api.sendFile({
      chatId,
      file: new File(["x"], "x.txt"),
      onProgress: (progress) => progress.toFixed(2),
      signal: AbortSignal.timeout(1_000),
      customId: "4",
      alternativeText: "an x",
      properties,
    });
    return [sent.url, sent.thumbnails?.high.width, sent.size];
  },
  uploadFile: async () => {
    const { promise, cancel } = api.uploadFile({ file: new Blob(["x"]), onProgress: console.log });
    cancel();
    return (await promise).url;
  },
  outbox: () =>
    api.outbox().map((entry: OutboxEntry) => {
      const text = entry.event.type === "message" ? entry.event.text : entry.event.type;
      const why: boolean | undefined = entry.error?.retryable;
      return [entry.chatId + entry.customId + text, entry.status === "failed", new Date(entry.createdAt), why];
    }),
  retry: async () => {
    const event: ChatEvent = await api.retry({ customId: "3" });
    return event.createdAt;
  },
  discard: () => done(api.discard({ customId: "3" })),
  deleteEvent: () => done(api.deleteEvent({ chatId, threadId, eventId })),
  sendRichMessagePostback: () =>
    done(
      api.sendRichMessagePostback({
        chatId,
        threadId,
        eventId,
        postback: { id: "buy", toggled: true, buttonType: "url", buttonValue: "v", ecommerce: { productId: "P" } },
      }),
    ),
  setSneakPeek: (): void => api.setSneakPeek({ chatId, sneakPeekText: "hel" }),

  // Properties.
  updateChatProperties: () => done(api.updateChatProperties({ id: chatId, properties })),
  deleteChatProperties: () => done(api.deleteChatProperties({ id: chatId, properties: { mine: ["name"] } })),
  updateThreadProperties: () => done(api.updateThreadProperties({ chatId, threadId, properties })),
  deleteThreadProperties: () => done(api.deleteThreadProperties({ chatId, threadId, properties: { mine: ["name"] } })),
  updateEventProperties: () => done(api.updateEventProperties({ chatId, threadId, eventId, properties })),
  deleteEventProperties: () => done(api.deleteEventProperties({ chatId, threadId, eventId, properties: { mine: [] } })),
  listLicenseProperties: async () => {
    const all: Properties = await api.listLicenseProperties();
    return [all, await api.listLicenseProperties({ namespace: "mine", name: "name" })];
  },
  listGroupProperties: async () => (await api.listGroupProperties({ id: 1, namespace: "mine" }))["mine"]?.["name"],

  // The customer.
  getCustomer: async () => {
    const customer = await api.getCustomer();
    const threads: number = customer.statistics.threadsCount;
    return [threads, customer.address?.postalCode, customer.phoneNumber, customer.omnichannel?.fbMessenger?.[0]?.ID];
  },
  updateCustomer: () =>
    done(
      api.updateCustomer({
        name: "Ada",
        email: "ada@example.com",
        avatar: "https://example.com/a.png",
        sessionFields: { plan: "pro" },
        address: { city: "London" },
        omnichannel: { twilio: { phoneNumber: "+44" } },
      }),
    ),
  setCustomerSessionFields: () => done(api.setCustomerSessionFields({ sessionFields: { plan: "pro" } })),
  updateCustomerPage: (): void => api.updateCustomerPage({ url: location.href, title: document.title }),
  requestEmailVerification: () => done(api.requestEmailVerification({ callbackUri: "https://example.com/verified" })),
  checkGoals: () => done(api.checkGoals({ pageUrl: location.href, groupId: 0, sessionFields: { plan: "pro" } })),
  requestIdentityTransfer: async () => {
    const { identityTransferToken, expiresIn } = await api.requestIdentityTransfer({ codeChallenge: "c" });
    await api.requestIdentityTransfer();
    return identityTransferToken.length + expiresIn;
  },
  acceptIdentityTransfer: () => done(api.acceptIdentityTransfer({ code: "c", codeVerifier: "v" })),
  logout: () => done(api.logout()),

  // Greetings and the welcome message.
  acceptGreeting: () => done(api.acceptGreeting({ greetingId: 1, uniqueId: "U" })),
  cancelGreeting: () => done(api.cancelGreeting({ uniqueId: "U" })),
  sendGreetingButtonClicked: () => done(api.sendGreetingButtonClicked({ greetingUniqueId: "U", buttonId: "B" })),
  requestWelcomeMessage: async () => {
    const { id, predictedAgent, queue } = await api.requestWelcomeMessage();
    await api.requestWelcomeMessage({ id, groupId: 1 });
    return [predictedAgent.name, predictedAgent.botType === "ai_agent", queue];
  },

  // The organization.
  getForm: async () => {
    const { enabled, form } = await api.getForm({ groupId: 0, type: "prechat" });
    const options = (field: FormField): number => ("options" in field ? (field.options?.length ?? 0) : 0);
    return enabled ? (form satisfies Form).fields.map(options) : [];
  },
  getPredictedAgent: async () => {
    const { agent, queue } = await api.getPredictedAgent({ groupId: 1 });
    return [agent.name, agent.isBot, queue, (await api.getPredictedAgent()).agent.jobTitle];
  },
  listGroupStatuses: async () => {
    const one: GroupStatus | undefined = (await api.listGroupStatuses({ groupIds: [1] }))["1"];
    return [one === "online_for_queue", await api.listGroupStatuses()];
  },
  getUrlInfo: async () => {
    const info: UrlInfo = await api.getUrlInfo({ url: "https://example.com" });
    return [info.title, info.description, info.imageUrl, (info.imageWidth ?? 0) / (info.imageHeight ?? 1)];
  },
  getDynamicConfiguration: async () => {
    const url = location.href;
    const dynamic = await api.getDynamicConfiguration({ groupId: 0, url, channelType: "code", test: true });
    const { configVersion, localizationVersion } = dynamic.livechat ?? dynamic;
    return [configVersion, localizationVersion, (await api.getDynamicConfiguration()).defaultWidget];
  },
  getConfiguration: async () => {
    const { buttons, prechatForm, ticketForm, ...rest } = await api.getConfiguration({ groupId: 0, version: "1" });
    const { group, license }: Record<"group" | "license", Properties> = rest.properties;
    return [buttons[0]?.onlineValue, prechatForm?.fields, ticketForm?.id, rest.integrations["x"], group, license];
  },
  getLocalization: async () => {
    const phrases = await api.getLocalization({ groupId: 0, language: "en", version: "1" });
    return phrases["hello"]?.length;
  },
};
for (const sample of Object.values(samples)) sample();
