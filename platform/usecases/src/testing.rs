//! A town to test with.
