#![no_main]

use palaver_fuzz::{frame, run};

libfuzzer_sys::fuzz_target!(|input: &[u8]| run(frame, input));
