//! A draft becomes a dossier, once: a second call gives the same one.
//!
//! The whole form is walked and evaluated, the démarche decides on `filed` with no transaction open, then one transaction
//! writes the number, the event, the answers and their keys, the effects, the documents and the accusé de réception.

use std::time::Duration;

use parvis_domain::{
    digest::Sha256,
    dossier::{Contact, Dossier, DossierKind},
    ids::{DossierId, DraftId},
    lifecycle,
    numbers::TrackingCode,
    policy::{Actor, Permission},
    rules::Event,
    value::Answers,
};
use parvis_store::{
    dossiers::{self, Filing},
    drafts::{self, Draft},
    piece_requests, usagers,
};

use super::{
    contact, lines,
    load::{self, Loaded},
    tracking,
    view::{Confirmation, Filed},
};
use crate::{
    brouillons::{access, check, evaluation::Sheet, view::FileOutcome},
    calling::{self, Surroundings},
    decision::{self, NewDossier},
    failure::Failure,
    notifications::{self, About},
    parvis::Town,
};

/// How long the page that confirms a filing shows its tracking code again.
const CONFIRMED_FOR: Duration = Duration::from_hours(24);

/// Files a draft.
pub async fn file(town: &Town, actor: &Actor, id: DraftId) -> Result<FileOutcome, Failure> {
    for _ in 0..decision::ATTEMPTS {
        match attempt(town, actor, id).await {
            Err(Failure::Conflict) => {}
            outcome => return outcome,
        }
    }
    Err(Failure::Conflict)
}

async fn attempt(town: &Town, actor: &Actor, id: DraftId) -> Result<FileOutcome, Failure> {
    let draft = access::open(town, actor, id).await?;
    if let Some(dossier) = draft.dossier {
        return Ok(FileOutcome::Filed(filed(town, dossier).await?));
    }
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, None).await?;
    let view = match check::view(&draft, &sheet) {
        Ok(view) => view,
        Err(step) => return Ok(FileOutcome::Elsewhere(step)),
    };
    if !view.fileable {
        return Ok(FileOutcome::Invalid(Box::new(view)));
    }
    let loaded = new_dossier(town, &draft, &sheet).await?;
    let rules_actor = calling::rules_actor(actor, "");
    let context = calling::context(
        town,
        Surroundings {
            settings: &loaded.settings,
            channel: draft.channel,
            kind: loaded.head.kind,
            language: &loaded.head.language,
            seed: &format!("{}:0", loaded.head.id),
            actor: rules_actor.clone(),
            extra: Answers::default(),
        },
    );
    let decision = calling::handle(town, sheet.component, context.clone(), loaded.view(town), Event::Filed).await?;
    let code = tracking::code(town, loaded.head.id);
    let filing = Filing {
        tracking_hash: loaded.head.usager.is_none().then(|| tracking::digest(loaded.head.id, &code)),
        settings: sheet.settings_digest,
    };
    let definition = std::sync::Arc::clone(&loaded.definition);
    let letter = |head: &Dossier| {
        let about = About { town, definition: &definition, head };
        let code = head.usager.is_none().then(|| code.to_string());
        notifications::accuse_reception(about, decision::terms::day(town, head.term_at), code.as_deref())
    };
    let new = NewDossier { loaded, filing, draft: (id, draft.revision), actor: rules_actor, context, decision };
    Ok(FileOutcome::Filed(match decision::file(town, new, letter).await? {
        Ok(written) => {
            tracing::info!(tenant = %town.id, dossier = %written.head.id, "a dossier was filed");
            filed_of(town, &written.head, &filing)
        }
        Err(existing) => filed(town, existing).await?,
    }))
}

async fn new_dossier(town: &Town, draft: &Draft, sheet: &Sheet) -> Result<Loaded, Failure> {
    let parvis = &town.parvis;
    let now = town.now();
    let answers = sheet.walk().visible_answers().clone();
    let definition = &sheet.definition;
    let initial = lifecycle::state(definition, &definition.initial_state)
        .ok_or_else(|| Failure::Decision("l’état initial n’est pas déclaré".to_owned()))?;
    let standing = lifecycle::standing(initial);
    let mut contact = contact::of_answers(definition, &answers);
    if let Some(id) = draft.usager {
        let snapshot = town.db.read().await?;
        if let Some(account) = usagers::by_id(&snapshot, id).await? {
            complete(&mut contact, account);
        }
    }
    let head = Dossier {
        id: DossierId::new(&*parvis.clock, &*parvis.entropy),
        number: String::new(),
        demarche: draft.demarche.clone(),
        component: sheet.component,
        kind: DossierKind::Real,
        channel: draft.channel,
        language: "fr".to_owned(),
        service: sheet.service.clone(),
        restricted: false,
        retention_class: definition.privacy.retention_class.clone(),
        revision: 1,
        state: initial.id.clone(),
        phase: standing.phase,
        waits_for: standing.waits_for,
        outcome: standing.outcome,
        origin: None,
        filed_at: now,
        term_at: None,
        deadline_at: None,
        closed_at: None,
        updated_at: now,
        assignee: None,
        usager: draft.usager,
        contact,
        summary: contact::summary(definition, &answers),
        marks: Vec::new(),
        memory: serde_json::Value::Null,
        head: Sha256::from_bytes([0; 32]),
    };
    Ok(Loaded {
        head,
        answers,
        definition: std::sync::Arc::clone(definition),
        settings: std::sync::Arc::clone(&sheet.settings),
        settings_digest: sheet.settings_digest,
    })
}

/// What the answers leave out, the account has.
fn complete(contact: &mut Contact, account: usagers::Usager) {
    contact.email = contact.email.take().or(Some(account.email));
    contact.phone = contact.phone.take().or(account.phone);
    if contact.name.is_empty() {
        contact.name = format!("{} {}", account.given_name, account.family_name);
    }
}

/// What filing gave, for a draft that was filed before.
async fn filed(town: &Town, id: DossierId) -> Result<Filed, Failure> {
    let snapshot = town.db.read().await?;
    let head = dossiers::by_id(&snapshot, id).await?.ok_or(Failure::NotFound)?;
    let filing = dossiers::filing(&snapshot, id).await?.ok_or(Failure::NotFound)?;
    Ok(filed_of(town, &head, &filing))
}

/// What filing gives: the same at each call.
fn filed_of(town: &Town, head: &Dossier, filing: &Filing) -> Filed {
    let code: Option<TrackingCode> = filing.tracking_hash.map(|_| tracking::code(town, head.id));
    // A code made under another key of the deployment is not shown: the mail has the right one.
    let code = code.filter(|code| filing.tracking_hash == Some(tracking::digest(head.id, code)));
    Filed {
        dossier: head.id,
        number: head.number.clone(),
        tracking_code: code.map(|code| code.to_string()),
        receipt_to: head.contact.email.clone(),
        filed_at: head.filed_at,
    }
}

/// The confirmation of a filing, for whoever filed: the holder of the draft's cookie within a day, the account, an agent.
pub async fn confirmation(town: &Town, actor: &Actor, id: DossierId) -> Result<Confirmation, Failure> {
    let snapshot = town.db.read().await?;
    let loaded = load::within(town, &snapshot, id).await?;
    let recent = town.now() < loaded.head.filed_at.plus(CONFIRMED_FOR);
    if let Actor::DraftHolder(draft) = actor {
        let draft = drafts::by_id(&snapshot, *draft).await?;
        if !recent || draft.is_none_or(|draft| draft.dossier != Some(id)) {
            return Err(Failure::NotFound);
        }
    } else {
        town.allow(actor, Permission::DossierList, Some(&loaded.subject()))?;
    }
    let filing = dossiers::filing(&snapshot, id).await?.ok_or(Failure::NotFound)?;
    let requests = piece_requests::of_dossier(&snapshot, id).await?;
    let mut filed = filed_of(town, &loaded.head, &filing);
    // An agent prints the code once, at the desk; later the mail or the receipt has it.
    if !recent {
        filed.tracking_code = None;
    }
    let silence = lines::term(town, &loaded, &requests).map(|term| term.sentence);
    Ok(Confirmation { filed, demarche: loaded.head.demarche, silence })
}
