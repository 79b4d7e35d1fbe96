//! `/composants`, in the demonstration only: every component in every state, for whoever changes the sheet and for the
//! tests of accessibility.

#![expect(clippy::needless_pass_by_value, reason = "handlers take what they extract by value")]

use askama::Template;
use parvis_contract::{Accept, Choice, ChoiceStyle, Field, Kind, Options, Required, Sensitivity, TextFormat};
use parvis_domain::{
    ids::PieceId,
    input::Raw,
    value::{PieceRef, Target},
};
use parvis_usecases::formulaire::{FormView, Mistake, Question};
use poem::Response;

use super::{
    AnswerRow, Answers, Back, Banner, Button, ButtonStyle, Cell, Empty, ErrorSummary, FileLine, Head, Link,
    MessageView, Messages, Pagination, Panel, PanelLine, ServiceCard, StepView, Steps, Table, Tag, Timeline,
    TimelineStep, Tone, Trail,
};
use crate::{
    WebError,
    fields::{self, PieceRoutes, Rendered},
    page::{self, Page},
    visit::Visit,
};

#[derive(Template)]
#[template(path = "pages/composants.html")]
struct Gallery {
    page: Page,
    trail: Trail,
    back: Back,
    summary: ErrorSummary,
    banners: Vec<Banner>,
    tags: Vec<Tag>,
    buttons: Vec<Button>,
    steps: Steps,
    timeline: Timeline,
    answers: Answers,
    table: Table,
    pagination: Pagination,
    empty: Empty,
    panel: Panel,
    service: ServiceCard,
    messages: Messages,
    form: Rendered,
    form_with_mistakes: Rendered,
}

/// The route of the page.
pub fn routes(route: poem::Route) -> poem::Route {
    route.at("/composants", poem::get(show))
}

#[poem::handler]
fn show(visit: Visit) -> Result<Response, WebError> {
    if !visit.web.is_demo() {
        return Err(WebError::NotFound);
    }
    let (form, wrong) = (sample("a", &[]), sample("b", &["Cette réponse est à compléter"]));
    let routes = PieceRoutes {
        upload: Some("/composants".to_owned()),
        remove: Some(("/composants".to_owned(), "/retirer".to_owned())),
        read: None,
        file_limit: visit.town.parvis.config.limits.piece_octets,
    };
    page::ok(&Gallery {
        page: Page::new(&visit, "Composants").private().with_form_script(),
        trail: Trail::under_home(&[("/demarches", "Démarches")], "Composants"),
        back: Back::to("/"),
        summary: ErrorSummary::of_form(&wrong),
        banners: vec![
            Banner::success("Votre message est envoyé", "Le service vous répondra ici et par courriel."),
            Banner::info("À savoir", "Le formulaire a changé depuis votre dernière visite.")
                .with_link("#", "Voir quoi"),
            Banner::warning("Délai court", "Votre demande commence dans moins de dix jours."),
            Banner::error("Connexion refusée", "L’adresse ou le mot de passe ne correspond pas."),
        ],
        tags: vec![
            Tag::new(Tone::Neutral, "Déposé"),
            Tag::new(Tone::Info, "En instruction"),
            Tag::new(Tone::Warning, "À compléter"),
            Tag::new(Tone::Success, "Accordée"),
            Tag::new(Tone::Error, "Refusée"),
        ],
        buttons: [
            (ButtonStyle::Primary, "Continuer"),
            (ButtonStyle::Secondary, "Enregistrer"),
            (ButtonStyle::Danger, "Retirer ma demande"),
            (ButtonStyle::Quiet, "Retirer"),
        ]
        .map(|(style, label)| Button::new(style, label))
        .into(),
        steps: Steps {
            steps: [("Déposée", true, false), ("En cours d’examen", true, true), ("Terminée", false, false)]
                .map(|(label, done, current)| StepView { label: label.to_owned(), done, current })
                .into(),
        },
        timeline: timeline(),
        answers: answers(),
        table: table(),
        pagination: Pagination { previous: Some("#precedente".to_owned()), next: Some("#suivante".to_owned()) },
        empty: Empty {
            title: "Aucun dossier".to_owned(),
            text: "Vos dossiers apparaîtront ici.".to_owned(),
            link: Some(Link::new("/demarches", "Voir les démarches")),
        },
        panel: Panel {
            title: "Votre demande est déposée".to_owned(),
            lines: vec![PanelLine { before: "Numéro de dossier :".to_owned(), code: "ODP-2026-000123".to_owned() }],
        },
        service: ServiceCard {
            id: "service-exemple".to_owned(),
            title: "Votre interlocutrice".to_owned(),
            agent: Some("Claire Morel".to_owned()),
            quality: Some("instructrice".to_owned()),
            service: "Service voirie".to_owned(),
            address: Some("1 place de la Mairie, 00000 Exemple".to_owned()),
            phone: Some("01 99 00 00 00".to_owned()),
            email: Some("voirie@exemple.example".to_owned()),
            hours: vec!["Du lundi au vendredi, de 9 h à 12 h".to_owned()],
        },
        messages: messages(),
        form: fields::render(&form, "", &routes),
        form_with_mistakes: fields::render(&wrong, "", &routes),
    })
}

fn timeline() -> Timeline {
    let step = |when: &str, text: &str, who: &str, now| TimelineStep {
        when: when.to_owned(),
        machine: "2026-11-23".to_owned(),
        text: text.to_owned(),
        who: who.to_owned(),
        details: Vec::new(),
        now,
    };
    Timeline {
        steps: vec![
            step("mardi 24 novembre 2026 à 9 h 12", "Votre dossier est en cours d’examen", "Service voirie", true),
            step("lundi 23 novembre 2026 à 14 h 30", "Vous avez déposé votre demande", "", false),
        ],
    }
}

fn answers() -> Answers {
    let long = "anticonstitutionnellement".repeat(6);
    Answers {
        title: "Lieu".to_owned(),
        id: None,
        rows: vec![
            AnswerRow::new("Adresse", "3 rue des Tilleuls\n00000 Exemple").changed_at("#"),
            AnswerRow::new("Précision", "").changed_at("#"),
            AnswerRow { missing: Some(Link::new("#", "Indiquez la date de début")), ..AnswerRow::new("Début", "") },
            AnswerRow { tag: Some(Tag::new(Tone::Info, "corrigé")), ..AnswerRow::new("Un mot très long", &long) },
            AnswerRow {
                files: vec![FileLine {
                    name: "plan.pdf".to_owned(),
                    detail: "PDF, 240 Ko".to_owned(),
                    href: Some("#".to_owned()),
                    remove: None,
                }],
                ..AnswerRow::new("Plan", "")
            },
        ],
    }
}

fn table() -> Table {
    let head = |label: &str, numeric| Head { label: label.to_owned(), numeric };
    Table {
        caption: "Vos dossiers".to_owned(),
        heads: vec![head("Numéro", false), head("État", false), head("Montant", true)],
        rows: (1..4)
            .map(|number| {
                vec![
                    Cell::link("#", &format!("ODP-2026-00000{number}")),
                    Cell { tag: Some(Tag::new(Tone::Info, "En instruction")), ..Cell::default() },
                    Cell::text("12,50 €"),
                ]
            })
            .collect(),
    }
}

fn messages() -> Messages {
    let message = |author: &str, body: &str, mine| MessageView {
        author: author.to_owned(),
        when: "mardi 24 novembre 2026 à 9 h 12".to_owned(),
        machine: "2026-11-24".to_owned(),
        body: body.to_owned(),
        mine,
    };
    Messages {
        messages: vec![
            message("Claire Morel, service voirie", "Bonjour,\nquelle rue faut-il barrer ?", false),
            message("Vous", "La rue des Tilleuls, entre le 1 et le 9.", true),
        ],
    }
}

fn sample(prefix: &str, errors: &[&str]) -> FormView {
    let kinds: Vec<(&str, Kind)> = vec![
        ("Nom", Kind::Text { format: TextFormat::Name, max_length: 80, lines: 1 }),
        ("Ce que vous voulez faire", Kind::Text { format: TextFormat::Free, max_length: 500, lines: 4 }),
        ("Adresse électronique", Kind::Email),
        ("Téléphone", Kind::Phone),
        ("Nombre de places", Kind::Integer { min: 1, max: 20, unit: Some("places".to_owned()) }),
        (
            "Longueur",
            Kind::Decimal { min: "0".to_owned(), max: "99".to_owned(), places: 2, unit: Some("m".to_owned()) },
        ),
        ("Budget", Kind::Amount),
        ("L’installation est-elle ancrée au sol ?", Kind::Boolean),
        ("Je certifie l’exactitude des renseignements", Kind::Consent),
        ("Premier jour", Kind::Date),
        ("Début", Kind::DateTime),
        ("Nature", Kind::Choice { options: Options::Evaluated, style: ChoiceStyle::Radio }),
        ("Rue", Kind::Choice { options: Options::Evaluated, style: ChoiceStyle::List }),
        ("Ce qui est fermé", Kind::Choices { options: Options::Evaluated }),
        ("Adresse du chantier", Kind::Address),
        (
            "Plan ou photo",
            Kind::Pieces {
                accept: vec![Accept::Pdf, Accept::Jpeg],
                max_files: 3,
                essential: true,
                basis: String::new(),
            },
        ),
        ("SIRET", Kind::Siret),
        ("Immatriculation", Kind::Plate),
        ("", Kind::Information { text: "Un texte entre deux questions.".to_owned() }),
        ("Véhicules", Kind::Block { fields: Vec::new(), min: 0, max: 3, item: "Véhicule".to_owned() }),
    ];
    let questions: Vec<Question> = kinds
        .into_iter()
        .enumerate()
        .map(|(index, (label, kind))| question(&format!("{prefix}{index}"), label, kind, errors))
        .collect();
    let mistakes = questions.iter().filter(|question| !question.errors.is_empty()).map(|question| Mistake {
        anchor: Some(question.name.clone()),
        at: Some(question.at.clone()),
        message: format!("{} : cette réponse est à compléter", question.field.label),
    });
    FormView { mistakes: mistakes.collect(), questions, ..FormView::default() }
}

fn question(id: &str, label: &str, kind: Kind, errors: &[&str]) -> Question {
    let is_question = kind.is_question();
    let option = |value: &str, hint: Option<&str>| Choice {
        value: value.to_owned(),
        label: format!("Choix {value}"),
        hint: hint.map(str::to_owned),
    };
    let rows = match &kind {
        Kind::Block { .. } => vec![vec![question(&format!("{id}.0"), "Plaque", Kind::Plate, errors)]],
        _ => Vec::new(),
    };
    let pieces = match &kind {
        Kind::Pieces { .. } => vec![PieceRef {
            id: PieceId::from_uuid(uuid::Uuid::nil()),
            name: "plan-du-chantier.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 240_000,
        }],
        _ => Vec::new(),
    };
    Question {
        at: Target::field(id),
        name: format!("f.{id}"),
        field: Field {
            id: id.to_owned(),
            label: label.to_owned(),
            hint: is_question.then(|| "Une aide en une phrase".to_owned()),
            kind,
            required: Required::Yes,
            purpose: String::new(),
            sensitivity: Sensitivity::None,
            prefill: None,
            column: false,
            autocomplete: None,
            condition: None,
            filled_by: parvis_contract::FilledBy::Usager,
            key: false,
            told: false,
        },
        required: !label.starts_with("Budget"),
        locked: false,
        options: vec![option("un", None), option("deux", Some("Avec une explication")), option("trois", None)],
        raw: Raw::default(),
        pieces,
        warnings: Vec::new(),
        errors: if is_question { errors.iter().map(|error| (*error).to_owned()).collect() } else { Vec::new() },
        rows,
    }
}
