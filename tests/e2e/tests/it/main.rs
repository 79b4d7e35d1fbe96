//! The program over real HTTP, and the invariants of the house.

mod invariants;
