//! The bot: an agent who answers by itself, so that a newcomer sees a conversation at once.

use super::record::EventRow;
use super::time::SECOND;
use super::world::Chat;
use super::{AgentAction, Brain, Micros};

/// What the bot is about to do in a chat.
#[derive(Debug)]
pub(crate) enum Step {
    Seen(String),
    Typing(String),
    Answer(String, String),
    /// Said unless the customer is quicker.
    Greeting(String, String),
}

const SEEN_AFTER: Micros = 400_000;
const TYPING_AFTER: Micros = 700_000;
const ANSWER_AFTER: Micros = 1_800_000;

impl Brain {
    /// A chat was started or resumed by its customer.
    pub(crate) fn bot_greets(&mut self, chat_id: &str) {
        let Some(chat) = self.world.chats.get(chat_id) else {
            return;
        };
        if !self.config.bot || chat.active_thread().is_none() || !self.bot_may(chat_id) {
            return;
        }
        let again = chat.threads.len() > 1;
        let events = || chat.last_thread().into_iter().flat_map(|thread| thread.events.iter().rev());
        let by_customer = |event: &&EventRow| event.text("author_id") == Some(chat.row.customer_id.as_str());
        let said = events().filter(by_customer).find_map(|event| event.text("text").map(str::to_owned));
        // Whoever was greeted before there was a chat needs no second greeting.
        let greeted = events().any(|event| event.text("author_id").is_some() && !by_customer(&event));
        let greeting = match (said, again) {
            (Some(text), _) => return self.bot_plans(Step::Answer(chat_id.to_owned(), reply(&text, self.now))),
            (None, _) if greeted => return,
            (None, false) => "Hello! I am Ada, your stand-in agent. Write something and I will answer. Try \"help\".",
            (None, true) => "Welcome back! Where were we?",
        };
        self.bot_plans(Step::Greeting(chat_id.to_owned(), greeting.to_owned()));
    }

    /// A customer sent an event.
    pub(crate) fn bot_hears(&mut self, event: &EventRow) {
        if !self.config.bot || event.agents_only || !self.bot_may(&event.chat_id) {
            return;
        }
        let answer = match event.text("type") {
            Some("message") => reply(event.text("text").unwrap_or_default(), self.now),
            Some("file") => "Thank you for the file, I am having a look.".to_owned(),
            _ => return self.bot_step(SEEN_AFTER, Step::Seen(event.chat_id.clone())),
        };
        self.bot.retain(|_, step| !matches!(step, Step::Greeting(chat, _) if *chat == event.chat_id));
        self.bot_plans(Step::Answer(event.chat_id.clone(), answer));
    }

    /// Nobody answers in the queue, and some customers want people only.
    fn bot_may(&self, chat_id: &str) -> bool {
        let thread = self.world.chats.get(chat_id).and_then(Chat::last_thread);
        thread.is_some_and(|thread| {
            let routing = thread.row.properties.get("routing");
            let ignored = routing.and_then(|routing| routing.get("ignore_bots")?.as_bool()).unwrap_or(false);
            thread.row.queue.is_none() && !ignored
        })
    }

    fn bot_plans(&mut self, words: Step) {
        let (Step::Answer(chat, _) | Step::Greeting(chat, _) | Step::Seen(chat) | Step::Typing(chat)) = &words;
        let chat = chat.clone();
        self.bot_step(SEEN_AFTER, Step::Seen(chat.clone()));
        self.bot_step(TYPING_AFTER, Step::Typing(chat));
        self.bot_step(ANSWER_AFTER, words);
    }

    fn bot_step(&mut self, after: Micros, step: Step) {
        self.sequence += 1;
        self.bot.insert((self.now + after, self.sequence), step);
    }

    pub(crate) fn run_bot(&mut self) {
        while let Some(entry) = self.bot.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            let (chat_id, actions) = match entry.remove() {
                Step::Seen(chat) => {
                    let seen = AgentAction::Seen { chat_id: Some(chat.clone()), seen_up_to: None, agent_id: None };
                    (chat, vec![seen])
                }
                Step::Typing(chat) => (chat.clone(), vec![typing(&chat, true)]),
                Step::Answer(chat, text) | Step::Greeting(chat, text) => {
                    let answer =
                        AgentAction::Message { chat_id: Some(chat.clone()), text, custom_id: None, agent_id: None };
                    (chat.clone(), vec![typing(&chat, false), answer])
                }
            };
            // A chat that was closed meanwhile gets no answer.
            if self.world.chats.get(&chat_id).and_then(Chat::active_thread).is_some() {
                for action in actions {
                    let _ = self.agent_acts(action);
                }
            }
        }
    }
}

fn typing(chat_id: &str, is_typing: bool) -> AgentAction {
    AgentAction::Typing { chat_id: Some(chat_id.to_owned()), is_typing, agent_id: None }
}

fn reply(text: &str, now: Micros) -> String {
    let said = text.trim().to_lowercase();
    let has = |words: &[&str]| said.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    if has(&["help"]) {
        return "I know \"hello\", \"time\", \"thanks\" and \"bye\". Anything else I say back to you. \
                A person can answer too: open /agent in another window."
            .to_owned();
    }
    if has(&["hello", "hi", "hey", "hallo"]) {
        return "Hello! How can I help you?".to_owned();
    }
    if has(&["time", "date"]) {
        let at = super::time::format(now / SECOND * SECOND);
        return format!("My clock says {} UTC.", at.get(..19).unwrap_or(&at).replace('T', " "));
    }
    if has(&["thanks", "thank", "thx"]) {
        return "You are welcome!".to_owned();
    }
    if has(&["bye", "goodbye"]) {
        return "Goodbye! Close the chat whenever you like, and come back any time.".to_owned();
    }
    if said.ends_with('?') {
        return "Good question! I am only a stand-in and do not know.".to_owned();
    }
    let short: String = text.trim().chars().take(200).collect();
    format!("You wrote: {short}")
}
