//! The follow-up page of a citizen, and the list of her dossiers.

use parvis_contract::Phase;
use parvis_domain::{
    ids::DossierId,
    policy::{Actor, Permission},
};
use parvis_store::{inbox, messages, piece_requests, pieces};

use super::{
    function,
    lines::{self, Reader},
    load,
    view::{FollowUp, PieceSource, Side, UsagerLine},
};
use crate::{failure::Failure, parvis::Town, pieces::upload};

/// Most dossiers in the list of an account.
const MOST: u32 = 200;

/// The follow-up page.
pub async fn follow_up(town: &Town, actor: &Actor, id: DossierId) -> Result<FollowUp, Failure> {
    let loaded = load::allowed(town, actor, id, Permission::DossierRead).await?;
    if !matches!(actor, Actor::Usager(_) | Actor::Tracker(_)) {
        return Err(Failure::NotFound);
    }
    let (history, letters, documents, requests) = {
        let snapshot = town.db.read().await?;
        (
            function::history(&snapshot, &loaded).await?,
            messages::of_dossier(&snapshot, id).await?,
            pieces::of_dossier(&snapshot, id).await?,
            piece_requests::of_dossier(&snapshot, id).await?,
        )
    };
    let mut ids = lines::agents_in(&history);
    ids.extend(loaded.head.assignee);
    ids.extend(super::messages::authors(&letters));
    let names = function::names(town, &ids).await?;
    if letters.iter().any(|message| message.read_at.is_none() && message.author != messages::Author::Usager) {
        let unit = town.db.write().await?;
        messages::read_by_usager(&unit, id, town.now()).await?;
        unit.commit().await?;
    }
    let documents = documents.iter().map(upload::line);
    let mut documents: Vec<_> =
        documents.filter(|piece| piece.for_usager && piece.source == PieceSource::Produced).collect();
    documents.reverse();
    let open = loaded.head.phase != Phase::Termine;
    Ok(FollowUp {
        id,
        number: loaded.head.number.clone(),
        demarche: loaded.head.demarche.clone(),
        title: loaded.definition.title.clone(),
        summary: loaded.head.summary.clone(),
        state: lines::state(&loaded.definition, &loaded.head, Reader::Usager),
        filed_at: loaded.head.filed_at,
        term: lines::term(town, &loaded, &requests),
        handler: lines::handler(town, &loaded, &names),
        history: lines::history(town, &loaded, &history, &names, Reader::Usager),
        messages: super::messages::lines(town, &loaded, &letters, &names, Reader::Usager),
        request: lines::request(&loaded, &requests).filter(|_| open),
        documents,
        answers: lines::answers_told(&loaded, &history, false),
        withdrawable: loaded.state().is_some_and(|state| state.withdrawable),
        writable: town.allow(actor, Permission::DossierMessage, Some(&loaded.subject())).is_ok(),
        kind: loaded.head.kind,
    })
}

/// The dossiers of an account, latest first.
pub async fn of_usager(town: &Town, actor: &Actor) -> Result<Vec<UsagerLine>, Failure> {
    let scope = town.scope(actor, Permission::DossierList);
    if !matches!(actor, Actor::Usager(_)) {
        return Err(Failure::Forbidden);
    }
    let filter = inbox::InboxFilter { order: inbox::Order::NewestFirst, ..inbox::InboxFilter::default() };
    let snapshot = town.db.read().await?;
    let page = inbox::page(&snapshot, &scope, &filter, None, MOST).await?;
    let line = |head: parvis_domain::dossier::Dossier| {
        let definition = town.parvis.rules.definition(head.component)?;
        Ok(UsagerLine {
            id: head.id,
            number: head.number.clone(),
            title: definition.title.clone(),
            summary: head.summary.clone(),
            state: lines::state(&definition, &head, Reader::Usager),
            filed_at: head.filed_at,
            updated_at: head.updated_at,
        })
    };
    page.dossiers.into_iter().map(line).collect()
}

/// The side of a message, for lists of both readers.
pub(super) const fn side(author: messages::Author) -> Side {
    match author {
        messages::Author::Usager => Side::Usager,
        messages::Author::Agent(_) | messages::Author::System => Side::Town,
    }
}
