//! Signs of the page's life. Hints, never proofs (`pitfalls` 11).

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/page.js")]
extern "C" {
    type Open;
    #[wasm_bindgen(js_name = openWatch)]
    fn open_watch(report: &Function) -> Open;
    #[wasm_bindgen(method)]
    fn close(this: &Open);
}

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
pub struct Watch {
    open: Open,
    _report: Closure<dyn FnMut(JsValue)>,
}

impl core::fmt::Debug for Watch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch {
    /// Reports every sign to `report`.
    pub fn new(report: impl Fn(Sign) + 'static) -> Self {
        let listener = Closure::new(move |place: JsValue| {
            #[allow(clippy::cast_possible_truncation)]
            report(match place.as_f64().unwrap_or_default() as i32 {
                0 => Sign::Online,
                1 => Sign::Offline,
                2 => Sign::Hidden,
                _ => Sign::Awake,
            });
        });
        Self { open: open_watch(listener.as_ref().unchecked_ref()), _report: listener }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.open.close();
    }
}
