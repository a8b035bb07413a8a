//! System messages: what is said when something happens in a chat (§4.2).

use serde_json::{Value, json};

use super::Brain;
use super::threads::Draft;

/// Types with their texts; `%x%` stands for a variable.
const TEXTS: &[(&str, &str)] = &[
    ("agent_added", "%initiator% added %agent% to the chat"),
    ("agent_joined", "%agent% joined the chat"),
    ("agent_left", "%agent% left the chat"),
    ("agent_removed", "%initiator% removed %agent% from the chat"),
    ("archived_customer_disconnected", "%customer% left the chat"),
    ("chat_transferred", "%initiator% transferred the chat to %targets%"),
    ("customer_added", "%initiator% added %customer% to the chat"),
    ("customer_banned", "Chat archived because customer was banned by %agent% for %duration% day(s)"),
    ("customer_removed", "%initiator% removed %customer% from the chat"),
    ("manual_archived_agent", "%agent% archived the chat"),
    ("manual_archived_customer", "%customer% archived the chat"),
    ("rating.chat_commented", "%customer% left the following comment: %comment%"),
    ("rating.chat_rated", "%customer% rated the chat as %score%"),
    ("rating.chat_rating_canceled", "%customer% canceled the chat rating"),
    ("routing.archived_deleted", "The chat was closed because %agent% account had been deleted"),
    ("routing.archived_disconnected", "The chat was closed because %agent% had lost internet connection"),
    ("routing.archived_inactive", "Chat archived due to %duration% minutes of inactivity"),
    ("routing.archived_offline", "Chat archived due to no available agents"),
    ("routing.archived_other", "The chat was closed"),
    ("routing.archived_remotely_signed_out", "The chat was closed because %agent% had been remotely signed out"),
    ("routing.archived_signed_out", "The chat was closed because %agent% had signed out"),
    ("routing.assigned", "Chat assigned to %agent%"),
    ("routing.assigned_deleted", "Chat assigned to %agent_added% because %agent_removed% account had been deleted"),
    (
        "routing.assigned_disconnected",
        "Chat assigned to %agent_added% because %agent_removed% had lost internet connection",
    ),
    (
        "routing.assigned_inactive",
        "Chat assigned to %agent_added% because %agent_removed% hasn't replied in %duration% minutes",
    ),
    ("routing.assigned_other", "Chat assigned to %agent_added%"),
    (
        "routing.assigned_remotely_signed_out",
        "Chat assigned to %agent_added% because %agent_removed% had been remotely signed out",
    ),
    ("routing.assigned_signed_out", "Chat assigned to %agent_added% because %agent_removed% had signed out"),
    ("routing.idle", "Chat is idle due to %duration% minutes of inactivity"),
    ("routing.unassigned_deleted", "Customer was queued because %agent% account has been deleted"),
    ("routing.unassigned_disconnected", "Customer was queued because %agent% had lost internet connection"),
    ("routing.unassigned_other", "Chat is unassigned"),
    ("routing.unassigned_remotely_signed_out", "Customer was queued because %agent% had been remotely signed out"),
    ("routing.unassigned_signed_out", "Customer was queued because %agent% had signed out"),
    ("system_archived", "Chat archived"),
    ("transcript_requested", "%customer% requested the chat transcript to be sent to %email%"),
    ("transcript_sent", "%customer% sent the chat transcript to %email%"),
];

/// The English text of a system message; `None` for a type that the platform does not list.
pub(crate) fn text(kind: &str, vars: &Value) -> Option<String> {
    let template = match kind {
        "customer_updated" => updated(vars),
        _ => TEXTS.iter().find(|row| row.0 == kind)?.1,
    };
    let mut parts = template.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    // Every second part is a variable's name: no text has a percent sign of its own.
    while let (Some(name), Some(after)) = (parts.next(), parts.next()) {
        text.push_str(vars.get(name).and_then(Value::as_str).unwrap_or_default());
        text.push_str(after);
    }
    Some(text)
}

/// This type has a text for each case; the variable of the mail address has two names.
fn updated(vars: &Value) -> &'static str {
    let has = |name: &str| vars.get(name).is_some();
    match (has("initiator"), has("customer_name"), has("customer_email") || has("customers_email")) {
        (true, true, false) => "%initiator% has changed customer's name to %customer_name%",
        (false, true, false) => "Customer's name has been changed to %customer_name%",
        (true, false, _) => "%initiator% has changed customer's email to %customer_email%",
        (false, false, _) => "Customer's email has been changed to %customer_email%",
        (true, true, true) => "%initiator% has changed customer's name and email to %customer_name%, %customers_email%",
        (false, true, true) => "Customer's name and email has been changed to %customer_name%, %customer_email%",
    }
}

impl Brain {
    /// Adds a system message and tells the customer (§4.1).
    pub(crate) fn system_message(&mut self, chat_id: &str, thread_id: &str, kind: &str, vars: &Value) {
        let text = text(kind, vars);
        let body = json!({ "type": "system_message", "text": text, "system_message_type": kind, "text_vars": vars });
        let Value::Object(body) = body else { return };
        if let Some(event) = self.add_event(chat_id, thread_id, None, Draft { body, agents_only: false }) {
            self.push_event(&event, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{TEXTS, text};

    #[test]
    fn variables_are_filled_in() {
        let vars = json!({ "customer": "Ada % Byron", "comment": "100% %customer%" });
        let said = text("rating.chat_commented", &vars);
        assert_eq!(said.as_deref(), Some("Ada % Byron left the following comment: 100% %customer%"));
        assert_eq!(text("my_own", &vars), None);
        assert!(TEXTS.iter().all(|row| row.1.matches('%').count() % 2 == 0));
    }

    #[test]
    fn a_changed_customer_has_a_text_for_each_case() {
        let both = json!({ "initiator": "Eve", "customer_name": "Ada", "customers_email": "a@b.example" });
        let said = text("customer_updated", &both);
        assert_eq!(said.as_deref(), Some("Eve has changed customer's name and email to Ada, a@b.example"));
        let name = json!({ "customer_name": "Ada" });
        assert_eq!(text("customer_updated", &name).as_deref(), Some("Customer's name has been changed to Ada"));
    }
}
