import load, { init } from "palaver";

await load(); // compiles the WebAssembly, once
const api = init({ organizationId: "your-organization", clientId: "your-client-id" });

api.on("connected", ({ chatsSummary }) => console.log(`${chatsSummary.length} chats`));
api.on("connection_lost", () => console.log("trying again…"));
api.on("new_event", (event) => {
  if (event.type === "message") console.log(`${event.authorId}: ${event.text}`);
});
api.on("user_is_typing", ({ user }) => console.log(`${user} is typing`));

const [known] = (await api.listChats()).chatsSummary;
const chatId = known?.id ?? (await api.startChat()).chat.id;
await api.sendMessage({ chatId, text: "Hello! Where is my order?" });
