//! What the documents and the types say is what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use palaver::model::notice::EVENTS;
use serde_json::Value as Json;

use crate::sim::Sim;

fn read(path: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_map_fits_on_a_wall() {
    assert!(read("ARCHITECTURE.md").lines().count() <= 120);
}

#[test]
fn every_event_is_typed_and_every_typed_event_exists() {
    let types = read("src/api/palaver.d.ts");
    let map = types.split_once("export interface EventMap {").unwrap().1.split_once("\n}").unwrap().0;
    let typed: BTreeSet<&str> = map
        .lines()
        .filter(|line| {
            line.starts_with("  ") && !line.starts_with("   ") && !line.trim_start().starts_with(['*', '/', '}'])
        })
        .filter_map(|line| line.trim().split_once(':').map(|(name, _)| name))
        .collect();
    let known: BTreeSet<&str> = EVENTS.iter().map(|name| name.as_str()).collect();
    assert_eq!(typed, known);
}

#[test]
fn the_types_have_no_any() {
    for line in read("src/api/palaver.d.ts").lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
        assert!(!line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "any"), "{line}");
    }
}

#[test]
fn the_shell_has_every_method_of_the_types() {
    let types = read("src/api/palaver.d.ts");
    let shell = ["src/js/index.js", "src/js/files.js"].map(read).concat();
    let api = types.split_once("export interface Api {").unwrap().1.split_once("\n}").unwrap().0;
    let mut methods = 0;
    for line in api.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.trim().trim_start_matches("readonly ").split(['(', '<', ':']).next().unwrap();
        if name.is_empty() || !name.chars().all(char::is_alphanumeric) {
            continue;
        }
        let is_there = [format!("{name}:"), format!("\"{name}\""), format!("get {name}()")]
            .iter()
            .any(|form| shell.contains(form));
        assert!(is_there, "{name}");
        methods += 1;
    }
    assert!(methods >= 57, "{methods} methods");
}

#[test]
fn every_code_that_the_sdk_makes_is_typed() {
    let source = read("src/model/error.rs");
    let types = read("src/api/palaver.d.ts");
    let codes: Vec<&str> =
        source.lines().filter_map(|line| line.trim().strip_prefix("pub const ")?.split('"').nth(1)).collect();
    assert!(codes.len() >= 8, "{codes:?}");
    for code in codes {
        assert!(types.contains(&format!("\"{code}\"")), "{code}");
    }
}

/// The stand-in is made to send a structure with each word that the platform has, and each push; the page is told it.
#[test]
fn every_word_of_the_platform_comes_through() {
    let groups: Json = serde_json::from_str(&read("tests/shared/words.json")).unwrap();
    let mut sent = 0;
    for (title, group) in groups.as_object().unwrap() {
        let (mut sim, _) = Sim::in_chat();
        for word in group["words"].as_array().unwrap() {
            let with_word = |act: &Json| serde_json::from_str(&act.to_string().replace("\"$word\"", &word.to_string()));
            if let Some(act) = group.get("agent") {
                sim.told.clear();
                sim.agent(with_word(act).unwrap());
            } else {
                sim.connect();
                sim.told.clear();
                sim.fault(with_word(&group["fault"]).unwrap());
            }
            sim.run(1_000);
            let quoted = word.to_string();
            let is_it = |name: &str, told: &Json| match title.as_str() {
                "Pushes" => word == name,
                _ => name != "state" && told.to_string().contains(&quoted),
            };
            assert!(sim.told.iter().any(|(name, told)| is_it(name, told)), "{title}: {word} was told as {:?}", sim.told);
            sent += 1;
        }
    }
    assert!(sent >= 148, "{sent} words");
}
