//! The act, as variables of its template: an arrêté that grants (permis de stationnement, permission de voirie, police of
//! traffic, in one document as the case needs) or that refuses, and its draft.

mod articles;
mod visas;

use jiff::civil::Date;
use parvis_sdk::{Dossier, SettingsError};
use serde::Serialize;

use crate::{
    french,
    place::Place,
    request::{Nature, Request},
    settings::{Competence, Settings},
    signature::{Matters, Power, Signatory},
    tariff::Estimate,
    workflow::Grounds,
};

/// What an act is made from.
#[derive(Debug)]
pub(crate) struct File<'a> {
    /// Settings of the tenant.
    pub(crate) settings: &'a Settings<'a>,
    /// Dossier.
    pub(crate) dossier: &'a Dossier,
    /// Its request.
    pub(crate) request: Request<'a>,
    /// Its place.
    pub(crate) place: Place<'a>,
    /// What it costs.
    pub(crate) estimate: Option<Estimate<'a>>,
    /// Prescriptions, one a line.
    pub(crate) prescriptions: &'a str,
}

/// Who signs, or nobody yet.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signing<'a> {
    /// A draft: no number, no signature.
    Draft,
    /// Signed.
    By(&'a Signatory<'a>, Power<'a>),
}

/// Variables of the template `documents/acte.typ`.
#[derive(Debug, Serialize)]
pub(crate) struct Act {
    projet: bool,
    titre: String,
    objet: String,
    autorite: String,
    visas: Vec<String>,
    considerants: Vec<String>,
    articles: Vec<Article>,
    fait: String,
    signature: Option<Signature>,
    recours: Vec<String>,
    dossier: String,
}

/// An article.
#[derive(Debug, Serialize)]
struct Article {
    titre: String,
    paragraphes: Vec<String>,
    liste: Vec<String>,
}

/// The signature, as article L212-1 du CRPA wants it.
#[derive(Debug, Serialize)]
struct Signature {
    delegation: Option<String>,
    qualite: String,
    nom: String,
}

impl File<'_> {
    /// Matters that the act rules, hence that its signatory must hold.
    pub(crate) fn matters(&self) -> Matters {
        let elsewhere = self.place.manager.is_some_and(|manager| manager.competence == Competence::Permission);
        let ground = self.request.is_anchored() && !elsewhere;
        Matters { parking: !ground, ground, traffic: self.request.rules_traffic() }
    }

    /// The arrêté that grants.
    pub(crate) fn grant(&self, signing: Signing<'_>) -> Result<Act, SettingsError> {
        let articles = articles::granting(self)?;
        let visas = visas::granting(self, signing)?;
        Ok(self.act(signing, &self.granted_matters(), articles, visas, visas::reasons(self)))
    }

    /// The arrêté that refuses.
    pub(crate) fn refuse(&self, grounds: &Grounds, signing: Signing<'_>) -> Result<Act, SettingsError> {
        let articles = articles::refusing(self);
        let what = self.request.nature.map_or("une occupation", Nature::in_sentence);
        let matter = format!("refus d’occuper temporairement le domaine public pour {what}");
        let visas = visas::refusing(self, grounds, signing)?;
        Ok(self.act(signing, &matter, articles, visas, visas::refusal_reasons(grounds)))
    }

    fn act(
        &self,
        signing: Signing<'_>,
        matter: &str,
        articles: Vec<Article>,
        visas: Vec<String>,
        reasons: Vec<String>,
    ) -> Act {
        let titre = match signing {
            Signing::Draft => "Projet d’arrêté".to_owned(),
            Signing::By(signatory, _) => format!("Arrêté n° {}", signatory.number),
        };
        Act {
            projet: matches!(signing, Signing::Draft),
            titre,
            objet: format!("portant {matter}"),
            autorite: self.settings.executif_qualite.to_string(),
            visas,
            considerants: reasons,
            articles,
            fait: self.made(signing),
            signature: self.signature(signing),
            recours: self.remedies(),
            dossier: self.dossier.number.clone(),
        }
    }

    fn granted_matters(&self) -> String {
        let matters = self.matters();
        let title = if matters.ground { "permission de voirie" } else { "permis de stationnement" };
        let traffic =
            if matters.traffic { " et réglementation temporaire de la circulation et du stationnement" } else { "" };
        format!("{title}{traffic}")
    }

    fn made(&self, signing: Signing<'_>) -> String {
        match signing {
            Signing::Draft => format!("Fait à {}, le … (projet)", self.settings.ville),
            Signing::By(signatory, _) => format!("Fait à {}, le {}", self.settings.ville, french::day(signatory.day)),
        }
    }

    fn signature(&self, signing: Signing<'_>) -> Option<Signature> {
        let Signing::By(signatory, power) = signing else { return None };
        let nom = format!("{} {}", signatory.given_name, signatory.family_name);
        Some(match power {
            Power::Own => Signature { delegation: None, qualite: self.settings.executif_qualite.to_string(), nom },
            Power::Delegated(delegation) => Signature {
                delegation: Some(self.settings.executif_delegation.to_string()),
                qualite: delegation.qualite.to_string(),
                nom,
            },
        })
    }

    fn remedies(&self) -> Vec<String> {
        let tribunal = &self.settings.tribunal;
        vec![
            "Cet arrêté peut faire l’objet d’un recours gracieux devant son auteur dans les deux mois qui suivent sa \
             notification."
                .to_owned(),
            format!(
                "Il peut aussi être contesté devant le {tribunal}, dans les deux mois qui suivent sa notification ou sa \
                 publication, ou le rejet du recours gracieux, par courrier ou sur www.telerecours.fr (articles R421-1 et \
                 R421-5 du code de justice administrative)."
            ),
        ]
    }

    /// The day on which the act must be displayed on site.
    pub(crate) fn display_by(&self) -> Option<Date> {
        let stay = self.request.stay?;
        Some(parvis_sdk::calendar::plus_days(stay.first, -i64::from(self.settings.affichage_jours)))
    }

    /// What is due, in words: "43,20 €", or why nothing is.
    pub(crate) fn due(&self) -> String {
        match &self.estimate {
            Some(estimate) if estimate.total.is_zero() => "aucun".to_owned(),
            Some(estimate) => french::euros(estimate.total),
            None => "aucun tarif n’est en vigueur à cette date".to_owned(),
        }
    }
}

/// A text of an agent or of a setting, as the end of a sentence: without its own full stop.
fn clause(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ';', ' '])
}
