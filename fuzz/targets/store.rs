#![no_main]

use palaver_fuzz::{run, store};

libfuzzer_sys::fuzz_target!(|input: &[u8]| run(store, input));
