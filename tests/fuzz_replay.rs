//! What fuzzing has found, run again: inputs that once broke something (`fuzz/regressions`), and the corpora, which
//! reach what the fuzzer has reached (`npm run proof -- --only 11 --keep` renews them).
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::{Path, PathBuf};

/// The inputs of a target in one of the folders, in a fixed order.
fn inputs(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str, body: fn(&[u8])) {
    let mut files = inputs("regressions", target);
    files.extend(inputs("corpus", target));
    for file in &files {
        let input = fs::read(file).unwrap();
        // The name of the input stands in the output of a failure.
        println!("{}", file.display());
        fuzz::run(body, &input);
    }
    assert!(files.len() >= 20, "a corpus of {} inputs", files.len());
}

#[test]
fn frames() {
    replay("frame", fuzz::frame);
}

#[test]
fn scripts() {
    replay("script", fuzz::script);
}

#[test]
fn stores() {
    replay("store", fuzz::store);
}

#[test]
fn arguments() {
    replay("args", fuzz::args);
}
