//! Time, timers and chance.

use js_sys::{Date, Function, Math};
use wasm_bindgen::prelude::*;

use crate::model::{Instant, UnixMillis};

#[wasm_bindgen(module = "/src/platform/clock.js")]
extern "C" {
    #[wasm_bindgen(js_name = now)]
    fn performance_now() -> f64;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, millis: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// The monotonic clock.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn now() -> Instant {
    Instant(performance_now() as u64)
}

/// The wall's clock.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn unix() -> UnixMillis {
    UnixMillis(Date::now() as u64)
}

/// 128 bits of chance, for jitter and client ids.
pub fn seed() -> u128 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let word = || (Math::random() * 4_294_967_296.0) as u32;
    (0..4).fold(0, |seed, _| seed << 32 | u128::from(word()))
}

/// Two clocks that drift apart by this much show that the device slept: one of them stands still then (`pitfalls` 44).
const SLEPT_MS: f64 = 5_000.0;

/// One alarm that can be set again and again. Dropping it disarms it.
#[derive(Debug)]
pub struct Alarm {
    ring: Closure<dyn FnMut(JsValue)>,
    armed: Option<(JsValue, Instant)>,
    drift: f64,
}

fn drift() -> f64 {
    Date::now() - performance_now()
}

impl Alarm {
    /// An alarm that calls `ring`.
    pub fn new(mut ring: impl FnMut() + 'static) -> Self {
        Self { ring: Closure::new(move |_: JsValue| ring()), armed: None, drift: drift() }
    }

    /// Sets it, replacing what was set; `None` disarms it. It may ring early: browsers take at most 2³¹−1 ms.
    pub fn set(&mut self, at: Option<Instant>) {
        if at == self.armed.as_ref().map(|(_, at)| *at) {
            return;
        }
        self.disarm();
        if let Some(at) = at {
            // One more, since the clock is read in whole milliseconds and timers may fire a fraction early.
            let millis = i32::try_from(at.since(now()).saturating_add(1)).unwrap_or(i32::MAX);
            self.armed = Some((set_timeout(self.ring.as_ref().unchecked_ref(), millis), at));
        }
    }

    /// It rang. Returns whether the device seems to have slept since it rang before, or its clock was set.
    pub fn rang(&mut self) -> bool {
        self.armed = None;
        let before = core::mem::replace(&mut self.drift, drift());
        (self.drift - before).abs() > SLEPT_MS
    }

    fn disarm(&mut self) {
        if let Some((id, _)) = self.armed.take() {
            clear_timeout(&id);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.disarm();
    }
}
