//! What the platform leaves out, and pages may rely on.

use serde_json::{Value as Json, json};

use crate::hand::Hand;

#[test]
fn a_queue_that_hides_in_properties_is_told_first() {
    let mut hand = Hand::live(&json!({}));
    let ids = json!({ "chat_id": "C", "thread_id": "T" });
    let with = |properties: Json| {
        let mut payload = ids.clone();
        payload["properties"] = properties;
        payload
    };
    hand.told.clear();
    let lc2 = json!({ "lc2": { "queue_pos": 2, "queue_waiting_time": 90 } });
    hand.push("thread_properties_updated", &with(lc2.clone()));
    let names: Vec<&str> = hand.told.iter().map(|(name, _)| *name).collect();
    assert_eq!(names[..2], ["queue_position_updated", "thread_properties_updated"]);
    let queue = json!({ "position": 2, "waitTime": 90 });
    assert_eq!(*hand.told("queue_position_updated")[0], json!({ "queue": queue, "chatId": "C", "threadId": "T" }));
    assert_eq!(hand.told("thread_properties_updated")[0]["properties"], lc2, "properties stay as they are");
    hand.told.clear();
    hand.push("thread_properties_updated", &with(json!({ "lc2": { "queue_pos": 1 } })));
    assert_eq!(hand.told("queue_position_updated")[0]["queue"], json!({ "position": 1 }));
    hand.told.clear();
    for properties in [
        json!({}),
        json!({ "lc2": {} }),
        json!({ "lc2": { "form_type": "x" } }),
        json!({ "other": { "queue_pos": 1 } }),
    ] {
        hand.push("thread_properties_updated", &with(properties));
    }
    assert_eq!(hand.told("queue_position_updated").len(), 0);
    hand.push(
        "queue_position_updated",
        &json!({ "chat_id": "C", "thread_id": "T", "queue": { "position": 3, "wait_time": 7 } }),
    );
    assert_eq!(hand.told("queue_position_updated")[0]["queue"], json!({ "position": 3, "waitTime": 7 }));
}

/// An event as a page is told of it.
fn told(event: &Json) -> Json {
    let mut hand = Hand::live(&json!({}));
    let mut event = event.clone();
    event["id"] = json!("E_1");
    hand.push("incoming_event", &json!({ "chat_id": "C", "thread_id": "T", "event": event }));
    hand.told("incoming_event")[0]["event"].clone()
}

#[test]
fn an_image_has_thumbnails_in_the_sizes_they_have() {
    let cases = [
        ((1200, 600), (300, 150), (600, 300)),
        ((600, 1200), (150, 300), (300, 600)),
        ((1000, 1000), (300, 300), (600, 600)),
        ((400, 300), (300, 225), (400, 300)),
        ((300, 200), (300, 200), (300, 200)),
        ((10, 7), (10, 7), (10, 7)),
        ((1000, 333), (300, 100), (600, 200)),
        ((10_000, 1), (300, 1), (600, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ];
    for ((width, height), small, large) in cases {
        let file = told(&json!({
            "type": "file", "url": "u", "name": "n", "content_type": "image/png", "width": width, "height": height,
            "thumbnail_url": "small", "thumbnail2x_url": "large",
        }));
        let preview = |url: &str, (width, height): (i32, i32)| json!({ "url": url, "width": width, "height": height });
        let expected = json!({ "default": preview("small", small), "high": preview("large", large) });
        let thumbnails = file["thumbnails"].to_string().replace(".0", "");
        assert_eq!(thumbnails, expected.to_string(), "{width}×{height}");
        assert_eq!((&file["contentType"], &file["thumbnail2xUrl"]), (&json!("image/png"), &json!("large")));
    }
    for (width, height) in [(json!(0), json!(5)), (json!(-3), json!(5)), (json!("9"), json!(9)), (Json::Null, json!(9))]
    {
        let file = told(&json!({ "type": "file", "url": "u", "width": width, "height": height }));
        assert!(file.get("thumbnails").is_none(), "{file}");
    }
    let huge = told(&json!({ "type": "file", "url": "u", "width": 1e300, "height": 1e-300 }));
    assert!(huge["thumbnails"].is_object());
}

#[test]
fn what_the_platform_leaves_out_has_its_usual_value() {
    let rich = told(&json!({ "type": "rich_message", "template_id": "quick_replies", "elements": [
        { "title": "t", "buttons": [{ "text": "a", "type": "message", "value": "v", "postback_id": "p" },
            { "text": "b", "role": "danger", "user_ids": ["u"], "webview_height": "tall", "target": "new" }] },
        { "image": { "url": "i", "alternative_text": "alt" } },
    ] }));
    assert_eq!(
        (&rich["template"], &rich["authorId"], &rich["properties"]),
        (&json!("quick_replies"), &json!("system"), &json!({}))
    );
    let buttons = &rich["elements"][0]["buttons"];
    let first =
        json!({ "text": "a", "type": "message", "value": "v", "postbackId": "p", "role": "default", "userIds": [] });
    assert_eq!(buttons[0], first);
    let second = json!({ "text": "b", "role": "danger", "userIds": ["u"], "webviewHeight": "tall", "target": "new" });
    assert_eq!(buttons[1], second);
    assert_eq!(rich["elements"][1]["image"]["alternativeText"], "alt");
    let empty = told(&json!({ "type": "rich_message", "template_id": "tomorrow" }));
    assert_eq!((&empty["template"], &empty["elements"]), (&json!("tomorrow"), &json!([])));

    let mut hand = Hand::live(&json!({}));
    hand.push("incoming_greeting", &json!({ "id": 7, "unique_id": "U", "event": { "type": "message", "text": "hi" } }));
    let greeting = hand.told("incoming_greeting")[0];
    assert_eq!(
        (&greeting["addon"], &greeting["accepted"], &greeting["subtype"]),
        (&Json::Null, &json!(false), &json!("greeting"))
    );
    assert_eq!((&greeting["event"]["threadId"], &greeting["event"]["properties"]), (&Json::Null, &json!({})));
    let given = json!({ "id": 7, "unique_id": "U", "addon": "email", "accepted": true, "subtype": "announcement" });
    hand.push("incoming_greeting", &given);
    let greeting = hand.told("incoming_greeting")[1];
    assert_eq!(
        (&greeting["addon"], &greeting["accepted"], &greeting["subtype"]),
        (&json!("email"), &json!(true), &json!("announcement"))
    );

    hand.push("chat_transferred", &json!({ "chat_id": "C", "transferred_to": { "group_ids": [1] } }));
    let transferred = hand.told("chat_transferred")[0];
    assert_eq!((transferred.get("queue"), &transferred["transferredTo"]["groupIds"]), (Some(&Json::Null), &json!([1])));
}

#[test]
fn an_event_is_whole_whatever_brings_it() {
    let event =
        json!({ "id": "E_1", "type": "rich_message", "template_id": "cards", "elements": [{ "buttons": [{}] }] });
    let usual = json!({
        "id": "E_1", "type": "rich_message", "templateId": "cards", "template": "cards", "authorId": "system",
        "properties": {}, "elements": [{ "buttons": [{ "role": "default", "userIds": [] }] }], "threadId": "T",
    });
    for (action, with) in [
        ("incoming_event", json!({ "chat_id": "C", "thread_id": "T" })),
        ("event_updated", json!({ "chat_id": "C", "thread_id": "T" })),
        ("incoming_event_preview", json!({ "chat_id": "C", "thread_id": "T" })),
        ("incoming_welcome_message", json!({ "id": "W" })),
        ("incoming_greeting", json!({ "id": 7, "unique_id": "U" })),
    ] {
        let mut hand = Hand::live(&json!({}));
        let mut payload = with.clone();
        payload["event"] = event.clone();
        hand.push(action, &payload);
        let mut told = hand.told(action)[0]["event"].clone();
        let mut expected = usual.clone();
        if with.get("thread_id").is_none() {
            expected["threadId"] = Json::Null;
        }
        told.as_object_mut().unwrap().shift_remove("createdAt");
        assert_eq!(told, expected, "{action}");
    }
}

#[test]
fn the_seconds_of_old_servers_are_a_time() {
    for (seconds, time) in [
        (json!(1_772_359_200), "2026-03-01T10:00:00.000000Z"),
        (json!(1_772_359_200.25), "2026-03-01T10:00:00.250000Z"),
        (json!("then"), "1970-01-01T00:00:00.000000Z"),
    ] {
        assert_eq!(told(&json!({ "type": "message", "text": "x", "timestamp": seconds }))["createdAt"], time);
    }
}

/// The page's result of a call that the platform answers so.
fn answered(method: &str, args: Json, action: &'static str, payload: &Json) -> Json {
    let mut hand = Hand::live(&json!({}));
    hand.kept = action;
    let call = hand.call(method, args);
    hand.reply(action, true, payload);
    hand.settled[&call].clone().unwrap()
}

#[test]
fn fields_without_ids_get_their_places() {
    let ask = |fields: Json| {
        let payload = json!({ "enabled": true, "form": { "fields": fields } });
        answered("getForm", json!({ "groupId": 0, "type": "ticket" }), "get_form", &payload)
    };
    let many: Vec<Json> = (0..12).map(|_| json!({ "type": "name", "label": "L" })).collect();
    let form = ask(json!(many));
    let ids: Vec<&str> =
        form["form"]["fields"].as_array().unwrap().iter().map(|field| field["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
    let form = ask(
        json!([{ "type": "header", "id": "h" }, { "type": "group_chooser", "options": [{ "id": "o", "group_id": 3 }] }]),
    );
    assert_eq!((&form["form"]["fields"][0]["id"], &form["form"]["fields"][1]["id"]), (&json!("h"), &json!("1")));
    assert_eq!(form["form"]["fields"][1]["options"][0]["groupId"], 3);
    assert_eq!(ask(json!([]))["form"]["fields"], json!([]));
    let none = json!({ "enabled": false });
    assert_eq!(answered("getForm", json!({ "groupId": 0, "type": "prechat" }), "get_form", &none), none);
}

#[test]
fn an_image_of_an_address_comes_over_https() {
    for (given, expected) in [
        ("//cdn.x/i.png", "https://cdn.x/i.png"),
        ("http://cdn.x/i.png", "https://cdn.x/i.png"),
        ("https://cdn.x/i.png", "https://cdn.x/i.png"),
        ("cdn.x/i.png", "https://cdn.x/i.png"),
        ("cdn.x/http://i.png", "https://cdn.x/http://i.png"),
        ("javascript:alert(1)", "https://javascript:alert(1)"),
    ] {
        let payload = json!({ "url": "https://x", "image_url": given });
        let info = answered("getUrlInfo", json!({ "url": "https://x" }), "get_url_info", &payload);
        assert_eq!(info["imageUrl"], expected);
    }
    let info = answered("getUrlInfo", json!({ "url": "https://x" }), "get_url_info", &json!({ "url": "https://x" }));
    assert_eq!(info, json!({ "url": "https://x" }), "nothing is known of it");
}
