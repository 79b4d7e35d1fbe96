//! The plugin host: démarches run here, as WebAssembly components that import nothing.
//!
//! [`Host`] implements the domain's [`Rules`](parvis_domain::rules::Rules) and
//! [`Installer`](parvis_domain::ports::Installer). A call takes five steps: look the component up by its digest, measure
//! the input, instantiate afresh within the [`Limits`], let the adapter of its contract convert and call, check the
//! answer against the definition. Only the adapters know a published contract; only this crate names wasmtime.
//!
//! This crate never knows a tenant, a database nor a démarche: a component is its bytes, and what it may do is written
//! in its own definition. Start reading at [`Host`], then `call`, then `checks`.

mod adapter;
mod call;
mod checks;
mod code_cache;
mod compile;
mod definition;
mod engine;
mod host;
mod limits;

pub mod build;

pub use code_cache::CodeCache;
pub use compile::{CompileChildError, Compiler, compile_child_main};
pub use definition::check as check_definition;
pub use host::{Host, HostConfig, HostError};
pub use limits::{LimitError, Limits};
