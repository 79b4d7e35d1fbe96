//! What waits in the queue `mail` of the outbox: written in the transaction of what it tells, sent by the workers.
//!
//! Never knows a mail server.

use parvis_domain::ids::{OutboxId, PieceId};
use parvis_store::{
    StoreError, UnitOfWork,
    outbox::{self, NewEffect, Queue},
};
use serde::{Deserialize, Serialize};

use crate::parvis::Town;

/// A mail that waits: the sender is the town's, the Message-ID is the row's idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPayload {
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Documents to attach, read when the mail leaves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<PieceId>,
}

/// Asks for a mail that belongs to no dossier, in the unit of work of what it tells.
pub(crate) async fn enqueue_mail(town: &Town, unit: &UnitOfWork, mail: &MailPayload) -> Result<(), StoreError> {
    let now = town.now();
    let payload = serde_json::to_value(mail).expect("a mail is plain text");
    let effect = NewEffect {
        id: OutboxId::new(&*town.parvis.clock, &*town.parvis.entropy),
        dossier: None,
        seq: 0,
        idx: 0,
        queue: Queue::Mail,
        key: None,
        payload,
        at: now,
        created_at: now,
    };
    outbox::enqueue(unit, &effect).await?;
    Ok(())
}
