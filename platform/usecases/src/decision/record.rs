//! What an event of a dossier's chain holds: everything needed to replay it, and what the platform did by itself.
//!
//! The bytes are those of this JSON; fields are only ever added.

use parvis_domain::{
    ids::{AgentId, MessageId},
    rules::{Context, Effect, Event},
    value::{Answers, Target},
};
use serde::{Deserialize, Serialize};

/// The payload of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// What happened.
    pub(crate) happened: Happened,
    /// Answers as filed, for the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answers: Option<Answers>,
    /// What the démarche knew; the event's row has the digest of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<Context>,
    /// What it decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) decided: Option<Decided>,
}

/// What happened to a dossier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Happened {
    /// Something that the démarche decided on.
    Rules(Event),
    /// An agent gave it to a colleague, to herself, or to nobody.
    Assigned {
        /// To whom.
        to: Option<AgentId>,
    },
    /// An agent wrote an internal note.
    Noted {
        /// Its text.
        body: String,
    },
    /// The town wrote to the usager.
    Wrote {
        /// The message.
        message: MessageId,
    },
    /// The address of the usager refused a mail.
    Unreachable {
        /// What could not be delivered.
        subject: String,
    },
    /// A mail did not leave: too many did to this address.
    Withheld {
        /// What was not sent.
        subject: String,
    },
}

/// What a démarche decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Decided {
    /// Its memory from then on.
    pub(crate) memory: serde_json::Value,
    /// Answers of computed and agents' fields.
    pub(crate) answers: Answers,
    /// What it wanted done.
    pub(crate) effects: Vec<Effect>,
}

impl Happened {
    /// Kind of the event, as its row says.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Rules(event) => match event {
                Event::Filed => "filed".to_owned(),
                Event::Completed(_) => "completed".to_owned(),
                Event::Corrected(_) => "corrected".to_owned(),
                Event::Action { name, .. } => format!("action:{name}"),
                Event::Timer(key) => format!("timer:{key}"),
                Event::Reply(reply) => format!("reply:{}", reply.key),
                Event::Produced(key) => format!("produced:{key}"),
                Event::Message => "message".to_owned(),
                Event::Opinion(reply) => format!("opinion:{}", reply.key),
                Event::Lapsed => "lapsed".to_owned(),
                Event::Withdrawn => "withdrawn".to_owned(),
            },
            Self::Assigned { .. } => "assigned".to_owned(),
            Self::Noted { .. } => "noted".to_owned(),
            Self::Wrote { .. } => "wrote".to_owned(),
            Self::Unreachable { .. } => "unreachable".to_owned(),
            Self::Withheld { .. } => "withheld".to_owned(),
        }
    }
}

impl Record {
    /// The exact bytes of the payload.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a record holds no map with keys other than text")
    }

    /// Whether an answer stands in it: as filed, as an event brought it, or as the démarche decided it.
    pub(crate) fn holds(&self, target: &Target) -> bool {
        let brought = match &self.happened {
            Happened::Rules(Event::Completed(answers) | Event::Corrected(answers)) => Some(answers),
            Happened::Rules(Event::Action { inputs, .. }) => Some(inputs),
            _ => None,
        };
        let decided = self.decided.as_ref().map(|decided| &decided.answers);
        [self.answers.as_ref(), brought, decided].into_iter().flatten().any(|answers| answers.at(target).is_some())
    }

    /// The record of a payload; `None` when it was erased or was written by a newer version.
    pub(crate) fn read(payload: Option<&[u8]>) -> Option<Self> {
        serde_json::from_slice(payload?).ok()
    }
}
