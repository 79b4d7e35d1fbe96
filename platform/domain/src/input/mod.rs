//! What a person typed, and the answer it stands for.
//!
//! A form posts names and texts. [`Raw`] is what was typed for one question, kept as it is when it is wrong;
//! [`parse()`] turns it into a [`Value`](crate::value::Value), or says by an [`InputError`] what to do, in French, with
//! the words of the label. Empty is not an error here: whether a question must be answered is the journey's business.
//! This module never knows where the question stands, nor who asks.

mod address;
mod check;
mod date;
mod error;
mod message;
mod number;
mod parse;
mod raw;
mod reading;

#[cfg(test)]
mod tests;

pub use check::{check, fits};
pub use error::{Asked, Cause, InputError, Part};
pub use parse::parse;
pub use raw::{FormData, Raw, RawAnswers, name_of, part_name_of, raw_of};
pub use reading::{Reading, read};
