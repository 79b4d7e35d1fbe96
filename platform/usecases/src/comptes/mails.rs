//! The mails of accounts: short, without blame, and never a word on whether an account exists to who does not hold the
//! mailbox.

use crate::{outgoing::MailPayload, parvis::Town};

/// The address must be confirmed before the account serves.
pub(super) fn confirm(town: &Town, to: &str, token: &str) -> MailPayload {
    let link = town.url(&format!("/compte/confirmer/{token}"));
    mail(
        town,
        to,
        "Confirmez votre adresse électronique",
        &format!(
            "Vous avez demandé à créer un compte sur {site}.\n\nPour confirmer votre adresse, ouvrez ce lien dans les 24 \
             heures :\n{link}\n\nSi vous n’avez rien demandé, ne faites rien : le compte ne servira pas.",
            site = town.profile.short_name(),
        ),
    )
}

/// Someone asked for an account on an address that has one.
pub(super) fn already(town: &Town, to: &str) -> MailPayload {
    let sign_in = town.url("/compte/connexion");
    let forgotten = town.url("/compte/mot-de-passe");
    mail(
        town,
        to,
        "Vous avez déjà un compte",
        &format!(
            "Vous avez demandé à créer un compte sur {site}, et vous en avez déjà un.\n\nPour vous connecter :\n{sign_in}\n\n\
             Si vous avez oublié votre mot de passe :\n{forgotten}\n\nSi vous n’avez rien demandé, ne faites rien.",
            site = town.profile.short_name(),
        ),
    )
}

/// A new password may be chosen.
pub(super) fn forgotten(town: &Town, to: &str, token: &str) -> MailPayload {
    let link = town.url(&format!("/compte/mot-de-passe/{token}"));
    mail(
        town,
        to,
        "Choisissez un nouveau mot de passe",
        &format!(
            "Vous avez demandé à changer votre mot de passe sur {site}.\n\nPour en choisir un nouveau, ouvrez ce lien dans \
             les 30 minutes :\n{link}\n\nCe lien ne sert qu’une fois. Si vous n’avez rien demandé, ne faites rien : votre \
             mot de passe ne change pas.",
            site = town.profile.short_name(),
        ),
    )
}

/// The account is locked for a while: who holds the mailbox gets in by choosing a new password.
pub(super) fn locked(town: &Town, to: &str, token: &str) -> MailPayload {
    let link = town.url(&format!("/compte/mot-de-passe/{token}"));
    mail(
        town,
        to,
        "Votre compte est protégé pendant 15 minutes",
        &format!(
            "Plusieurs mots de passe faux ont été essayés sur votre compte de {site}. Pour le protéger, nous l’avons \
             verrouillé pendant 15 minutes.\n\nPour vous connecter sans attendre, choisissez un nouveau mot de passe dans \
             les 30 minutes :\n{link}\n\nSi ces essais ne viennent pas de vous, vous n’avez rien à faire.",
            site = town.profile.short_name(),
        ),
    )
}

/// The password has changed.
pub(super) fn changed(town: &Town, to: &str) -> MailPayload {
    mail(
        town,
        to,
        "Votre mot de passe a changé",
        &format!(
            "Le mot de passe de votre compte sur {site} vient d’être changé, et vos autres connexions ont été fermées.\n\n\
             Si ce n’est pas vous, demandez aussitôt un nouveau mot de passe :\n{link}",
            site = town.profile.short_name(),
            link = town.url("/compte/mot-de-passe"),
        ),
    )
}

fn mail(town: &Town, to: &str, subject: &str, body: &str) -> MailPayload {
    let profile = &town.profile;
    let body = format!("Bonjour,\n\n{body}\n\n{name}\n{phone}\n", name = profile.name, phone = profile.contact.phone);
    MailPayload { to: to.to_owned(), subject: subject.to_owned(), body, attachments: Vec::new() }
}
