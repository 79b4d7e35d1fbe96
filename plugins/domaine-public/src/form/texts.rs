//! The legal card, the notice of the RGPD and the mails. What the platform writes by itself is not here: accusé de
//! réception, request for documents, withdrawal, silence.

use parvis_sdk::{
    contract::{LegalCard, Nature, NoticeTemplate, Privacy, Reference, Silence, Term},
    define::notice,
};

/// Reminder that documents are awaited.
pub(crate) const RELANCE: &str = "relance";
/// The act is signed.
pub(crate) const FAVORABLE: &str = "favorable";
/// The refusal is signed.
pub(crate) const REFUSEE: &str = "refusee";
/// Closed for want of an answer.
pub(crate) const SANS_SUITE: &str = "sans-suite";
/// Closed since the first day is past.
pub(crate) const SANS_OBJET: &str = "sans-objet";
/// Sent to the competent authority.
pub(crate) const TRANSMISE: &str = "transmise";
/// Dates or measures were corrected.
pub(crate) const CORRECTION: &str = "correction";

/// The mention of article L311-3-1 du CRPA.
pub(crate) const fn algorithmic() -> &'static str {
    "Le montant des droits de voirie est calculé par un traitement algorithmique, qui applique aux dates et aux mesures \
     de l’occupation le tarif voté par la collectivité. Vous pouvez en demander les règles et les principales \
     caractéristiques au service, puis saisir la CADA en cas de refus (articles L311-3-1 et R311-3-1-1 du CRPA)."
}

pub(super) fn legal() -> LegalCard {
    let reference = |text: &str, about: &str| Reference { text: text.to_owned(), about: about.to_owned() };
    LegalCard {
        nature: Nature::Demande,
        silence: Silence::Rejet,
        term: Some(Term::Months(2)),
        silence_basis: "articles L231-4 et L231-5 du code des relations entre le public et l’administration".to_owned(),
        texts: vec![
            reference(
                "article L2122-1 du code général de la propriété des personnes publiques",
                "nul ne peut occuper le domaine public sans titre",
            ),
            reference(
                "article L2125-1 du code général de la propriété des personnes publiques",
                "l’occupation donne lieu au paiement d’une redevance, sauf exceptions",
            ),
            reference(
                "article L2213-6 du code général des collectivités territoriales",
                "permis de stationnement, contre le paiement de droits",
            ),
            reference(
                "article L113-2 du code de la voirie routière",
                "permission de voirie quand le sol est touché, permis de stationnement sinon",
            ),
        ],
        remedies:
            "Vous pouvez demander au service de revoir la décision, dans les deux mois qui suivent sa réception. \
                   Vous pouvez aussi la contester devant le {{ tribunal }} dans le même délai, par courrier ou sur \
                   www.telerecours.fr."
                .to_owned(),
        algorithmic: Some(algorithmic().to_owned()),
    }
}

pub(super) fn privacy() -> Privacy {
    Privacy {
        purpose:
            "Instruire la demande d’occupation du domaine public, délivrer l’arrêté et percevoir les droits de voirie"
                .to_owned(),
        basis: "Mission d’intérêt public (article 6, 1, e du RGPD)".to_owned(),
        recipients: [
            "le service qui instruit la demande",
            "la voirie et la police municipale, pour avis",
            "l’élu ou l’agent qui signe",
            "le comptable public, pour les droits de voirie",
        ]
        .map(str::to_owned)
        .to_vec(),
        retention_class: "domaine-public".to_owned(),
        retention_months: 60,
    }
}

pub(super) fn notices() -> Vec<NoticeTemplate> {
    vec![
        mail(
            RELANCE,
            "Des documents sont toujours attendus",
            "Bonjour,\n\nIl nous manque encore des documents pour votre demande : {{ objet }}.\n\nVous pouvez les ajouter jusqu’au {{ echeance }}, sur la page de suivi de votre demande. Sans réponse à cette date, la demande peut être classée sans suite.",
            &["objet", "echeance"],
        ),
        mail(
            FAVORABLE,
            "Votre demande d’occupation est acceptée",
            "Bonjour,\n\nVotre demande est acceptée : {{ objet }}.\n\nL’arrêté est joint à ce courriel. Affichez-le sur \
             place au plus tard le {{ affichage }} et gardez-le avec vous pendant l’occupation.\n\nDroits de voirie : \
             {{ montant }}. {{ paiement }}",
            &["objet", "affichage", "montant", "paiement"],
        ),
        mail(
            REFUSEE,
            "Votre demande d’occupation est refusée",
            "Bonjour,\n\nVotre demande est refusée : {{ objet }}.\n\nL’arrêté joint à ce courriel en donne les raisons, \
             avec les voies et délais de recours. Le service répond à vos questions au {{ telephone }}.",
            &["objet", "telephone"],
        ),
        mail(
            SANS_SUITE,
            "Votre demande d’occupation est classée sans suite",
            "Bonjour,\n\nNous n’avons pas reçu les documents demandés dans le délai. Votre demande est classée sans \
             suite : {{ objet }}.\n\nVous pouvez faire une nouvelle demande à tout moment.",
            &["objet"],
        ),
        mail(
            SANS_OBJET,
            "Votre demande d’occupation est sans objet",
            "Bonjour,\n\nLa date de début de votre demande est passée sans décision : {{ objet }}.\n\nLa demande est \
             close. Si vous avez encore besoin d’occuper le domaine public, faites une nouvelle demande ou appelez le \
             service au {{ telephone }}. Sans autorisation, l’occupation n’est pas permise.",
            &["objet", "telephone"],
        ),
        mail(
            TRANSMISE,
            "Votre demande d’occupation est transmise",
            "Bonjour,\n\nLa décision sur votre demande appartient à une autre autorité : {{ destinataire }}. Nous lui \
             avons transmis votre demande ({{ objet }}) ; elle vous répond directement (article L114-2 du code des \
             relations entre le public et l’administration).",
            &["objet", "destinataire"],
        ),
        mail(
            CORRECTION,
            "Votre demande d’occupation a été corrigée",
            "Bonjour,\n\nLe service a corrigé votre demande : {{ objet }}.\n\nDroits de voirie : {{ montant }}. Si cette \
             correction vous étonne, écrivez-nous depuis la page de suivi de votre demande.",
            &["objet", "montant"],
        ),
    ]
}

/// A mail with its number, the link to the follow-up page and the name of the service, which the platform gives.
fn mail(id: &str, subject: &str, body: &str, variables: &[&str]) -> NoticeTemplate {
    let subject = format!("{subject} (n° {{{{ numero }}}})");
    let body = format!("{body}\n\nSuivre la demande : {{{{ lien }}}}\n\n{{{{ service }}}}, {{{{ collectivite }}}}");
    notice(id, &subject, &body, variables)
}
