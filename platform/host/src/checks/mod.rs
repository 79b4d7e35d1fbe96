//! The checks of rights and limits on what goes in and what comes out, once for every contract.
//!
//! [`input`] measures what is given, [`form`] holds what `evaluate` and `offers` say to the definition, [`decision`]
//! holds a decision to it: one wrong effect refuses the whole.

pub(crate) mod catalogue;
pub(crate) mod decision;
pub(crate) mod form;
pub(crate) mod input;

#[cfg(test)]
pub(crate) mod fixture;
