//! The accusé de réception électronique (articles L112-11 and R112-11-1 du CRPA): its content as values, so that the
//! mail, the page and the PDF say the same. The platform alone writes it; a démarche never does.

use jiff::civil::Date;
use parvis_contract::{LegalCard, Nature, Silence};

use crate::time::Instant;

/// The service in charge, as R112-11-1 wants it named: an address, electronic or postal, and a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceInCharge {
    /// Name, with the collectivité's.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address, on one line.
    pub address: Option<String>,
    /// Phone.
    pub phone: String,
}

/// What silence will mean, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilenceMention {
    /// Meaning of silence.
    pub silence: Silence,
    /// Date at which, failing an express decision, the request is deemed accepted or refused.
    pub on: Date,
    /// Text that gives silence its meaning.
    pub basis: String,
    /// Voies et délais de recours, when silence is a refusal.
    pub remedies: Option<String>,
}

/// The content of an accusé de réception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Number of the dossier.
    pub number: String,
    /// Title of the démarche.
    pub title: String,
    /// When it was received.
    pub received_at: Instant,
    /// Who handles it.
    pub service: ServiceInCharge,
    /// What silence will mean; `None` when no decision is expected.
    pub silence: Option<SilenceMention>,
}

impl Receipt {
    /// The receipt of a request; `term` is the day computed from the legal card.
    pub fn new(
        number: String,
        title: String,
        received_at: Instant,
        service: ServiceInCharge,
        legal: &LegalCard,
        term: Option<Date>,
    ) -> Self {
        let silence = match legal.nature {
            Nature::Demande => term.filter(|_| legal.silence != Silence::SansEffet),
            Nature::Declaration | Nature::Information => None,
        }
        .map(|on| SilenceMention {
            silence: legal.silence,
            on,
            basis: legal.silence_basis.clone(),
            remedies: (legal.silence == Silence::Rejet).then(|| legal.remedies.clone()),
        });
        Self { number, title, received_at, service, silence }
    }
}

impl SilenceMention {
    /// The sentence of the law; `on` is the date in full ("5 mars 2026").
    pub fn sentence(&self, on: &str) -> String {
        let basis = &self.basis;
        match self.silence {
            Silence::Acceptation => format!(
                "Sans décision expresse, et sous réserve que la demande soit complète, elle sera réputée acceptée le {on} \
                 ({basis}). Vous pourrez alors demander l’attestation prévue à l’article L232-3 du code des relations \
                 entre le public et l’administration."
            ),
            Silence::Rejet => format!(
                "Sans décision expresse, et sous réserve que la demande soit complète, elle sera réputée rejetée le {on} \
                 ({basis})."
            ),
            Silence::SansEffet => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use parvis_contract::Term;

    use super::*;

    fn card(nature: Nature, silence: Silence) -> LegalCard {
        LegalCard {
            nature,
            silence,
            term: Some(Term::Months(2)),
            silence_basis: "article L231-4".to_owned(),
            texts: Vec::new(),
            remedies: "Tribunal administratif, deux mois.".to_owned(),
            algorithmic: None,
        }
    }

    fn receipt(legal: &LegalCard) -> Receipt {
        let service = ServiceInCharge {
            name: "Voirie".to_owned(),
            email: Some("voirie@valbrune.example".to_owned()),
            address: None,
            phone: "01 99 00 12 34".to_owned(),
        };
        let at = Instant::from_micros(0);
        Receipt::new("ODP-2026-000001".to_owned(), "Benne".to_owned(), at, service, legal, Some(date(2026, 3, 5)))
    }

    #[test]
    fn silence_that_refuses_comes_with_the_ways_of_appeal() {
        let mention = receipt(&card(Nature::Demande, Silence::Rejet)).silence.unwrap();
        assert!(mention.remedies.is_some());
        let sentence = mention.sentence("5 mars 2026");
        assert!(sentence.contains("réputée rejetée le 5 mars 2026") && sentence.contains("sous réserve"), "{sentence}");
    }

    #[test]
    fn silence_that_accepts_comes_with_the_attestation() {
        let mention = receipt(&card(Nature::Demande, Silence::Acceptation)).silence.unwrap();
        assert_eq!(mention.remedies, None);
        assert!(mention.sentence("5 mars 2026").contains("L232-3"));
    }

    #[test]
    fn a_declaration_expects_no_decision() {
        assert_eq!(receipt(&card(Nature::Declaration, Silence::Rejet)).silence, None);
        assert_eq!(receipt(&card(Nature::Demande, Silence::SansEffet)).silence, None);
    }
}
