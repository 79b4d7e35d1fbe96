//! Documents: made from their template outside any transaction, kept in the vault, then told to the démarche.

use std::sync::Arc;

use parvis_domain::{
    file_type::{FileType, clean_name},
    ids::{DossierId, PieceId},
    policy::Actor,
    ports::DocumentError,
    rules::Event,
};
use parvis_store::{
    acts,
    outbox::{self, Effect, Queue},
    pieces::{self, Piece, PieceKind},
};

use super::{Outcome, orders::DocumentOrder};
use crate::{
    calling,
    decision::{self, Fresh, Step},
    dossiers::load,
    failure::Failure,
    parvis::Town,
};

/// Largest document.
const LARGEST: u64 = 50 * 1024 * 1024;

/// Makes a document, once: an order that was interrupted after its document was kept only tells it.
pub(super) async fn make(town: &Town, effect: &Effect) -> Result<Outcome, Failure> {
    let order = serde_json::from_value::<DocumentOrder>(effect.payload.clone());
    let (Some(dossier), Ok(order)) = (effect.dossier, order) else {
        return Ok(Outcome::Dead("the order cannot be read".to_owned()));
    };
    if !is_made(town, dossier, &order, effect).await? {
        match typeset(town, dossier, &order).await? {
            Ok(content) => keep(town, dossier, &order, &content).await?,
            Err(error @ (DocumentError::Template(_) | DocumentError::Unreadable(_))) => {
                return Ok(Outcome::Dead(error.to_string()));
            }
            Err(error) => return Ok(Outcome::Failed(error.to_string())),
        }
    }
    decision::happen(town, dossier, |_: &Fresh| {
        let mut step = Step::new(calling::rules_actor(&Actor::System, ""), Event::Produced(order.key.clone()));
        step.along.raised_by = Some(effect.id);
        Ok(step)
    })
    .await?;
    // The mail that waits for it looked while its order was not acknowledged yet.
    let unit = town.db.write().await?;
    outbox::hasten(&unit, dossier, Queue::Mail, town.now()).await?;
    unit.commit().await?;
    Ok(Outcome::Acknowledged)
}

async fn is_made(town: &Town, dossier: DossierId, order: &DocumentOrder, effect: &Effect) -> Result<bool, Failure> {
    let snapshot = town.db.read().await?;
    let piece = pieces::produced(&snapshot, dossier, &order.key).await?;
    Ok(effect.attempts > 1 && piece.is_some_and(|piece| piece.created_at >= effect.created_at))
}

async fn typeset(
    town: &Town,
    dossier: DossierId,
    order: &DocumentOrder,
) -> Result<Result<Vec<u8>, DocumentError>, Failure> {
    let loaded = load::read(town, dossier).await?;
    let template = loaded.definition.documents.iter().find(|document| document.id == order.template);
    let Some(source) = template.map(|template| template.source.clone()) else {
        return Ok(Err(DocumentError::Template(format!("no template {:?}", order.template))));
    };
    let typesetter = Arc::clone(&town.parvis.typesetter);
    let (title, variables, now) = (order.title.clone(), order.variables.clone(), town.now());
    Ok(town.parvis.pools.documents.run(move || typesetter.typeset(&title, &source, &variables, now)).await?)
}

async fn keep(town: &Town, dossier: DossierId, order: &DocumentOrder, content: &[u8]) -> Result<(), Failure> {
    let parvis = &town.parvis;
    let stored = town.vault.put(content, LARGEST).await?;
    let piece = Piece {
        id: PieceId::new(&*parvis.clock, &*parvis.entropy),
        dossier: Some(dossier),
        draft: None,
        field: None,
        name: clean_name(&order.title, FileType::Pdf),
        media_type: FileType::Pdf.media_type().to_owned(),
        size: stored.size,
        sha256: stored.sha256,
        object_key: stored.object_key,
        kind: PieceKind::Produced,
        audience: order.audience,
        key: Some(order.key.clone()),
        created_at: town.now(),
        removed_at: None,
    };
    let unit = town.db.write().await?;
    pieces::insert(&unit, &piece).await?;
    if let Some(act) = &order.act {
        acts::set_piece(&unit, &act.series, act.year, act.number, piece.id).await?;
    }
    Ok(unit.commit().await?)
}
