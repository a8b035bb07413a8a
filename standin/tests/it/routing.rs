//! Who gets a chat, the queue, and chats that change hands.

use serde_json::{Value, json};

use super::office::{Customer, Office};

const GRACE: &str = "97ace0ff1ce54d2c8b6a1f0e3d5c7b92";

fn queueing() -> Office {
    let mut office = Office::new();
    office.does("group_status", json!({ "group_id": 0, "status": "online_for_queue" }));
    office
}

fn waiting(office: &mut Office) -> (Customer, String, Value) {
    let me = office.customer();
    let answer = office.ask(me.conn, "start_chat", json!({}));
    let push = office.push(me.conn).1;
    (me, answer["chat_id"].as_str().unwrap().to_owned(), push["chat"].clone())
}

fn kinds(pushes: &[(String, Value)]) -> Vec<String> {
    let kind = |(name, payload): &(String, Value)| {
        payload["event"]["system_message_type"].as_str().map_or_else(|| name.clone(), str::to_owned)
    };
    pushes.iter().map(kind).collect()
}

#[test]
fn a_queued_chat_has_a_place_and_moves_up() {
    let mut office = queueing();
    let (one, first, chat) = waiting(&mut office);
    let queue = &chat["thread"]["queue"];
    assert_eq!((&queue["position"], &queue["wait_time"]), (&json!(1), &json!(60)));
    assert!(queue["queued_at"].as_str().unwrap().starts_with("2026-03-01T10:00:00"));
    assert_eq!(chat["users"].as_array().unwrap().len(), 1, "nobody is there yet");
    let (two, second, chat) = waiting(&mut office);
    assert_eq!(chat["thread"]["queue"]["position"], json!(2));
    let (three, third, _) = waiting(&mut office);

    office.ask(one.conn, "deactivate_chat", json!({ "id": first }));
    let moved = |chat: &str, office: &Office, position: u64| {
        let thread = office.brain.thread_ids(chat).remove(0);
        let queue = json!({ "position": position, "wait_time": 60 * position });
        ("queue_position_updated".to_owned(), json!({ "chat_id": chat, "thread_id": thread, "queue": queue }))
    };
    assert_eq!(office.push(two.conn), moved(&second, &office, 1));
    assert_eq!(office.push(three.conn), moved(&third, &office, 2));
    let closed = office.ask(one.conn, "get_chat", json!({ "chat_id": first }));
    assert_eq!(closed["thread"].get("queue"), None);

    office.does("queue_position", json!({ "chat_id": third, "position": 7, "wait_time": 5 }));
    let (_, payload) = office.push(three.conn);
    assert_eq!(payload["queue"], json!({ "position": 7, "wait_time": 5 }));
}

#[test]
fn an_agent_takes_a_chat_out_of_the_queue() {
    for (act, body) in [
        ("assign", json!({ "agent_id": GRACE })),
        ("message", json!({ "agent_id": GRACE, "text": "Here I am" })),
        ("join", json!({ "agent_id": GRACE })),
    ] {
        let mut office = queueing();
        let (me, chat, _) = waiting(&mut office);
        office.does(act, body);
        let pushes = office.pushes(me.conn);
        assert_eq!(kinds(&pushes)[..3], ["chat_transferred", "routing.assigned", "user_added_to_chat"], "{act}");
        assert_eq!(pushes[0].1["transferred_to"], json!({ "agent_ids": [GRACE] }));
        assert_eq!((&pushes[0].1["reason"], pushes[0].1.get("requester_id")), (&json!("assigned"), None));
        assert_eq!(pushes[1].1["event"]["text"], json!("Chat assigned to Grace Agent"));
        assert_eq!((&pushes[2].1["user"]["id"], &pushes[2].1["user"]["present"]), (&json!(GRACE), &json!(true)));
        let now = office.ask(me.conn, "get_chat", json!({ "chat_id": chat }));
        assert_eq!(now["thread"].get("queue"), None);
        assert_eq!(now["thread"]["user_ids"], json!([me.id, GRACE]));
        assert_eq!(office.control("assign", json!({})).status, 404);
    }
}

#[test]
fn a_group_that_comes_online_empties_its_queue_and_one_that_goes_ends_it() {
    let mut office = queueing();
    let (one, ..) = waiting(&mut office);
    let (two, ..) = waiting(&mut office);
    office.does("group_status", json!({ "group_id": 0, "status": "online" }));
    for conn in [one.conn, two.conn] {
        let pushes = office.pushes(conn);
        assert!(kinds(&pushes).contains(&"routing.assigned".to_owned()), "{pushes:?}");
    }
    let mut office = queueing();
    let (me, ..) = waiting(&mut office);
    office.does("group_status", json!({ "group_id": 0, "status": "offline" }));
    let pushes = office.pushes(me.conn);
    assert_eq!(kinds(&pushes), ["groups_status_updated", "routing.archived_offline", "chat_deactivated"]);
    assert_eq!(pushes[2].1.get("user_id"), None, "the router did it");
}

#[test]
fn nobody_accepting_means_waiting() {
    let mut office = Office::new();
    for agent in [json!({ "accepting": false }), json!({ "accepting": false, "agent_id": GRACE })] {
        office.does("agent_status", agent);
    }
    let me = office.customer();
    assert_eq!(office.refused(me.conn, "get_predicted_agent", json!({})), "group_unavailable");
    let (you, chat, opened) = waiting(&mut office);
    assert_eq!(opened["thread"]["queue"]["position"], json!(1));
    office.does("agent_status", json!({ "accepting": true, "agent_id": GRACE }));
    assert!(office.push_names(you.conn).contains(&"user_added_to_chat".to_owned()));
    assert!(office.brain.member(&chat, GRACE).unwrap().present);
    let predicted = office.ask(me.conn, "get_predicted_agent", json!({}));
    assert_eq!((&predicted["agent"]["id"], &predicted["queue"]), (&json!(GRACE), &json!(false)));
}

#[test]
fn the_predicted_agent_says_why_there_is_none() {
    let mut office = Office::new();
    let me = office.customer();
    assert_eq!(office.refused(me.conn, "get_predicted_agent", json!({ "group_id": 9 })), "group_not_found");
    office.does("group_status", json!({ "group_id": 1, "status": "offline" }));
    assert_eq!(office.refused(me.conn, "get_predicted_agent", json!({ "group_id": 1 })), "group_offline");
    office.does("group_status", json!({ "group_id": 1, "status": "online_for_queue" }));
    let predicted = office.ask(me.conn, "get_predicted_agent", json!({ "group_id": 1 }));
    assert_eq!((&predicted["agent"]["name"], &predicted["queue"]), (&json!("Ada Agent"), &json!(true)));
}

#[test]
fn a_chat_is_passed_on_to_an_agent() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    office.does("transfer", json!({ "to_agent_id": GRACE }));
    let pushes = office.pushes(me.conn);
    let wanted = ["chat_transferred", "chat_transferred", "user_removed_from_chat", "user_added_to_chat"];
    assert_eq!(kinds(&pushes), wanted);
    assert_eq!(
        (&pushes[0].1["reason"], &pushes[0].1["transferred_to"]),
        (&json!("manual"), &json!({ "agent_ids": [GRACE] }))
    );
    assert!(pushes[0].1["requester_id"].is_string() && pushes[0].1["thread_id"].is_string());
    assert_eq!(pushes[1].1["event"]["text"], json!("Ada Agent transferred the chat to Grace Agent"));
    let present = |office: &Office, agent: &str| office.brain.member(&chat, agent).unwrap().present;
    assert!(present(&office, GRACE) && !present(&office, "ada1c0de5b0f4c1e9d2a7f6e8b3c4d10"));
}

#[test]
fn a_chat_is_passed_on_to_a_group_or_to_its_queue() {
    let mut office = Office::new();
    let me = office.customer();
    let chat = office.chat(&me);
    assert_eq!(office.control("transfer", json!({ "to_group_id": 9 })).status, 404);
    assert_eq!(office.control("transfer", json!({})).status, 400);
    office.does("transfer", json!({ "to_group_id": 1 }));
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].1["transferred_to"], json!({ "group_ids": [1] }));
    assert_eq!(pushes.last().unwrap().1["user"]["id"], json!(GRACE), "somebody else takes it");
    assert_eq!(office.ask(me.conn, "get_chat", json!({ "chat_id": chat }))["access"], json!({ "group_ids": [1] }));

    office.does("group_status", json!({ "group_id": 0, "status": "online_for_queue" }));
    office.texts(me.conn);
    office.does("transfer", json!({ "to_group_id": 0, "agent_id": GRACE }));
    let pushes = office.pushes(me.conn);
    assert_eq!(pushes[0].1["queue"]["position"], json!(1));
    assert_eq!(kinds(&pushes).last().unwrap(), "user_removed_from_chat");
    office.does("group_status", json!({ "group_id": 1, "status": "offline" }));
    assert_eq!(office.control("transfer", json!({ "to_group_id": 1 })).status, 422);
}

#[test]
fn an_agent_who_is_lost_is_replaced_or_the_chat_waits_or_ends() {
    for (prepare, reason, kind, last) in [
        (vec![], "signed_out", "routing.assigned_signed_out", "user_added_to_chat"),
        (
            vec![("agent_status", json!({ "agent_id": GRACE, "accepting": false }))],
            "disconnected",
            "routing.unassigned_disconnected",
            "routing.unassigned_disconnected",
        ),
        (
            vec![("group_status", json!({ "group_id": 0, "status": "offline" }))],
            "deleted",
            "routing.archived_deleted",
            "chat_deactivated",
        ),
    ] {
        let mut office = Office::new();
        let me = office.customer();
        office.chat(&me);
        for (name, body) in prepare {
            office.does(name, body);
        }
        office.texts(me.conn);
        office.does("leave", json!({ "reason": reason }));
        let pushes = office.pushes(me.conn);
        assert_eq!((pushes[0].0.as_str(), &pushes[0].1["reason"]), ("user_removed_from_chat", &json!(reason)));
        let kinds = kinds(&pushes);
        assert!(kinds.contains(&kind.to_owned()), "{kinds:?}");
        assert_eq!(kinds.last().unwrap(), last);
    }
    let mut office = Office::new();
    let me = office.customer();
    office.chat(&me);
    assert_eq!(office.control("leave", json!({ "reason": "lunch" })).status, 400);
}

#[test]
fn the_bot_waits_with_the_customer() {
    let mut office = Office::with(standin::brain::Config { bot: true, control: true, ..Default::default() });
    office.does("group_status", json!({ "group_id": 0, "status": "online_for_queue" }));
    let (me, ..) = waiting(&mut office);
    office.pass(10.0);
    assert!(office.pushes(me.conn).is_empty());
    office.does("group_status", json!({ "group_id": 0, "status": "online" }));
    office.texts(me.conn);
    office.pass(10.0);
    assert!(office.push_names(me.conn).contains(&"incoming_event".to_owned()));
}

#[test]
fn a_page_brings_a_customer_to_another_group() {
    let mut office = Office::new();
    let me = office.customer();
    office.does("page_group", json!({ "url": "/pricing", "group_id": 1 }));
    let visit = |office: &mut Office, conn, url: &str| office.ask(conn, "update_customer_page", json!({ "url": url }));
    assert_eq!(visit(&mut office, me.conn, "https://shop.example/"), json!({}));
    let moved = json!({ "groups": [{ "id": 1, "status": "online" }] });
    assert_eq!(visit(&mut office, me.conn, "https://shop.example/pricing?a"), moved);
    assert_eq!(visit(&mut office, me.conn, "https://shop.example/pricing?b"), json!({}), "no change, no answer");
    let old = office.customer_at("3.5");
    assert_eq!(visit(&mut office, old.conn, "https://shop.example/pricing"), json!({}));
    assert_eq!(office.control("page_group", json!({ "url": "/x", "group_id": 9 })).status, 404);
}
