#![no_main]

use palaver_fuzz::{args, run};

libfuzzer_sys::fuzz_target!(|input: &[u8]| run(args, input));
