//! The host against real guests, built from source by its own build: an ordinary démarche and a hostile one.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test says what fails by failing")]

mod build;
mod calls;
mod hostile;
mod install;
mod world;
