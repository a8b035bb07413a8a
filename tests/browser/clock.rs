//! The alarm: far deadlines, and a device that slept.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect, global};
use palaver::model::Instant;
use palaver::platform::clock::{Alarm, now};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::until;

/// Replaces a global function; returns the former.
fn replace(holder: &JsValue, name: &str, with: &JsValue) -> JsValue {
    let former = Reflect::get(holder, &name.into()).unwrap();
    Reflect::set(holder, &name.into(), with).unwrap();
    former
}

#[wasm_bindgen_test]
fn a_far_deadline_is_waited_for_in_steps_that_a_browser_can_count() {
    let asked = Array::new();
    let list = asked.clone();
    let note = Closure::<dyn FnMut(JsValue, JsValue) -> u32>::new(move |_, millis: JsValue| list.push(&millis));
    let native = replace(&global(), "setTimeout", note.as_ref());
    let mut alarm = Alarm::new(|| {});
    alarm.set(Some(now().after(1 << 40)));
    alarm.set(Some(Instant(u64::MAX)));
    drop(alarm);
    replace(&global(), "setTimeout", &native);
    let asked: Vec<f64> = asked.iter().filter_map(|millis| millis.as_f64()).collect();
    assert_eq!(asked, [f64::from(i32::MAX); 2]);
}

#[wasm_bindgen_test]
async fn a_device_that_slept_is_noticed_once() {
    let rung = Rc::new(RefCell::new(0));
    let count = rung.clone();
    let mut alarm = Alarm::new(move || *count.borrow_mut() += 1);
    let mut ring = async |at: usize| {
        alarm.set(Some(now().after(1)));
        until(|| *rung.borrow() >= at).await;
        alarm.rang()
    };
    assert!(!ring(1).await, "nothing has happened");
    let date = Reflect::get(&global(), &"Date".into()).unwrap();
    for jump in ["+ 3600000", "- 3600000", "+ 6000"] {
        let body = ["return globalThis.clockOfTests() ", jump].concat();
        let native = replace(&date, "now", &JsValue::UNDEFINED);
        Reflect::set(&global(), &"clockOfTests".into(), &native.unchecked_ref::<Function>().bind0(&date)).unwrap();
        replace(&date, "now", &Function::new_no_args(&body));
        let at = *rung.borrow() + 1;
        let has_slept = ring(at).await;
        let once_more = ring(at + 1).await;
        replace(&date, "now", &native);
        let back = ring(at + 2).await;
        assert_eq!((has_slept, once_more, back), (true, false, true), "{jump}");
    }
}
