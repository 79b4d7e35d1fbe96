//! The host against real guests, built from source by its own build: an ordinary démarche and a hostile one.

mod build;
mod calls;
mod hostile;
mod install;
mod world;
