//! Who may sign: the executive, or whoever holds a délégation that covers the matters and the day.

use jiff::civil::Date;
use parvis_sdk::{Answers, Context, Refusal, SettingsError};

use crate::{
    french,
    settings::{Delegation, Settings, on},
};

/// Matters of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matters {
    /// Permis de stationnement (article L2213-6 du CGCT).
    pub parking: bool,
    /// Permission de voirie (article L113-2 du code de la voirie routière).
    pub ground: bool,
    /// Police of traffic (article L2213-1 du CGCT).
    pub traffic: bool,
}

/// Who signs, as the platform says in `context.extra` of an action that signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory<'a> {
    /// Given name.
    pub given_name: &'a str,
    /// Family name.
    pub family_name: &'a str,
    /// Sign-in address.
    pub email: &'a str,
    /// Number that the act takes; a trial dossier takes none.
    pub number: &'a str,
    /// Day of the signature.
    pub day: Date,
}

impl<'a> Signatory<'a> {
    /// The facts of the platform; an action that signs without them is refused.
    pub fn of(context: &'a Context) -> Result<Self, Refusal> {
        let extra = Answers::new(&context.extra);
        let missing = |what: &str| Refusal::Unexpected(format!("La signature n’est pas possible : {what} manque."));
        let number = match extra.text("numero_acte") {
            Some(number) => number,
            None if context.trial => "ESSAI",
            None => return Err(missing("le numéro de l’acte")),
        };
        Ok(Self {
            given_name: extra.text("signataire.prenom").ok_or_else(|| missing("le prénom du signataire"))?,
            family_name: extra.text("signataire.nom").ok_or_else(|| missing("le nom du signataire"))?,
            email: extra.text("signataire.email").ok_or_else(|| missing("l’adresse du signataire"))?,
            number,
            day: extra
                .date("date_acte")
                .or_else(|| parvis_sdk::date(&context.now))
                .ok_or_else(|| missing("la date de l’acte"))?,
        })
    }
}

/// By what right the act is signed.
#[derive(Debug, Clone, Copy)]
pub enum Power<'s> {
    /// The executive signs.
    Own,
    /// By délégation.
    Delegated(&'s Delegation<'s>),
}

/// The power of a signatory on these matters, this day; else the reason, in one sentence.
pub fn power<'s>(
    settings: &'s Settings<'s>,
    email: &str,
    matters: Matters,
    day: Date,
) -> Result<Result<Power<'s>, String>, SettingsError> {
    if same(&settings.executif_email, email) {
        return Ok(Ok(Power::Own));
    }
    let mut refused = None;
    for delegation in settings.delegations.iter().filter(|delegation| same(&delegation.email, email)) {
        match refusal(delegation, matters, day)? {
            None => return Ok(Ok(Power::Delegated(delegation))),
            Some(reason) => refused = refused.or(Some(reason)),
        }
    }
    Ok(Err(refused.unwrap_or_else(|| {
        "Vous n’avez pas de délégation de signature pour cette démarche. Faites signer par une personne qui en a une."
            .to_owned()
    })))
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn refusal(delegation: &Delegation<'_>, matters: Matters, day: Date) -> Result<Option<String>, SettingsError> {
    let number = &delegation.numero;
    let uncovered = [
        (matters.parking && !delegation.stationnement, "les permis de stationnement"),
        (matters.ground && !delegation.voirie, "les permissions de voirie"),
        (matters.traffic && !delegation.circulation, "la police de la circulation"),
    ];
    if let Some((_, matter)) = uncovered.into_iter().find(|(missing, _)| *missing) {
        return Ok(Some(format!(
            "Votre délégation n° {number} ne couvre pas {matter}. Faites signer par une personne qui en a le pouvoir."
        )));
    }
    let published = on("delegations.publiee_le", &delegation.publiee_le)?;
    let start = on("delegations.debut", &delegation.debut)?.max(published);
    let end = delegation.fin.as_deref().map(|end| on("delegations.fin", end)).transpose()?;
    if day < start || end.is_some_and(|end| day > end) {
        let day = french::day(day);
        return Ok(Some(format!(
            "Votre délégation n° {number} n’est pas en vigueur le {day}. Faites signer par une personne qui en a le pouvoir."
        )));
    }
    Ok(None)
}

/// « Vu l’arrêté n° … » of the délégation.
pub fn visa(delegation: &Delegation<'_>) -> Result<String, SettingsError> {
    let date = french::day(on("delegations.date", &delegation.date)?);
    let published = french::day(on("delegations.publiee_le", &delegation.publiee_le)?);
    Ok(format!("l’arrêté n° {} du {date}, publié le {published}, portant délégation de signature", delegation.numero))
}
