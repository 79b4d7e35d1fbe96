//! Accounts of citizens: create, confirm, sign in, choose a new password. An account belongs to one town.
//!
//! Nobody learns here whether an address has an account, except by its mailbox: answers and the work done are the same.
//! Never knows cookies; sessions are [`crate::sessions`]'s.

mod account;
mod creation;
mod mails;
mod recovery;
mod signing_in;

pub use account::{Account, ProfileChange, account, change_password, update_profile};
pub use creation::{NewAccount, confirm, create};
pub use recovery::{check_recovery, forgotten, recover};
pub use signing_in::sign_in;

use std::time::Duration;

use parvis_store::StoreError;

use crate::{
    passwords::WeakPassword,
    policy::Denied,
    pools::Busy,
    throttle::{GuessError, Throttled},
};

/// How long the link that confirms an address serves.
pub const CONFIRMATION: Duration = Duration::from_hours(24);
/// How long the link that lets choose a new password serves.
pub const RECOVERY: Duration = Duration::from_mins(30);

/// Why an account gave nothing. The sentence of each case is for the citizen.
#[derive(Debug, thiserror::Error)]
pub enum CompteError {
    /// The address is not one.
    #[error("Saisissez une adresse électronique, par exemple nom@exemple.fr.")]
    Email,
    /// The password is refused.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The name is over-long.
    #[error("Raccourcissez votre nom : 80 caractères au plus.")]
    NameTooLong,
    /// The address or the password is wrong, or the account does not exist: one sentence for all.
    #[error("Adresse ou mot de passe incorrect. Vérifiez votre saisie, ou choisissez un nouveau mot de passe.")]
    Wrong,
    /// The right password, and the address was not confirmed yet: a new link has left.
    #[error("Confirmez d’abord votre adresse : nous venons de vous envoyer un nouveau lien.")]
    Unconfirmed,
    /// The link does not serve: used, expired or wrong.
    #[error("Ce lien ne sert plus : il a expiré ou a déjà été utilisé. Demandez-en un nouveau.")]
    Link,
    /// Too many attempts.
    #[error("Trop d’essais. Attendez un peu avant de recommencer, ou choisissez un nouveau mot de passe.")]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Too much work is waiting.
    #[error("Le service est très demandé. Réessayez dans quelques secondes.")]
    Busy,
    /// The policy refuses.
    #[error("Connectez-vous pour continuer.")]
    Denied(#[from] Denied),
    /// The database does not answer.
    #[error("Le service ne répond pas. Réessayez dans quelques minutes.")]
    Store(#[from] StoreError),
}

impl From<Busy> for CompteError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<Throttled> for CompteError {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl From<GuessError> for CompteError {
    fn from(error: GuessError) -> Self {
        match error {
            GuessError::Throttled(throttled) => throttled.into(),
            GuessError::Store(error) => error.into(),
        }
    }
}

/// Longest name.
const LONGEST_NAME: usize = 80;

fn checked_name(name: &str) -> Result<String, CompteError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME { Err(CompteError::NameTooLong) } else { Ok(name) }
}
