//! What the fuzz targets do with their bytes, and what must hold whatever the bytes are.
//!
//! Included by the targets of `fuzz/targets` and, by its path, by `tests/fuzz_replay.rs`.

mod args;
mod bytes;
mod frame;
mod script;
mod store;
mod truth;
mod world;

#[path = "../../tests/it/methods.rs"]
mod methods;
#[path = "../../tests/shared/mutants.rs"]
mod mutants;
#[path = "../../tests/shared/platform.rs"]
mod platform;
// Only what arrives as a push is wanted here.
#[allow(dead_code)]
#[path = "../../tests/it/samples.rs"]
mod samples;

pub use args::args;
pub use frame::frame;
pub use script::script;
pub use store::store;

/// A stack like the one that the core has in a browser: what nests too deep must be refused before it is walked.
const STACK: usize = 1 << 20;

/// Runs one input. On a thread of its own, because ids are numbered by thread: no input sees what another one left.
///
/// # Panics
/// If the core does, or if it breaks a promise.
pub fn run(body: fn(&[u8]), input: &[u8]) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    std::thread::scope(|scope| {
        let end = thread.spawn_scoped(scope, || body(input)).expect("a thread").join();
        end.unwrap_or_else(|cause| std::panic::resume_unwind(cause));
    });
}
