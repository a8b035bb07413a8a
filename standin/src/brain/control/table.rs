//! The table of switches: what the server, `GET /control` and the README go by.

use super::{Switch, SwitchKind};

const fn agent(name: &'static str, example: &'static str, does: &'static str) -> Switch {
    Switch { name, kind: SwitchKind::Agent, example, does }
}

const fn fault(name: &'static str, example: &'static str, does: &'static str) -> Switch {
    Switch { name, kind: SwitchKind::Fault, example, does }
}

/// Everything `/control/…` can do.
pub const SWITCHES: &[Switch] = &[
    Switch {
        name: "state",
        kind: SwitchKind::Look,
        example: "",
        does: "everything there is: customers, chats with threads and events in order, open connections, groups, \
               agents, greetings, goals, uploads, verifications, settings",
    },
    agent("message", r#"{"text":"Hello","custom_id":"a-1"}"#, "the agent writes a message (joins first if need be)"),
    agent(
        "fill",
        r#"{"messages":100,"bytes":1000,"threads":2}"#,
        "the agent writes so many messages of so many bytes, spread over so many threads; customers are told only with \
         `push: true`",
    ),
    agent(
        "event",
        r#"{"event":{"type":"custom","content":{"n":1},"recipients":"all"}}"#,
        "the agent adds an event of any type, unchecked; system kinds get no author; `recipients: \"agents\"` hides it",
    ),
    agent(
        "file",
        r#"{"name":"notes.txt","content":"aGVsbG8=","content_type":"text/plain"}"#,
        "the agent sends a file given as base64; `alternative_text` for images",
    ),
    agent("typing", r#"{"is_typing":true}"#, "typing indicator"),
    agent(
        "thinking",
        r#"{"title":"Looking it up","description":"Order 7","custom_id":"t-1"}"#,
        "thinking indicator (`incoming_thinking_indicator`, 3.6)",
    ),
    agent(
        "preview",
        r#"{"text":"Your order is","custom_id":"t-1"}"#,
        "draft of a message (`incoming_event_preview`, 3.6); the message has the same `custom_id`",
    ),
    agent("seen", r#"{}"#, "the agent has seen everything, or up to `seen_up_to`"),
    agent("close", r#"{}"#, "the agent closes the open thread (`manual_archived_agent`)"),
    agent(
        "archive",
        r#"{"system_message_type":"routing.archived_inactive","text_vars":{"duration":"30"}}"#,
        "the router closes the open thread (`chat_deactivated` without `user_id`)",
    ),
    agent("reopen", r#"{}"#, "the agent opens a new thread (`incoming_chat`)"),
    agent("join", r#"{"agent_id":"97ace0ff1ce54d2c8b6a1f0e3d5c7b92"}"#, "an agent comes into the chat"),
    agent(
        "leave",
        r#"{"agent_id":"97ace0ff1ce54d2c8b6a1f0e3d5c7b92"}"#,
        "an agent goes out of the chat; with a `reason` of the router's (`signed_out`, `disconnected`, `inactive`, \
         `remotely_signed_out`, `deleted`, `other`) the last one's chat is given to another, queued or closed",
    ),
    agent("assign", r#"{}"#, "the agent takes the chat out of the queue"),
    agent(
        "transfer",
        r#"{"to_agent_id":"97ace0ff1ce54d2c8b6a1f0e3d5c7b92"}"#,
        "passes the chat on to an agent, or to a group by `to_group_id`",
    ),
    agent(
        "queue_position",
        r#"{"position":3,"wait_time":120}"#,
        "gives a waiting chat another place (`queue_position_updated`)",
    ),
    agent(
        "edit",
        r#"{"event_id":"SC0000AAAA_1","text":"better"}"#,
        "changes an event's text (`event_updated`); `thread_id` may be left out",
    ),
    agent(
        "update_event",
        r#"{"event_id":"SC0000AAAA_1","event":{"text":"better","properties":{"app":{"n":1}}}}"#,
        "replaces fields of an event (`event_updated`)",
    ),
    agent("delete", r#"{"event_id":"SC0000AAAA_1"}"#, "deletes an event (`event_deleted`, 3.6)"),
    agent(
        "properties",
        r#"{"properties":{"rating":{"score":1}}}"#,
        "sets properties of the chat, or of the thread or event named by `thread_id` or `event_id`",
    ),
    agent("delete_properties", r#"{"properties":{"rating":["score"]}}"#, "deletes such properties"),
    agent(
        "greeting",
        r#"{"text":"Need a hand?","addon":"email","is_exit_intent":false}"#,
        "shows a customer a greeting; instead of `text` an `event` (message or rich message), `id`, `subtype`; the one \
         shown before gives way",
    ),
    agent("cancel_greeting", r#"{}"#, "takes the shown greeting away"),
    agent("welcome_message", r#"{"text":"Welcome!"}"#, "what `request_welcome_message` brings from now on"),
    agent(
        "multicast",
        r#"{"content":{"n":1}}"#,
        "sends `incoming_multicast` to every connected customer, or to `customer_id`; with `agent_id` it has an author",
    ),
    agent(
        "side_storage",
        r#"{"customer_side_storage":{"k":"v"}}"#,
        "has a customer's client keep something (`customer_side_storage_updated`)",
    ),
    agent(
        "update_customer",
        r#"{"name":"Ada Byron","email":"ada@example.com"}"#,
        "changes what is known about a customer; with `agent_id` the system message names who did it",
    ),
    agent("ban", r#"{"days":1}"#, "bans the customer (`customer_id`, or of `chat_id`): chats close, sockets too"),
    agent("unban", r#"{}"#, "lifts a ban"),
    agent(
        "confirm_email",
        r#"{"email":"ada@example.com"}"#,
        "the customer confirms an address: whoever asked with `request_email_verification` is posted to, on this machine",
    ),
    agent(
        "push",
        r#"{"action":"incoming_multicast","payload":{"content":{"n":1}}}"#,
        "sends any push to every connected customer, or to `customer_id`",
    ),
    agent(
        "group_status",
        r#"{"group_id":0,"status":"offline"}"#,
        "switches a group to `online`, `offline` or `online_for_queue`; an unknown one comes to be",
    ),
    agent(
        "agent_status",
        r#"{"accepting":false}"#,
        "whether an agent takes chats; while nobody does, new chats wait in the queue",
    ),
    agent(
        "form",
        r#"{"group_id":0,"type":"prechat","enabled":true,"form":{"fields":[{"type":"email","id":"f1","label":"E-mail"}]}}"#,
        "sets a group's form: `prechat`, `postchat` or `ticket`",
    ),
    agent("license_properties", r#"{"properties":{"app":{"plan":"pro"}}}"#, "sets properties of the license"),
    agent("group_properties", r#"{"group_id":0,"properties":{"app":{"n":1}}}"#, "sets properties of a group"),
    agent(
        "url_info",
        r#"{"url":"https://example.com/","title":"Example"}"#,
        "what `get_url_info` tells about an address; also `description`, `image_url`, `image_original_url`, \
         `image_width`, `image_height`",
    ),
    agent("localization", r#"{"language":"en","phrases":{"hello":"Hello %name%"}}"#, "sets the phrases of a language"),
    agent(
        "page_group",
        r#"{"url":"/pricing","group_id":1}"#,
        "pages whose address contains `url` belong to the group; `update_customer_page` tells of the change (3.6)",
    ),
    fault("drop", r#"{}"#, "cuts all sockets (or `conn`) without a close frame"),
    fault("close_socket", r#"{"code":1011,"reason":"oops"}"#, "closes all sockets (or `conn`) with a code"),
    fault(
        "disconnect",
        r#"{"reason":"connection_evicted"}"#,
        "pushes `customer_disconnected` (with `data` if given; to `customer_id` or everybody), then closes",
    ),
    fault(
        "half_open",
        r#"{"on":true}"#,
        "sockets stay open, nothing comes back, requests are lost; with `execute: true` they are carried out",
    ),
    fault("delay", r#"{"ms":500}"#, "sends every frame that much later; 0 is off"),
    fault("execute_delay", r#"{"ms":500}"#, "carries out every request that much later; 0 is off"),
    fault("duplicate", r#"{"pushes":2}"#, "sends the next pushes twice"),
    fault("reorder", r#"{"pushes":2}"#, "holds the next pushes back, then sends them last first"),
    fault("drop_pushes", r#"{"pushes":1}"#, "loses the next pushes"),
    fault("omit_responses", r#"{"count":1}"#, "loses the next responses"),
    fault(
        "close_after_executing",
        r#"{"action":"send_event"}"#,
        "carries out and saves the next such request, then cuts the socket before its reply and push",
    ),
    fault("response_first", r#"{"on":true}"#, "sends a response before the pushes of its request, not behind them"),
    fault("truncate", r#"{}"#, "cuts the next frame in half"),
    fault(
        "garbage",
        r#"{"wrong_types":false}"#,
        "sends every socket a frame that is not JSON, or one with wrong types",
    ),
    fault("same_created_at", r#"{"count":1}"#, "gives the next events the `created_at` of the one before"),
    fault("expire_tokens", r#"{}"#, "all tokens are over; sockets get `access_token_expired`"),
    fault("revoke_tokens", r#"{}"#, "all tokens are revoked; sockets get `access_token_revoked`"),
    fault(
        "token_service",
        r#"{"mode":"error","status":500}"#,
        "what the token service does: `ok`, `error` (with `status`, `exception`, `identity: true`) or `hang`",
    ),
    fault("refuse", r#"{"on":true}"#, "accepts no new socket"),
    fault("rate_limit", r#"{"count":3}"#, "answers the next requests `too_many_requests`"),
    fault(
        "fail",
        r#"{"type":"chat_anonymized","count":1,"action":"send_event"}"#,
        "answers the next `count` requests of that action (or array of actions, or any) with an error of any type; also \
         `message`, `data`; `for_ms` is a time instead of a count; with `execute_after_ms` they are carried out all the \
         same, that much later",
    ),
    fault(
        "mute",
        r#"{"action":"list_threads"}"#,
        "answers no request of that action (or array of actions), or only the next `count`; with `execute_after_ms` they \
         are carried out, that much later; `on: false` is off",
    ),
    fault(
        "false_success",
        r#"{"action":"send_event","count":1}"#,
        "answers the next requests of that action with success, and does nothing",
    ),
    fault(
        "rewrite",
        r#"{"kind":"push","action":"event_updated","field":"event","count":1}"#,
        "removes a field from the payload of the next pushes or responses (`kind`) of that action, or sets it to `value`; \
         `field` may be a path (`threads.0.events`), and without it the whole payload is replaced",
    ),
    fault(
        "server_clock",
        r#"{"offset_us":-1000000,"jitter_us":0}"#,
        "gives new events the `created_at` of a clock that is off by so much, and by up to `jitter_us` more or less for \
         each; `on: false` is off",
    ),
    fault(
        "event_ids",
        r#"{"form":"uuid"}"#,
        "gives new events ids of another form: `numbered` (as usual), `gaps`, `descending`, `shuffled`, `suffixed` \
         (`<thread>_<letters>`), `uuid`, `letters` or `mixed`",
    ),
    fault(
        "captive_portal",
        r#"{"status":511,"at":["token_service"]}"#,
        "answers in the server's place with a page of HTML (or `body`, `content_type`, `location`), `at` any of \
         `token_service`, `web_api`, `upgrade` (instead of a socket) and `socket` (inside of it); `cors: false` leaves \
         out the headers that let other origins read it; `on: false` is off",
    ),
    fault("reset", r#"{}"#, "all faults off; frames held back are sent"),
];
