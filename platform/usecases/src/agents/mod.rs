//! Agents: one person of the deployment each (D13), with what she holds in each town.
//!
//! Identity and second factor are the platform's; grants come from the town's folder and are read at each request.
//! Nobody enters with a password alone, except the demonstration's own accounts, in the demonstration. Never knows
//! cookies.

mod identity;
mod invitation;
mod people;
mod signing_in;
mod totp;

pub use identity::{
    Kind, NewAgent, Synced, create, demo_accounts_exist, is_known, role_label, set_password, sync_grants,
};
pub use invitation::{INVITATION, accept_invitation, check_invitation, invite};
pub use people::{AgentCard, Colleague, agents_in_town, card, colleagues, names};
pub use signing_in::{Step, pending, second_factor, sign_in};
pub use totp::Enrolment;
#[cfg(any(test, feature = "testing"))]
pub(crate) use totp::code_of;

use std::time::Duration;

use parvis_store::{StoreError, agents::Agent};
use parvis_vault::VaultError;

use crate::{
    parvis::{Mode, Town},
    passwords::WeakPassword,
    policy::Denied,
    pools::Busy,
    throttle::{GuessError, Throttled},
};

/// Why an agent got nothing. The sentence of each case is for her.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The address is not one.
    #[error("Saisissez une adresse électronique, par exemple prenom.nom@commune.fr.")]
    Email,
    /// The SIRET is not one.
    #[error("Saisissez les 14 chiffres du SIRET de l’employeur.")]
    Siret,
    /// The password is refused.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Someone has this address already.
    #[error("Un agent a déjà cette adresse.")]
    Taken,
    /// Nobody has this address.
    #[error("Aucun agent n’a cette adresse.")]
    Unknown,
    /// The address or the password is wrong.
    #[error("Adresse ou mot de passe incorrect. Vérifiez votre saisie.")]
    Wrong,
    /// The code is wrong, or served already.
    #[error("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et saisissez-le.")]
    WrongCode,
    /// The right password, and no right here.
    #[error("Vous n’avez pas de droits dans cette collectivité. Demandez-les à son administrateur.")]
    NoRights,
    /// The link, or the step of signing in, does not serve any more.
    #[error("Ce lien ne sert plus : il a expiré ou a déjà été utilisé. Demandez-en un nouveau.")]
    Link,
    /// Too many attempts.
    #[error("Trop d’essais. Attendez un peu avant de recommencer.")]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Too much work is waiting.
    #[error("Le service est très demandé. Réessayez dans quelques secondes.")]
    Busy,
    /// The policy refuses.
    #[error("Cette page ne vous est pas ouverte.")]
    Denied(#[from] Denied),
    /// The second factor cannot be read or written.
    #[error("Le second facteur ne peut pas être lu. Prévenez votre administrateur.")]
    SecondFactor,
    /// The vault's key does not open the second factor.
    #[error("Le second facteur ne peut pas être lu. Prévenez votre administrateur.")]
    Vault(#[from] VaultError),
    /// The database does not answer.
    #[error("Le service ne répond pas. Réessayez dans quelques minutes.")]
    Store(#[from] StoreError),
}

impl From<Busy> for AgentError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<Throttled> for AgentError {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl From<GuessError> for AgentError {
    fn from(error: GuessError) -> Self {
        match error {
            GuessError::Throttled(throttled) => throttled.into(),
            GuessError::Store(error) => error.into(),
        }
    }
}

/// Whether an agent may enter a town at all: its folder names her employer, nobody disabled her, and a demonstration
/// account enters the demonstration only.
pub(crate) fn may_enter(town: &Town, agent: &Agent) -> bool {
    let employer = town.profile.agents.sirets.contains(&agent.siret);
    let place = !agent.demo || town.parvis.config.mode == Mode::Demo;
    employer && place && agent.disabled_at.is_none()
}
