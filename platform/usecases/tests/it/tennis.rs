//! A démarche that is not one of a town: joining a tennis club. It proves that the core knows no démarche, and stands
//! where a component would.

use std::sync::Arc;

use jiff::{ToSpan as _, civil::Date};
use parvis_contract::{
    Accept, Action, ActionStyle, CONTRACT_VERSION, Category, Choice, ChoiceStyle, Condition, Definition,
    DocumentTemplate, Field, FilledBy, Function, Kind, LegalCard, Nature, NoticeTemplate, Options, Outcome, Page,
    Phase, Prefill, Presentation, Privacy, Required, Sensitivity, Silence, State, Term, TextFormat, WaitsFor,
};
use parvis_domain::{
    digest::Sha256,
    rules::{
        Audience, CallError, Context, Decision, DossierView, Effect, Event, FormState, Level, Offer, Problem, Refusal,
        Rules, Ruling, RulingOutcome, WantedPiece,
    },
    value::{Answers, Target, Value},
};
use rust_decimal::Decimal;

/// The club's rules, in memory.
pub(crate) struct Tennis {
    definition: Arc<Definition>,
}

impl Tennis {
    /// The id of the démarche.
    pub(crate) const ID: &'static str = "club-tennis";

    pub(crate) fn new() -> Self {
        Self { definition: Arc::new(definition()) }
    }

    /// What stands for the octets of its component.
    pub(crate) fn component() -> &'static [u8] {
        b"a tennis club"
    }

    pub(crate) fn digest() -> Sha256 {
        Sha256::of(Self::component())
    }
}

impl Rules for Tennis {
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError> {
        if component == Self::digest() { Ok(Arc::clone(&self.definition)) } else { Err(CallError::Unknown(component)) }
    }

    fn evaluate(&self, _: Sha256, _: &Context, dossier: &DossierView, _: Option<&str>) -> Result<FormState, CallError> {
        let mut state = FormState { computed: fee(&dossier.answers), ..FormState::default() };
        if dossier.answers.text("nom") == Some("Tricheur") {
            state.problems.push(Problem {
                at: Some(Target::field("nom")),
                level: Level::Blocks,
                code: "banni".to_owned(),
                message: "Indiquez un autre nom : celui-ci est exclu du club.".to_owned(),
            });
        }
        if dossier.answers.text("nom") == Some("Équipe") {
            state.problems.push(Problem {
                at: Some(Target::field("nom")),
                level: Level::Ineligible,
                code: "personne".to_owned(),
                message: "Une équipe s’inscrit auprès de la ligue.".to_owned(),
            });
        }
        if dossier.answers.text("formule") == Some("jeune") {
            state.problems.push(Problem {
                at: Some(Target::field("formule")),
                level: Level::Warns,
                code: "jeune".to_owned(),
                message: "Les cours des jeunes commencent en septembre.".to_owned(),
            });
        }
        Ok(state)
    }

    fn offers(&self, _: Sha256, _: &Context, dossier: &DossierView) -> Result<Vec<Offer>, CallError> {
        let refused = dossier.answers.get("certificat").is_none();
        Ok(vec![Offer {
            action: "proposer".to_owned(),
            refused_because: refused.then(|| "Il manque le certificat médical.".to_owned()),
        }])
    }

    fn handle(
        &self,
        _: Sha256,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, CallError> {
        let effects = match event {
            Event::Filed => vec![enter("a-verifier"), Effect::Mark("nouveau".to_owned())],
            Event::Completed(_) => vec![enter("en-instruction"), Effect::Cancel("relance".to_owned())],
            Event::Timer(key) if key == "relance" => vec![notify("relance", &[])],
            Event::Opinion(reply) => vec![Effect::Note(format!("Avis reçu : {}", reply.content))],
            Event::Lapsed => vec![enter("rejete-implicitement")],
            Event::Withdrawn => vec![enter("retire")],
            Event::Action { name, inputs } => return self.act(context, dossier, name, inputs),
            Event::Corrected(_) | Event::Timer(_) | Event::Reply(_) | Event::Produced(_) | Event::Message => Vec::new(),
        };
        Ok(decide(dossier, effects))
    }
}

impl Tennis {
    #[expect(clippy::unused_self, reason = "reads with the trait's methods")]
    fn act(
        &self,
        context: &Context,
        dossier: &DossierView,
        name: &str,
        inputs: &Answers,
    ) -> Result<Decision, CallError> {
        let effects = match name {
            "prendre" => vec![enter("en-instruction")],
            "demander-certificat" => {
                let days = match inputs.get("jours") {
                    Some(Value::Integer(days)) => u16::try_from(*days).unwrap_or(1),
                    _ => 15,
                };
                let today: Date = context.now.split('T').next().unwrap_or_default().parse().unwrap();
                vec![
                    enter("a-completer"),
                    Effect::AskPieces {
                        items: vec![WantedPiece {
                            field: inputs.text("piece").unwrap_or("certificat").to_owned(),
                            essential: true,
                            basis: "article 4 du règlement du club".to_owned(),
                        }],
                        reason: inputs.text("motif").unwrap_or_default().to_owned(),
                        days,
                    },
                    Effect::Schedule {
                        key: "relance".to_owned(),
                        at: today.checked_add(7.days()).unwrap().at(9, 0, 0, 0),
                    },
                ]
            }
            "consulter" => vec![Effect::Assign {
                key: "avis".to_owned(),
                function: "entraineur".to_owned(),
                title: "Donner un avis sur le niveau".to_owned(),
                due: None,
            }],
            "oublier" => {
                let forgotten = ["sante", "telephone", "certificat"].map(Target::field);
                vec![Effect::Redact(forgotten.to_vec()), Effect::Note("Réponses effacées.".to_owned())]
            }
            "proposer" => vec![enter("projet")],
            "signer" => {
                let number = context.extra.text("numero_acte").unwrap_or_default();
                let name = context.extra.text("signataire.nom").unwrap_or_default();
                if name.is_empty() {
                    return Err(CallError::Refused(Refusal::Forbidden("Il manque le nom du signataire.".to_owned())));
                }
                vec![
                    enter("accepte"),
                    Effect::Rule(Ruling {
                        outcome: RulingOutcome::Favourable,
                        law: "Article 2 du règlement du club.".to_owned(),
                        facts: "Le dossier est complet.".to_owned(),
                        conditions: None,
                    }),
                    Effect::Produce {
                        key: "carte".to_owned(),
                        template: "carte".to_owned(),
                        audience: Audience::Usager,
                        variables: serde_json::json!({"numero": number, "signataire": name}),
                    },
                    welcome(dossier),
                ]
            }
            "refuser" => vec![
                enter("refuse"),
                Effect::Rule(Ruling {
                    outcome: RulingOutcome::Unfavourable,
                    law: inputs.text("droit").unwrap_or_default().to_owned(),
                    facts: inputs.text("fait").unwrap_or_default().to_owned(),
                    conditions: None,
                }),
                notify("refus", &[]),
            ],
            other => return Err(CallError::Refused(Refusal::Unexpected(format!("« {other} » n’est pas prévu.")))),
        };
        Ok(decide(dossier, effects))
    }
}

fn decide(dossier: &DossierView, effects: Vec<Effect>) -> Decision {
    let seen = dossier.memory.get("seen").and_then(serde_json::Value::as_u64).unwrap_or(0);
    Decision {
        memory: serde_json::json!({"seen": seen + 1}),
        answers: fee(&dossier.answers),
        effects,
        trace: Vec::new(),
    }
}

/// Until when the club keeps a place: what its secretary works by.
pub(crate) const HELD_UNTIL: Date = jiff::civil::date(2026, 1, 9);

fn fee(answers: &Answers) -> Answers {
    let mut computed = Answers::default();
    if let Some(formula) = answers.text("formule") {
        let euros = if formula == "jeune" { 90 } else { 180 };
        computed.set(Target::field("place_gardee"), Value::Date(HELD_UNTIL));
        computed.set(Target::field("cotisation"), Value::Decimal(Decimal::new(euros * 100, 2)));
    }
    computed
}

fn enter(state: &str) -> Effect {
    Effect::Enter(state.to_owned())
}

fn notify(template: &str, attach: &[&str]) -> Effect {
    Effect::Notify {
        key: template.to_owned(),
        template: template.to_owned(),
        to: "usager".to_owned(),
        variables: serde_json::json!({"club": "Tennis club"}),
        attach: attach.iter().map(|key| (*key).to_owned()).collect(),
    }
}

/// The notice of acceptance; that of a player named Perdu misses a variable of its template.
fn welcome(dossier: &DossierView) -> Effect {
    let mut notice = notify("acceptation", &["carte"]);
    if let Effect::Notify { variables, .. } = &mut notice
        && dossier.answers.text("nom") == Some("Perdu")
    {
        *variables = serde_json::json!({});
    }
    notice
}

fn field(id: &str, label: &str, kind: Kind) -> Field {
    Field {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        kind,
        required: Required::Yes,
        purpose: "Inscrire le joueur.".to_owned(),
        sensitivity: Sensitivity::Personal,
        prefill: None,
        column: false,
        autocomplete: None,
        condition: None,
        filled_by: FilledBy::Usager,
        key: false,
        told: false,
    }
}

fn text(id: &str, label: &str) -> Field {
    field(id, label, Kind::Text { format: TextFormat::Free, max_length: 100, lines: 1 })
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), hint: None }
}

fn optional(mut field: Field) -> Field {
    field.required = Required::No;
    field
}

fn page(id: &str, title: &str, fields: Vec<Field>) -> Page {
    Page { id: id.to_owned(), title: title.to_owned(), intro: None, condition: None, fields }
}

fn pages() -> Vec<Page> {
    let mut mail = field("courriel", "Adresse électronique", Kind::Email);
    mail.prefill = Some(Prefill::Email);
    let mut name = text("nom", "Nom");
    name.prefill = Some(Prefill::FamilyName);
    name.column = true;
    name.key = true;
    let formula = field(
        "formule",
        "Formule",
        Kind::Choice {
            options: Options::Fixed(vec![choice("adulte", "Adulte"), choice("jeune", "Jeune de moins de 18 ans")]),
            style: ChoiceStyle::Radio,
        },
    );
    let mut guardian =
        page("responsable", "Qui est responsable du joueur", vec![text("responsable", "Nom du responsable")]);
    guardian.condition = Some(Condition::Equals { field: "formule".to_owned(), value: "jeune".into() });
    let certificate = optional(field(
        "certificat",
        "Certificat médical",
        Kind::Pieces {
            accept: vec![Accept::Pdf, Accept::Jpeg, Accept::Png, Accept::Heic],
            max_files: 2,
            essential: true,
            basis: "article 4 du règlement du club".to_owned(),
        },
    ));
    let slots = optional(field(
        "creneaux",
        "Créneaux souhaités",
        Kind::Block { fields: vec![text("jour", "Jour")], min: 0, max: 3, item: "Créneau".to_owned() },
    ));
    let mut health = optional(text("sante", "Remarque de santé"));
    health.sensitivity = Sensitivity::Sensitive;
    vec![
        page("joueur", "Qui joue", vec![name, mail, optional(field("telephone", "Téléphone", Kind::Phone))]),
        page("inscription", "Quelle inscription", vec![formula, slots, health]),
        guardian,
        page("pieces", "Les pièces", vec![certificate]),
    ]
}

fn state(id: &str, label: &str, phase: Phase, waits_for: WaitsFor) -> State {
    State {
        id: id.to_owned(),
        label: label.to_owned(),
        usager_label: format!("Votre inscription : {}", label.to_lowercase()),
        usager_next: "Le club vous répond.".to_owned(),
        phase,
        waits_for,
        outcome: None,
        withdrawable: !matches!(phase, Phase::Termine),
        decided: false,
    }
}

fn ended(id: &str, label: &str, outcome: Outcome) -> State {
    let mut state = state(id, label, Phase::Termine, WaitsFor::Personne);
    state.outcome = Some(outcome);
    state.decided = true;
    state
}

fn action(id: &str, label: &str, states: &[&str], function: &str) -> Action {
    Action {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        states: states.iter().map(|state| (*state).to_owned()).collect(),
        functions: vec![function.to_owned()],
        form: Vec::new(),
        batch: false,
        signs: false,
        style: ActionStyle::Secondary,
    }
}

fn actions() -> Vec<Action> {
    let ask = Action {
        form: vec![
            text("motif", "Motif"),
            optional(field("jours", "Jours accordés", Kind::Integer { min: 1, max: 60, unit: None })),
            optional(text("piece", "Pièce demandée, le certificat sinon")),
        ],
        ..action(
            "demander-certificat",
            "Demander le certificat",
            &["a-verifier", "a-completer", "en-instruction"],
            "instructeur",
        )
    };
    let refuse = Action {
        form: vec![optional(text("droit", "Motifs de droit")), optional(text("fait", "Motifs de fait"))],
        style: ActionStyle::Danger,
        ..action("refuser", "Refuser", &["a-verifier", "en-instruction"], "instructeur")
    };
    let sign = Action {
        batch: true,
        signs: true,
        style: ActionStyle::Primary,
        ..action("signer", "Signer", &["projet"], "signataire")
    };
    vec![
        action("prendre", "Prendre en charge", &["a-verifier"], "instructeur"),
        ask,
        action("consulter", "Demander l’avis de l’entraîneur", &["en-instruction"], "instructeur"),
        action("oublier", "Effacer ce qui ne sert plus", &["a-verifier", "en-instruction"], "instructeur"),
        action("proposer", "Proposer à la signature", &["en-instruction"], "instructeur"),
        refuse,
        sign,
    ]
}

fn function(id: &str, label: &str, excludes: &[&str]) -> Function {
    Function {
        id: id.to_owned(),
        label: label.to_owned(),
        excludes: excludes.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn notice(id: &str, subject: &str, body: &str) -> NoticeTemplate {
    NoticeTemplate {
        id: id.to_owned(),
        subject: subject.to_owned(),
        body: body.to_owned(),
        variables: vec!["club".to_owned()],
    }
}

fn legal() -> LegalCard {
    LegalCard {
        nature: Nature::Demande,
        silence: Silence::Rejet,
        term: Some(Term::Months(2)),
        silence_basis: "article L231-4 du code des relations entre le public et l’administration".to_owned(),
        texts: Vec::new(),
        remedies: "Vous pouvez saisir le tribunal administratif dans les deux mois.".to_owned(),
        algorithmic: None,
    }
}

/// What the club declares.
pub(crate) fn definition() -> Definition {
    let mut cost = field("cotisation", "Cotisation", Kind::Amount);
    cost.filled_by = FilledBy::Computed;
    cost.told = true;
    cost.required = Required::No;
    let mut held_until = field("place_gardee", "Place gardée jusqu’au", Kind::Date);
    held_until.filled_by = FilledBy::Computed;
    held_until.required = Required::No;
    Definition {
        contract: CONTRACT_VERSION.to_owned(),
        id: Tennis::ID.to_owned(),
        version: "1.0.0".to_owned(),
        title: "Inscription au club de tennis".to_owned(),
        summary: "Devenir membre du club.".to_owned(),
        category: Category::Associations,
        keywords: vec!["sport".to_owned(), "raquette".to_owned()],
        number_prefix: "TEN".to_owned(),
        presentation: Presentation {
            paragraphs: vec!["Pour jouer sur les courts du club.".to_owned()],
            needed: vec!["Un certificat médical".to_owned()],
            minutes: 5,
            cost: None,
        },
        legal: legal(),
        privacy: Privacy {
            purpose: "Inscrire les joueurs.".to_owned(),
            basis: "mission d’intérêt public".to_owned(),
            recipients: vec!["Le secrétariat du club".to_owned()],
            retention_class: "tennis".to_owned(),
            retention_months: 24,
        },
        functions: vec![
            function("instructeur", "Secrétariat", &["signataire"]),
            function("signataire", "Présidence", &["instructeur"]),
            function("entraineur", "Entraîneur", &[]),
        ],
        pages: pages(),
        internal_fields: vec![cost, held_until],
        states: vec![
            state("depose", "Déposée", Phase::Depose, WaitsFor::Agent),
            state("a-verifier", "À vérifier", Phase::Depose, WaitsFor::Agent),
            state("a-completer", "À compléter", Phase::EnInstruction, WaitsFor::Usager),
            state("en-instruction", "En instruction", Phase::EnInstruction, WaitsFor::Agent),
            state("projet", "Proposée à la signature", Phase::EnInstruction, WaitsFor::Agent),
            ended("accepte", "Acceptée", Outcome::Favorable),
            ended("refuse", "Refusée", Outcome::Defavorable),
            ended("rejete-implicitement", "Rejetée implicitement", Outcome::Defavorable),
            ended("retire", "Retirée", Outcome::Retire),
        ],
        initial_state: "depose".to_owned(),
        actions: actions(),
        settings: Vec::new(),
        notices: vec![
            notice(
                "relance",
                "{{ club }} : votre certificat est attendu",
                "Votre dossier {{ numero }} attend : {{ lien }}",
            ),
            notice("acceptation", "{{ club }} : bienvenue", "Votre inscription {{ numero }} est acceptée : {{ lien }}"),
            notice(
                "refus",
                "{{ club }} : votre inscription",
                "Votre inscription {{ numero }} est refusée : {{ lien }}",
            ),
        ],
        documents: vec![DocumentTemplate {
            id: "carte".to_owned(),
            title: "Carte de membre".to_owned(),
            source: "= Carte de membre".to_owned(),
            register: Some("cartes".to_owned()),
        }],
        connectors: Vec::new(),
    }
}

/// What a browser posts for some fields.
pub(crate) fn posted(fields: &[(&str, &str)]) -> parvis_domain::input::FormData {
    fields.iter().map(|(field, value)| (format!("f.{field}"), vec![(*value).to_owned()])).collect()
}

/// A question of a form.
pub(crate) fn question<'v>(
    form: &'v parvis_usecases::formulaire::FormView,
    id: &str,
) -> &'v parvis_usecases::formulaire::Question {
    form.questions.iter().find(|question| question.at.field == id).unwrap()
}
