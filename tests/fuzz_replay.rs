//! What fuzzing has found, run again: the corpora of `fuzz/corpus`, and inputs that once broke something.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::{Path, PathBuf};

/// The inputs of a target, in a fixed order.
fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str, body: fn(&[u8])) {
    let files = inputs(target);
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
