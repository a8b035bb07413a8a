#![no_main]

use palaver_fuzz::{run, script};

libfuzzer_sys::fuzz_target!(|input: &[u8]| run(script, input));
