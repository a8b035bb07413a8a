//! Palaver: a customer-side chat SDK for web pages, in WebAssembly.
//!
//! The map is `ARCHITECTURE.md`. Everything that decides ([`session`], [`protocol`], [`model`]) performs nothing and
//! compiles natively; what performs (`platform`, `driver`, `api`) exists in the browser only.
#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod session;

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod driver;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod platform;

/// Constant time whatever the heap looks like, and a third of the standard allocator's download.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
