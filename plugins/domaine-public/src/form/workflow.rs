//! States, functions and actions.

use parvis_sdk::{
    contract::{Action, Function, Kind, Outcome, Phase, State, WaitsFor},
    define::{ActionExt, FieldExt, StateExt, action, ask, boxes, integer, line, paragraph, state},
};

use crate::states::{
    A_COMPLETER, A_VERIFIER, CLASSER, DEMANDER_PIECES, DEPOSE, EN_COURS, EN_INSTRUCTION, INSTRUCTEUR, INSTRUIRE,
    POLICE_MUNICIPALE, PREPARER_ARRETE, PREPARER_REFUS, PROJET_ARRETE, PROJET_REFUS, REFUSE, REJET_IMPLICITE, RENVOYER,
    REPRENDRE, RETIRE, SANS_OBJET, SANS_SUITE, SIGNATAIRE, SIGNE, SIGNER, SIGNER_REFUS, Step, TERMINEE, TRANSMETTRE,
    TRANSMIS, VOIRIE,
};

pub(super) fn functions() -> Vec<Function> {
    let function = |id: &str, label: &str, excludes: &[&str]| Function {
        id: id.to_owned(),
        label: label.to_owned(),
        excludes: excludes.iter().map(|other| (*other).to_owned()).collect(),
    };
    vec![
        function(INSTRUCTEUR, "Instruction", &[]),
        function(SIGNATAIRE, "Signature", &[INSTRUCTEUR]),
        function(VOIRIE, "Avis de la voirie", &[]),
        function(POLICE_MUNICIPALE, "Avis de la police municipale", &[]),
    ]
}

pub(super) fn states() -> Vec<State> {
    let agent = |id: &str, label: &str, phase| state(id, label, phase, WaitsFor::Agent);
    let nobody = |id: &str, label: &str, phase| state(id, label, phase, WaitsFor::Personne);
    vec![
        agent(DEPOSE, "Déposée", Phase::Depose)
            .told("Demande reçue", "Le service vérifie qu’elle est complète.")
            .withdrawable(),
        agent(A_VERIFIER, "À vérifier", Phase::Depose)
            .told("Demande reçue", "Le service vérifie qu’elle est complète, puis l’instruit.")
            .withdrawable(),
        state(A_COMPLETER, "À compléter", Phase::EnInstruction, WaitsFor::Usager)
            .told(
                "Des documents sont attendus",
                "Ajoutez les documents demandés sur cette page ; l’instruction reprend ensuite.",
            )
            .withdrawable(),
        agent(EN_INSTRUCTION, "En instruction", Phase::EnInstruction)
            .told("Demande étudiée", "Le service demande les avis nécessaires, puis prépare la décision.")
            .withdrawable(),
        agent(PROJET_ARRETE, "Projet d’arrêté à signer", Phase::EnInstruction)
            .told("Décision en préparation", "La décision est à la signature. Vous la recevrez par courriel.")
            .withdrawable(),
        agent(PROJET_REFUS, "Projet de refus à signer", Phase::EnInstruction)
            .told("Décision en préparation", "La décision est à la signature. Vous la recevrez par courriel.")
            .withdrawable(),
        nobody(SIGNE, "Signée et notifiée", Phase::EnInstruction)
            .told("Demande acceptée", "Affichez l’arrêté sur place avant le premier jour et gardez-le avec vous.")
            .decided(Outcome::Favorable),
        nobody(EN_COURS, "Occupation en cours", Phase::EnInstruction)
            .told("Occupation en cours", "Remettez les lieux en état au plus tard le dernier jour.")
            .decided(Outcome::Favorable),
        nobody(TERMINEE, "Terminée", Phase::Termine)
            .told("Occupation terminée", "Vous n’avez plus rien à faire, sauf à payer les droits s’il en est dû.")
            .decided(Outcome::Favorable),
        nobody(REFUSE, "Refusée", Phase::Termine)
            .told("Demande refusée", "L’arrêté de refus donne les raisons, et les voies et délais de recours.")
            .decided(Outcome::Defavorable),
        nobody(SANS_SUITE, "Classée sans suite", Phase::Termine)
            .told(
                "Demande classée sans suite",
                "Les documents demandés n’ont pas été reçus. Vous pouvez faire une nouvelle demande.",
            )
            .ended(Outcome::SansSuite),
        nobody(SANS_OBJET, "Sans objet", Phase::Termine)
            .told("Demande sans objet", "La date de début est passée. Vous pouvez faire une nouvelle demande.")
            .ended(Outcome::SansSuite),
        nobody(RETIRE, "Retirée", Phase::Termine)
            .told("Demande retirée", "Vous avez retiré cette demande. Vous pouvez en faire une autre.")
            .ended(Outcome::Retire),
        nobody(TRANSMIS, "Transmise", Phase::Termine)
            .told("Demande transmise", "L’autorité compétente vous répond directement.")
            .ended(Outcome::Transmis),
        nobody(REJET_IMPLICITE, "Rejet implicite", Phase::Termine)
            .told(
                "Demande rejetée par silence",
                "Vous pouvez demander les raisons de ce rejet au service (article L232-4 du CRPA).",
            )
            .ended(Outcome::Defavorable),
    ]
}

fn at(step: Step, label: &str) -> Action {
    action(step.action, label, step.states, &[step.function])
}

pub(super) fn actions() -> Vec<Action> {
    let mut actions = instruction();
    actions.extend(signature());
    actions
}

fn instruction() -> Vec<Action> {
    let why = "Motiver la décision";
    vec![
        at(INSTRUIRE, "Commencer l’instruction")
            .hint("La demande est complète : les avis internes sont demandés.")
            .primary(),
        at(DEMANDER_PIECES, "Demander des documents")
            .hint("La demande attend l’usager, qui est prévenu et relancé.")
            .asking(vec![
                ask(
                    "pieces_demandees",
                    "Documents demandés",
                    "Compléter la demande",
                    boxes(&[
                        ("plan", "Plan ou photo de l’emplacement"),
                        ("assurance", "Attestation d’assurance de qui pose la benne"),
                        ("autres_pieces", "Autre document (à préciser)"),
                    ]),
                ),
                ask("pieces_motif", "Pourquoi, et ce qui est attendu", "Compléter la demande", paragraph(1000, 4)),
                ask(
                    "pieces_indispensables",
                    "L’instruction ne peut pas continuer sans ces documents",
                    "Suspendre le délai quand la loi le permet (articles L114-5 et L114-5-1 du CRPA)",
                    Kind::Boolean,
                ),
                ask(
                    "pieces_delai",
                    "Délai laissé",
                    "Fixer un délai (article R112-11-4 du CRPA)",
                    integer(1, 90, "jours"),
                )
                .hint("Vide : le délai habituel de la collectivité")
                .optional(),
            ]),
        at(PREPARER_ARRETE, "Préparer l’arrêté")
            .hint("Le projet est rédigé d’après la demande, puis proposé à la signature.")
            .primary()
            .asking(vec![
                ask(
                    "prescriptions",
                    "Prescriptions particulières",
                    "Fixer les conditions de l’occupation",
                    paragraph(3000, 6),
                )
                .hint("Une par ligne ; elles forment un article de l’arrêté")
                .optional(),
            ]),
        at(PREPARER_REFUS, "Préparer un refus").hint("Le projet de refus est proposé à la signature.").danger().asking(
            vec![
                ask("motif_droit", "Motifs en droit", why, paragraph(2000, 5))
                    .hint("Les textes qui conduisent au refus"),
                ask("motif_fait", "Motifs en fait", why, paragraph(2000, 5))
                    .hint("Ce qui, dans cette demande, conduit au refus"),
            ],
        ),
        at(REPRENDRE, "Reprendre l’instruction").hint("Le projet n’est plus proposé à la signature."),
        at(TRANSMETTRE, "Transmettre à l’autorité compétente")
            .hint("L’usager est prévenu (article L114-2 du CRPA).")
            .asking(vec![ask(
                "destinataire",
                "Autorité compétente",
                "Prévenir l’usager de la transmission",
                line(160),
            )]),
        at(CLASSER, "Classer sans suite").hint("Les documents demandés n’ont pas été reçus dans le délai.").danger(),
    ]
}

fn signature() -> Vec<Action> {
    vec![
        at(SIGNER, "Signer l’arrêté")
            .hint("L’arrêté prend son numéro et part à l’usager.")
            .primary()
            .signing()
            .in_batch(),
        at(SIGNER_REFUS, "Signer le refus")
            .hint("L’arrêté de refus prend son numéro et part à l’usager.")
            .signing()
            .danger(),
        at(RENVOYER, "Renvoyer à l’instruction").asking(vec![ask(
            "renvoi_motif",
            "Ce qui est à revoir",
            "Expliquer le renvoi à l’instruction",
            paragraph(1000, 3),
        )]),
    ]
}
