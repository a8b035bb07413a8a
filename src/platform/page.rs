//! Signs of the page's life. Hints, never proofs (`pitfalls` 11).

use js_sys::{Reflect, global};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Event, EventTarget};

/// What happened to the page or its device.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    Online,
    Offline,
    /// The page is left; it may be restored.
    Hidden,
    Awake,
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Watch {
    targets: Vec<(EventTarget, &'static str)>,
    listener: Closure<dyn FnMut(JsValue)>,
}

const WINDOW: [&str; 4] = ["online", "offline", "pagehide", "pageshow"];
/// `resume`: the tab was frozen.
const DOCUMENT: [&str; 2] = ["visibilitychange", "resume"];

impl Watch {
    /// Reports every sign to `report`.
    pub fn new(report: impl Fn(Sign) + 'static) -> Self {
        let document: Option<Document> =
            Reflect::get(&global(), &JsValue::from_str("document")).ok().and_then(|document| document.dyn_into().ok());
        let page = document.clone();
        let listener = Closure::new(move |event: JsValue| match event.unchecked_ref::<Event>().type_().as_str() {
            "online" => report(Sign::Online),
            "offline" => report(Sign::Offline),
            "pagehide" => report(Sign::Hidden),
            "visibilitychange" if page.as_ref().is_some_and(Document::hidden) => {}
            _ => report(Sign::Awake),
        });
        let mut targets = Vec::new();
        if let Ok(window) = global().dyn_into::<EventTarget>() {
            targets.extend(WINDOW.map(|name| (window.clone(), name)));
        }
        if let Some(document) = document {
            targets.extend(DOCUMENT.map(|name| (EventTarget::from(document.clone()), name)));
        }
        for (target, name) in &targets {
            let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        Self { targets, listener }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for (target, name) in &self.targets {
            let _ = target.remove_event_listener_with_callback(name, self.listener.as_ref().unchecked_ref());
        }
    }
}
