//! Passwords: which are accepted, how they are kept (Argon2id), and how one is checked in the same time whether the
//! account exists or not.
//!
//! Never knows whose they are: citizens and agents go through here. Hashing runs on its bounded pool.

mod weak;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::{PasswordHash, Salt},
};
use parvis_domain::time::Entropy;
use zeroize::Zeroizing;

use crate::pools::{Busy, Pool};

/// Fewest characters.
pub const LEAST: usize = 12;
/// Most characters.
pub const MOST: usize = 128;

/// A password as typed; wiped when dropped, never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// As typed.
    pub fn new(typed: &str) -> Self {
        Self(Zeroizing::new(typed.to_owned()))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("Choisissez un mot de passe d’au moins 12 caractères.")]
    TooShort,
    /// Too long.
    #[error("Choisissez un mot de passe de 128 caractères au plus.")]
    TooLong,
    /// One of those that are tried first.
    #[error("Ce mot de passe est trop courant : il serait essayé en premier. Choisissez-en un autre.")]
    Common,
    /// The address, or nearly.
    #[error("Choisissez un mot de passe qui ne reprend pas votre adresse électronique.")]
    LikeEmail,
}

/// What it costs to hash a password; kept with each hash, so that it may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for HashCost {
    /// The first choice of the OWASP cheat sheet for one lane.
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2 }
    }
}

impl HashCost {
    fn hasher(self) -> Argon2<'static> {
        let params = Params::new(self.memory.max(8), self.passes.max(1), 1, None).unwrap_or(Params::DEFAULT);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Whether a password is good enough for an account.
pub fn check(password: &Password, email: &str) -> Result<(), WeakPassword> {
    let length = password.0.chars().count();
    if length < LEAST {
        return Err(WeakPassword::TooShort);
    }
    if length > MOST {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.0.to_lowercase();
    let local = email.split('@').next().unwrap_or(email).to_lowercase();
    if lower == email.to_lowercase() || weak::is_repetition_of(&lower, &local) {
        return Err(WeakPassword::LikeEmail);
    }
    if weak::is_common(&lower) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// The hash to keep, as a PHC string.
pub async fn hash(pool: &Pool, cost: HashCost, password: Password, entropy: &dyn Entropy) -> Result<String, Busy> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    pool.run(move || hash_now(cost, &password, &salt)).await
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, and its hash must be replaced by this one: costs have changed.
    RightRehashed(String),
    /// It is not.
    Wrong,
}

/// Checks a password against what is kept; without anything kept, the same work is done and the answer is no.
pub async fn verify(
    pool: &Pool,
    cost: HashCost,
    password: Password,
    kept: Option<String>,
    entropy: &dyn Entropy,
) -> Result<Verdict, Busy> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    pool.run(move || verify_now(cost, &password, kept.as_deref(), &salt)).await
}

fn hash_now(cost: HashCost, password: &Password, salt: &[u8]) -> String {
    let salt = Salt::new(salt).expect("sixteen octets are a salt");
    cost.hasher()
        .hash_password_with_salt(password.0.as_bytes(), &salt)
        .expect("a password of bounded length can be hashed")
        .to_string()
}

fn verify_now(cost: HashCost, password: &Password, kept: Option<&str>, salt: &[u8]) -> Verdict {
    let Some(parsed) = kept.and_then(|kept| PasswordHash::new(kept).ok()) else {
        hash_now(cost, password, salt);
        return Verdict::Wrong;
    };
    if cost.hasher().verify_password(password.0.as_bytes(), &parsed).is_err() {
        return Verdict::Wrong;
    }
    let current = cost.hasher();
    let same = Params::try_from(&parsed).is_ok_and(|params| {
        params.m_cost() == current.params().m_cost() && params.t_cost() == current.params().t_cost()
    });
    if same { Verdict::Right } else { Verdict::RightRehashed(hash_now(cost, password, salt)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory: 64, passes: 1 };

    fn checked(password: &str) -> Result<(), WeakPassword> {
        check(&Password::new(password), "camille.ferrand@exemple.example")
    }

    #[test]
    fn any_composition_of_twelve_characters_is_accepted() {
        assert_eq!(checked("le lac gèle en hiver"), Ok(()));
        assert_eq!(checked("ééééàààà1 b "), Ok(()));
    }

    #[test]
    fn short_long_common_and_guessable_passwords_are_refused() {
        assert_eq!(checked("onze lettre"), Err(WeakPassword::TooShort));
        assert_eq!(checked(&"a b".repeat(50)), Err(WeakPassword::TooLong));
        for common in ["motdepasse123", "Password1234", "aaaaaaaaaaaa", "123456789012", "azertyuiop12", "abcabcabcabc"]
        {
            assert_eq!(checked(common), Err(WeakPassword::Common), "{common}");
        }
        assert_eq!(checked("Camille.Ferrand@exemple.example"), Err(WeakPassword::LikeEmail));
        assert_eq!(checked("camille.ferrand1"), Err(WeakPassword::LikeEmail));
    }

    #[test]
    fn a_hash_made_at_another_cost_is_made_again() {
        let password = Password::new("le lac gèle en hiver");
        let kept = hash_now(CHEAP, &password, &[1; 16]);
        assert_eq!(verify_now(CHEAP, &password, Some(&kept), &[2; 16]), Verdict::Right);
        let dearer = HashCost { memory: 128, passes: 1 };
        let Verdict::RightRehashed(again) = verify_now(dearer, &password, Some(&kept), &[2; 16]) else {
            panic!("the hash should be made again");
        };
        assert_eq!(verify_now(dearer, &password, Some(&again), &[3; 16]), Verdict::Right);
        assert_eq!(verify_now(CHEAP, &Password::new("autre chose"), Some(&kept), &[2; 16]), Verdict::Wrong);
        assert_eq!(verify_now(CHEAP, &password, None, &[2; 16]), Verdict::Wrong);
    }
}
