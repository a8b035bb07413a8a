// `npm run lint`: the format and clippy, as `npm test` checks them. `cargo fmt --all` repairs the first.
process.argv.push("--only", "format,lint");
await import("./test.mjs");
