//! Occupation temporaire du domaine public (déménagement, benne, échafaudage, terrasse), as a démarche.

use parvis_sdk::{
    Answers, Context, Decision, Demarche, Dossier, Event, FormState, Offer, Refusal,
    contract::{
        Category, Definition, DocumentTemplate, Function, LegalCard, Nature, Outcome, Phase, Prefill, Presentation,
        Privacy, Reference, Silence, Term, TextFormat, WaitsFor,
    },
    decide::offer,
    define::{ActionExt, FieldExt, StateExt, action, ask, computed, formatted, line, notice, page, state},
};

/// The démarche.
#[derive(Debug)]
pub struct DomainePublic;

parvis_sdk::export!(DomainePublic);

impl Demarche for DomainePublic {
    fn describe() -> Definition {
        Definition {
            contract: parvis_sdk::contract::CONTRACT_VERSION.to_owned(),
            id: "domaine-public".to_owned(),
            version: "0.1.0".to_owned(),
            title: "Occuper temporairement le domaine public".to_owned(),
            summary: "Déménagement, benne, échafaudage, terrasse : demandez l’autorisation d’occuper la rue."
                .to_owned(),
            category: Category::Voirie,
            keywords: vec!["stationnement".to_owned()],
            number_prefix: "ODP".to_owned(),
            presentation: Presentation {
                paragraphs: vec!["Toute occupation de la rue demande une autorisation.".to_owned()],
                needed: vec!["Les dates et les dimensions".to_owned()],
                minutes: 10,
                cost: None,
            },
            legal: LegalCard {
                nature: Nature::Demande,
                silence: Silence::Rejet,
                term: Some(Term::Months(2)),
                silence_basis: "article L231-4 du code des relations entre le public et l’administration".to_owned(),
                texts: vec![Reference {
                    text: "article L2122-1 du code général de la propriété des personnes publiques".to_owned(),
                    about: "nul ne peut occuper le domaine public sans titre".to_owned(),
                }],
                remedies: "Vous pouvez saisir le {{ tribunal }} dans un délai de deux mois.".to_owned(),
                algorithmic: None,
            },
            privacy: Privacy {
                purpose: "Instruire la demande".to_owned(),
                basis: "mission d’intérêt public".to_owned(),
                recipients: vec!["Service voirie".to_owned()],
                retention_class: "domaine-public".to_owned(),
                retention_months: 60,
            },
            functions: vec![
                Function { id: "instructeur".to_owned(), label: "Instruction".to_owned(), excludes: vec![] },
                Function {
                    id: "signataire".to_owned(),
                    label: "Signature".to_owned(),
                    excludes: vec!["instructeur".to_owned()],
                },
            ],
            pages: vec![page(
                "demandeur",
                "Qui demande l’autorisation",
                vec![
                    ask("nom", "Nom", "Identifier le demandeur", formatted(TextFormat::Name, 80))
                        .personal()
                        .prefilled(Prefill::FamilyName)
                        .autocomplete("family-name"),
                    ask("description", "Décrivez l’occupation", "Instruire la demande", line(200)).optional(),
                ],
            )],
            internal_fields: vec![computed("resume", "Résumé", "Reconnaître la demande dans les listes", line(200))],
            states: vec![
                state("depose", "Déposée", Phase::Depose, WaitsFor::Agent).withdrawable(),
                state("a-verifier", "À vérifier", Phase::Depose, WaitsFor::Agent).withdrawable(),
                state("terminee", "Terminée", Phase::Termine, WaitsFor::Personne).decided(Outcome::Favorable),
                state("retire", "Retirée", Phase::Termine, WaitsFor::Personne).ended(Outcome::Retire),
            ],
            initial_state: "depose".to_owned(),
            actions: vec![action("signer", "Signer", &["a-verifier"], &["signataire"]).signing().in_batch()],
            settings: vec![],
            notices: vec![notice("favorable", "Votre demande {{ numero }}", "Votre demande est acceptée.", &[])],
            documents: vec![DocumentTemplate {
                id: "arrete".to_owned(),
                title: "Arrêté".to_owned(),
                source: "#let data = json(\"data.json\")\n#set document(title: \"Arrêté\")\n= Arrêté\n#data.numero"
                    .to_owned(),
                register: Some("arretes".to_owned()),
            }],
            connectors: vec![],
        }
    }

    fn evaluate(_: &Context, draft: &Dossier, _: Option<&str>) -> FormState {
        let mut state = FormState::default();
        let name = Answers::new(&draft.answers).text("nom").unwrap_or_default();
        state.compute("resume", parvis_sdk::Value::of_text(name));
        state
    }

    fn offers(_: &Context, _: &Dossier) -> Vec<Offer> {
        vec![offer("signer")]
    }

    fn handle(_: &Context, _: &Dossier, event: &Event) -> Result<Decision, Refusal> {
        let decision = Decision::remembering(&serde_json::json!({}));
        match event {
            Event::Filed => Ok(decision.enter("a-verifier")),
            Event::Withdrawn => Ok(decision.enter("retire")),
            Event::Action(_) => Ok(decision.enter("terminee")),
            _ => Ok(decision),
        }
    }
}
