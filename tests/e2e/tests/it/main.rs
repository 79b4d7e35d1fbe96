//! The program over real HTTP, and the invariants of the house.

mod bad_days;
mod demo;
mod desk;
mod filing;
mod invariants;
mod line;
mod pdf;
mod routes;
