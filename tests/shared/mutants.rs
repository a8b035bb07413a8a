//! Samples with one value replaced by something that it must not be.

use serde_json::{Value as Json, json};

/// Deeper than what is converted, not so deep that no host would read it.
fn deep(wrap: fn(Json) -> Json) -> Json {
    (0..100).fold(json!("deep"), |inner, _| wrap(inner))
}

/// What no field should be.
pub fn oddities() -> Vec<Json> {
    vec![
        Json::Null,
        json!(7),
        json!(-1),
        json!(-1.5e300),
        json!(1e308),
        json!(true),
        json!(""),
        json!("\u{0}💥\u{feff}"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([null, [[]], "x"]),
        json!({ "__proto__": { "id": 7 }, "constructor": null }),
        deep(|inner| json!({ "a_b": inner })),
        deep(|inner| json!([inner])),
    ]
}

/// The places of all values in a sample.
pub fn places(value: &Json, path: &str, all: &mut Vec<String>) {
    all.push(path.to_owned());
    match value {
        Json::Object(fields) => {
            for (key, child) in fields {
                places(child, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        Json::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                places(child, &format!("{path}/{index}"), all);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// What a sample becomes with one value replaced; or, without an oddity, taken out.
pub fn mutant(sample: &Json, place: &str, oddity: Option<&Json>) -> Option<Json> {
    let mut mutant = sample.clone();
    if let Some(oddity) = oddity {
        mutant.pointer_mut(place)?.clone_from(oddity);
        return Some(mutant);
    }
    let (parent, key) = place.rsplit_once('/')?;
    match mutant.pointer_mut(parent)? {
        Json::Object(fields) => drop(fields.shift_remove(&key.replace("~1", "/").replace("~0", "~"))),
        Json::Array(items) => drop(items.remove(key.parse().ok()?)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return None,
    }
    Some(mutant)
}
