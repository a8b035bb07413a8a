//! Reading chats and threads (§2.2–§2.4, §7).

use serde_json::{Value, json};

use super::Brain;
use super::args::Args;
use super::error::ApiError;
use super::paging::{Key, Order, Page, Size};
use super::requests::Caller;
use super::view::thread_json;
use super::world::{Chat, Thread};

impl Brain {
    /// §2.2.
    pub(crate) fn list_chats(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let list = format!("chats:{}", caller.customer);
        let page = page(&list, args, 10, 25)?;
        let mut chats: Vec<(Key, &Chat)> = self
            .world
            .chats_of(&caller.organization, &caller.customer)
            .map(|chat| {
                let at = chat.last_thread().map_or(chat.row.created_at, |thread| thread.row.created_at);
                ((at, chat.row.id.clone()), chat)
            })
            .collect();
        sort(&mut chats, page.order);
        let keys: Vec<(Key, usize)> = chats.iter().map(|(key, _)| (key.clone(), 0)).collect();
        let cut = page.cut(&list, &keys);
        let shown = chats.get(cut.range.clone()).unwrap_or_default();
        let summaries: Vec<Value> = shown.iter().map(|(_, chat)| self.summary_json(chat)).collect();
        let mut response = json!({ "chats_summary": summaries, "total_chats": chats.len() });
        neighbours(&mut response, cut.next, cut.previous);
        Ok(response)
    }

    /// §2.3. Threads are the unit: a thread comes whole.
    pub(crate) fn list_threads(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat_id = args.str("chat_id")?;
        let list = format!("threads:{chat_id}");
        let mut page = page(&list, args, 3, 100)?;
        if let Some(wanted) = args.opt_u64("min_events_count")? {
            if args.has("page_id") {
                return Err(ApiError::validation("`min_events_count` does not go with `page_id`"));
            }
            if args.has("limit") {
                return Err(ApiError::validation("`min_events_count` does not go with `limit`"));
            }
            page.size = Size::Events(within("min_events_count", wanted, 100)?);
        }
        let chat = self.own_chat(caller, chat_id)?;
        let mut threads: Vec<(Key, &Thread)> =
            chat.threads.iter().map(|thread| ((thread.row.created_at, thread.row.id.clone()), thread)).collect();
        sort(&mut threads, page.order);
        let keys: Vec<(Key, usize)> = threads
            .iter()
            .map(|(key, thread)| (key.clone(), thread.events.iter().filter(|event| event.is_visible()).count()))
            .collect();
        let cut = page.cut(&list, &keys);
        let shown = threads.get(cut.range.clone()).unwrap_or_default();
        let threads_json: Vec<Value> = shown.iter().map(|(_, thread)| thread_json(chat, thread)).collect();
        let mut response = json!({ "threads": threads_json, "found_threads": threads.len() });
        neighbours(&mut response, cut.next, cut.previous);
        Ok(response)
    }

    /// §2.4.
    pub(crate) fn get_chat(&mut self, caller: &Caller, args: Args<'_>) -> Result<Value, ApiError> {
        let chat = self.own_chat(caller, args.str("chat_id")?)?;
        let thread = match args.opt_str("thread_id")? {
            None => chat.last_thread(),
            Some(id) => Some(chat.thread(id).ok_or_else(|| ApiError::with("not_found", "Thread not found"))?),
        };
        Ok(self.chat_json(chat, thread))
    }
}

fn sort<T>(items: &mut [(Key, T)], order: Order) {
    items.sort_by(|(a, _), (b, _)| match order {
        Order::Ascending => a.cmp(b),
        Order::Descending => b.cmp(a),
    });
}

/// The page a request asks for: a `page_id` alone, or a fresh start (§1.8).
fn page(list: &str, args: Args<'_>, default: usize, most: usize) -> Result<Page, ApiError> {
    let limit = args.opt_u64("limit")?;
    let order = args.opt_str("sort_order")?;
    if let Some(page_id) = args.opt_str("page_id")? {
        if limit.is_some() || order.is_some() {
            return Err(ApiError::validation("`page_id` does not go with `limit` or `sort_order`"));
        }
        return Page::parse(list, page_id);
    }
    let limit = limit.map_or(Ok(default), |limit| within("limit", limit, most))?;
    Ok(Page { order: Order::parse(order)?, size: Size::Items(limit), from: None })
}

fn within(name: &str, value: u64, most: usize) -> Result<usize, ApiError> {
    usize::try_from(value)
        .ok()
        .filter(|value| (1..=most).contains(value))
        .ok_or_else(|| ApiError::validation(format!("`{name}` must be between 1 and {most}")))
}

fn neighbours(response: &mut Value, next: Option<String>, previous: Option<String>) {
    for (field, page) in [("next_page_id", next), ("previous_page_id", previous)] {
        if let Some(page) = page {
            response[field] = json!(page);
        }
    }
}
