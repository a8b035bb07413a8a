//! Another device of the same customer, without a session of ours: it logs in and says something.

use serde_json::json;
use standin::brain;

use super::Sim;

impl Sim {
    /// Says something in a chat under a client id of its own choice, and is gone again.
    pub fn other_device_says(&mut self, chat: &str, text: &str, custom_id: &str) {
        self.next_conn += 1;
        let conn = self.next_conn;
        let token = self.stored_token.as_ref().expect("the customer is known")["accessToken"].clone();
        let token = format!("Bearer {}", token.as_str().unwrap());
        let event = json!({ "type": "message", "text": text, "custom_id": custom_id });
        self.server(brain::Input::Opened {
            conn,
            path: "/v3.6/customer/rtm/ws".to_owned(),
            query: "organization_id=org".to_owned(),
        });
        for frame in [
            json!({ "request_id": "1", "action": "login", "payload": { "token": token } }),
            json!({ "request_id": "2", "action": "send_event", "payload": { "chat_id": chat, "event": event } }),
        ] {
            self.server(brain::Input::Frame { conn, text: frame.to_string() });
        }
        self.server(brain::Input::Closed { conn });
        assert!(self.texts(chat).iter().any(|known| known == text), "the other device was refused");
    }

    /// Cookie and token are gone: the platform takes the visitor for a new customer.
    pub fn forget_customer(&mut self) {
        self.cookies.clear();
        self.stored_token = None;
    }
}
