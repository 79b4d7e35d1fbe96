//! A dossier filed in one request.
//!
//! 1. A key that already served finds its draft again: filing that draft gives the same dossier ([`dossiers::file()`]).
//! 2. The client's address is counted.
//! 3. The answers are read, walked and evaluated in memory; wrong ones leave nothing behind, not even the key.
//! 4. One transaction keeps the key and the draft together, so that whatever happens next, the same request goes on
//!    from there.
//! 5. The draft is filed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::civil::Date;
use parvis_contract::Kind;
use parvis_domain::{
    delais::{Reception, silence_term},
    digest::Sha256,
    dossier::Channel,
    ids::{DossierId, DraftId},
    input::read,
    journey::WalkedField,
    policy::{Actor, Permission},
    rules::Problem,
    value::{Answers, Target},
};
use parvis_store::{
    drafts::{self, Draft},
    idempotency::{self, Answered},
};
use serde::{Deserialize, Serialize};

use super::{
    DepositError, GivenAnswers, Remark,
    answers::{self, Given},
};
use crate::{
    brouillons::{access, evaluation::Sheet, view::FileOutcome},
    catalogue::silence_sentence,
    dossiers::{self, load, view::Filed},
    failure::Failure,
    parvis::Town,
    secrets::Token,
    throttle::{self, ClientAddress},
};

const HOUR: Duration = Duration::from_hours(1);
/// Passes over the form beyond one per page: an answer may show a question of its own page.
const EXTRA_PASSES: usize = 4;

/// The key that a program chose for a request: from 8 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey(String);

impl RequestKey {
    /// Reads a key; `None` when it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let fits = (8..=255).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// What the database holds: no key is kept in clear.
    fn stored(&self) -> String {
        format!("dossiers:{}", Sha256::of(self.0.as_bytes()))
    }
}

/// A dossier that was filed: the same at each request under the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    /// Dossier.
    pub dossier: DossierId,
    /// Number.
    pub number: String,
    /// Code that opens its follow-up with the number; `None` when this deployment no longer knows it.
    pub tracking_code: Option<String>,
    /// Address to which the accusé de réception goes.
    pub receipt_to: Option<String>,
    /// When it was received, RFC 3339 in the town's zone.
    pub filed_at: String,
    /// What silence means.
    pub silence: Silence,
    /// What is worth knowing and prevented nothing (article L112-8 du CRPA).
    pub warnings: Vec<Remark>,
}

/// What silence means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// In one or two sentences.
    pub sentence: String,
    /// Last day of the delay, as it is at filing; `None` when silence means nothing.
    pub term: Option<Date>,
}

/// What is remembered under a key.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    draft: DraftId,
    warnings: Vec<Remark>,
}

/// Files a dossier for someone without an account. `from` is where they ask from.
pub async fn file(
    town: &Town,
    key: &RequestKey,
    demarche: &str,
    answers: &GivenAnswers,
    from: ClientAddress,
) -> Result<Deposited, DepositError> {
    town.allow(&Actor::Visitor, Permission::DossierFile, None)?;
    let key = key.stored();
    let request = digest(demarche, answers);
    let served = {
        let snapshot = town.db.read().await?;
        idempotency::get(&snapshot, &key).await?
    };
    if let Some(answered) = served {
        return go_on(town, remembered(answered, request)?).await;
    }
    let limit = town.parvis.config.limits.drafts_per_hour;
    throttle::count(town, "api-deposit", &from.to_string(), limit, HOUR).await?;
    let (draft, warnings) = filled(town, demarche, answers).await?;
    go_on(town, reserve(town, &key, request, &draft, warnings).await?).await
}

/// The same request has the same digest, whatever the order of its members.
fn digest(demarche: &str, answers: &GivenAnswers) -> Sha256 {
    let sorted: BTreeMap<_, _> = answers.iter().collect();
    let text = serde_json::to_vec(&sorted).expect("what was read as JSON can be written as JSON");
    Sha256::of_parts(&[b"parvis deposit\n", demarche.as_bytes(), b"\n", &text])
}

fn remembered(answered: Answered, request: Sha256) -> Result<Remembered, DepositError> {
    if answered.request != request {
        return Err(DepositError::KeyReused);
    }
    serde_json::from_value(answered.response).map_err(|_| DepositError::KeyReused)
}

/// A draft that may be filed, kept nowhere yet, and what is worth knowing about it.
async fn filled(town: &Town, demarche: &str, answers: &GivenAnswers) -> Result<(Draft, Vec<Remark>), DepositError> {
    let mut draft = blank(town, demarche)?;
    let mut sheet = Sheet::of(town, &draft)?;
    let given = answers::given(&sheet.definition, answers);
    fill(town, &mut sheet, &draft, &given).await?;
    let walk = sheet.walk();
    let fields = || walk.pages.iter().flat_map(|page| &page.fields).flat_map(with_rows);
    let pieces: Vec<Remark> = fields().filter(|field| field.is_pieces() && field.is_missing()).map(wanted).collect();
    if !pieces.is_empty() {
        return Err(DepositError::PiecesRequired(pieces));
    }
    let asked: BTreeSet<&Target> = fields().filter(|field| field.is_asked_on_page()).map(|field| &field.at).collect();
    let problems = walk.all_problems().map(|(_, problem)| problem);
    let (wrong, warnings): (Vec<&Problem>, Vec<&Problem>) = problems.partition(|problem| problem.prevents());
    let not_asked = given.named.iter().filter(|at| !asked.contains(at)).map(not_asked);
    let wrong: Vec<Remark> =
        given.wrong.iter().cloned().chain(wrong.into_iter().map(Remark::from)).chain(not_asked).collect();
    if !wrong.is_empty() || !walk.is_complete() {
        return Err(DepositError::Invalid(wrong));
    }
    let warnings = warnings.into_iter().map(Remark::from).collect();
    drop(asked);
    draft.answers = sheet.answers.clone();
    draft.kept = access::kept(&sheet.raw);
    Ok((draft, warnings))
}

/// A draft without answers. Nobody holds it: its token is forgotten at once.
fn blank(town: &Town, demarche: &str) -> Result<Draft, DepositError> {
    let offered = town.catalogue.get(demarche).ok_or(DepositError::NotOffered)?;
    let parvis = &town.parvis;
    let now = town.now();
    let days = u64::from(parvis.config.limits.draft_days);
    Ok(Draft {
        id: DraftId::new(&*parvis.clock, &*parvis.entropy),
        demarche: offered.id.clone(),
        component: offered.component,
        holder: Token::new(&*parvis.entropy).digest(),
        usager: None,
        agent: None,
        channel: Channel::Api,
        answers: Answers::default(),
        kept: None,
        page: None,
        revision: 0,
        created_at: now,
        updated_at: now,
        expires_at: now.plus(Duration::from_hours(days * 24)),
        dossier: None,
    })
}

/// Reads every page that is shown, again and again until no answer shows another question.
async fn fill(town: &Town, sheet: &mut Sheet, draft: &Draft, given: &Given) -> Result<(), Failure> {
    for (at, rows) in &given.rows {
        sheet.answers.set(at.clone(), rows.clone());
    }
    for _ in 0..sheet.definition.pages.len() + EXTRA_PASSES {
        sheet.evaluate(town, &Actor::Visitor, draft, None).await?;
        let (mut answers, mut raw) = (sheet.answers.clone(), sheet.raw.clone());
        for page in &sheet.walk().pages {
            read(&page.fields, &given.inputs).apply(&mut answers, &mut raw);
        }
        if answers == sheet.answers && raw == sheet.raw {
            return Ok(());
        }
        (sheet.answers, sheet.raw) = (answers, raw);
    }
    sheet.evaluate(town, &Actor::Visitor, draft, None).await
}

fn with_rows<'a, 'w>(field: &'a WalkedField<'w>) -> impl Iterator<Item = &'a WalkedField<'w>> {
    std::iter::once(field).chain(field.rows.iter().flatten())
}

fn wanted(field: &WalkedField<'_>) -> Remark {
    let label = &field.field.label;
    let basis = match &field.field.kind {
        Kind::Pieces { basis, .. } if !basis.is_empty() => format!(" ({basis})"),
        _ => String::new(),
    };
    let message =
        format!("Pour joindre «\u{a0}{label}\u{a0}»{basis}, déposez cette demande sur le site de la collectivité.");
    Remark::new(field.at.clone(), "piece-required", message)
}

fn not_asked(at: &Target) -> Remark {
    let message = "Retirez cette réponse\u{a0}: la question n’est pas posée, compte tenu des autres réponses.";
    Remark::new(at.clone(), "not-asked", message.to_owned())
}

/// Keeps the key and the draft together. When the same request came meanwhile, its draft serves.
async fn reserve(
    town: &Town,
    key: &str,
    request: Sha256,
    draft: &Draft,
    warnings: Vec<Remark>,
) -> Result<Remembered, DepositError> {
    let kept = Remembered { draft: draft.id, warnings };
    let response = serde_json::to_value(&kept).expect("an id and texts can be written as JSON");
    let unit = town.db.write().await?;
    if let Some(answered) = idempotency::get(&unit, key).await? {
        return remembered(answered, request);
    }
    idempotency::put(&unit, key, &Answered { request, response, at: town.now() }).await?;
    drafts::insert(&unit, draft).await?;
    unit.commit().await?;
    Ok(kept)
}

/// Files the draft of a key, or finds the dossier it became.
async fn go_on(town: &Town, kept: Remembered) -> Result<Deposited, DepositError> {
    match dossiers::file(town, &Actor::DraftHolder(kept.draft), kept.draft).await? {
        FileOutcome::Filed(filed) => deposited(town, filed, kept.warnings).await,
        FileOutcome::Invalid(_) | FileOutcome::Elsewhere(_) => Err(DepositError::Failure(Failure::Refused(
            "Le formulaire a changé pendant le dépôt. Relisez-le, puis recommencez avec une autre clé.".to_owned(),
        ))),
    }
}

async fn deposited(town: &Town, filed: Filed, warnings: Vec<Remark>) -> Result<Deposited, DepositError> {
    let loaded = load::read(town, filed.dossier).await?;
    let legal = &loaded.definition.legal;
    let zone = town.profile.time_zone();
    Ok(Deposited {
        dossier: filed.dossier,
        number: filed.number,
        tracking_code: filed.tracking_code,
        receipt_to: filed.receipt_to,
        filed_at: filed.filed_at.rfc3339(&zone),
        silence: Silence {
            sentence: silence_sentence(legal),
            term: silence_term(legal, Reception::direct(filed.filed_at.date(&zone)), &[]),
        },
        warnings,
    })
}
