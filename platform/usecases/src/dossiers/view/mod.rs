//! What pages show of a dossier: complete, ready to render, and free of any type of the store.

mod agent;
mod shared;
mod usager;

pub use agent::{
    ActionForm, ActionView, AgentDossier, AgentName, BatchAction, DeadlineView, FilterOption, Inbox, InboxLine, May,
    NoteLine, StuckLine, TaskAsk, TaskDone, TaskLine, Urgency,
};
pub use shared::{
    AnswerLine, AnswerSection, Handler, HistoryLine, MessageLine, PieceLine, PieceRequestView, PieceSource,
    SectionLine, Side, StateView, TermView, WantedLine,
};
pub use usager::{Confirmation, Filed, FollowUp, UsagerLine};
