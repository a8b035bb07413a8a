//! What the platform says when all is well: its own samples, and answers made after its reference.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

/// The platform's samples, by name.
pub fn fixtures() -> Vec<(String, Json)> {
    // The fuzz targets are a crate of their own, in a folder of this one.
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|root| root.join("tests/fixtures/livechat"));
    let folder = folders.into_iter().find(|folder| folder.is_dir()).expect("the samples are there");
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
    };
    names.iter().filter(|path| path.extension().is_some_and(|kind| kind == "json")).map(read).collect()
}

/// What a good platform answers.
pub fn good(action: &str, payload: &Json) -> Json {
    let chat = payload["chat_id"].as_str().unwrap_or("CHAT");
    let thread = json!({
        "id": "THREAD", "active": true, "created_at": "2026-03-01T00:00:00.000001Z", "user_ids": ["me"], "events": [],
    });
    let me = json!({ "id": "me", "type": "customer", "present": true });
    match action {
        "login" => json!({
            "customer": { "id": "me", "type": "customer", "statistics": {} }, "has_active_thread": true, "chats": [],
            "__priv_dynamic_config": {
                "online_groups_ids": [0], "customer_groups": { "monitoring": { "id": 0 } },
            },
        }),
        "list_chats" => json!({
            "chats_summary": [{
                "id": "CHAT", "active": true, "users": [me], "last_thread_id": "THREAD",
                "last_thread_created_at": "2026-03-01T00:00:00.000001Z",
            }],
            "total_chats": 1,
        }),
        "list_threads" => json!({ "threads": [thread], "found_threads": 1 }),
        "get_chat" => json!({ "id": chat, "users": [me], "thread": thread }),
        "get_customer" => me,
        "get_form" => json!({ "enabled": false }),
        "list_group_statuses" => json!({ "groups_status": { "0": "online" } }),
        _ => json!({}),
    }
}

/// What a good token service answers.
pub fn good_token(secret: &str) -> Json {
    json!({
        "access_token": secret, "entity_id": "me", "expires_in": 28_800, "token_type": "Bearer",
        "organization_id": "org",
    })
}
