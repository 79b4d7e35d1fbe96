//! What no crate can test alone. The tests stand in `tests/it`; this library is empty so that the package has a target.
