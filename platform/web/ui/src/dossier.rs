//! What dossiers and drafts hold, as components: the same for the citizen and for agents.

use jiff::tz::TimeZone;
use parvis_contract::{Outcome, Phase, WaitsFor};
use parvis_domain::input::name_of;
use parvis_usecases::dossiers::view::{
    AnswerLine, AnswerSection, Handler, HistoryLine, MessageLine, SectionLine, Side, StateView,
};

use crate::{
    components::{
        AnswerRow, Answers, MessageView, Messages, ServiceCard, StepView, Steps, Tag, Timeline, TimelineStep, Tone,
    },
    fields, text,
};

/// Where the rows of a summary lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerRoutes {
    /// Before the id of a page, to change an answer; `None` when nothing can be changed.
    pub change: Option<String>,
    /// Before the id of a document, to read it.
    pub read: String,
}

/// Answers, page by page.
pub fn answers(sections: &[AnswerSection], routes: &AnswerRoutes) -> Vec<Answers> {
    sections.iter().map(|section| section_of(section, routes)).collect()
}

fn section_of(section: &AnswerSection, routes: &AnswerRoutes) -> Answers {
    let mut rows = Vec::new();
    for line in &section.lines {
        match line {
            SectionLine::Answer(answer) => rows.push(row(answer, &answer.label, &section.page, routes)),
            SectionLine::Block { label, rows: held, .. } if held.is_empty() => {
                rows.push(AnswerRow { change: change(&section.page, None, routes), ..AnswerRow::new(label, "") });
            }
            SectionLine::Block { rows: held, .. } => {
                for (name, lines) in held {
                    let key = |line: &AnswerLine| format!("{name} : {}", line.label);
                    rows.extend(lines.iter().map(|line| row(line, &key(line), &section.page, routes)));
                }
            }
        }
    }
    Answers { title: section.title.clone(), id: None, rows }
}

fn row(line: &AnswerLine, key: &str, page: &str, routes: &AnswerRoutes) -> AnswerRow {
    AnswerRow {
        // Documents are listed by their names, which lead to them.
        value: if line.pieces.is_empty() { line.text.clone().unwrap_or_default() } else { String::new() },
        absent: if line.concealed { "Masqué : vous n’avez pas accès à cette réponse" } else { "Non renseigné" }
            .to_owned(),
        files: line.pieces.iter().map(|piece| fields::answer_file(piece, &routes.read)).collect(),
        tag: line.corrected.then(|| Tag::new(Tone::Info, "corrigé par le service")),
        change: change(page, Some(line), routes),
        ..AnswerRow::new(key, "")
    }
}

fn change(page: &str, line: Option<&AnswerLine>, routes: &AnswerRoutes) -> Option<crate::components::Link> {
    let before = routes.change.as_ref()?;
    let anchor = line.map(|line| format!("#{}", name_of(&line.at))).unwrap_or_default();
    Some(crate::components::Link::new(&format!("{before}/{page}?retour=verifier{anchor}"), "Modifier"))
}

/// The state as a tag.
pub fn state_tag(state: &StateView) -> Tag {
    let tone = match (state.outcome, state.waits_for, state.phase) {
        (Some(Outcome::Favorable | Outcome::Traite), ..) => Tone::Success,
        (Some(Outcome::Defavorable), ..) => Tone::Error,
        (None, WaitsFor::Usager, _) => Tone::Warning,
        (Some(Outcome::Partiel), ..) | (None, _, Phase::EnInstruction) => Tone::Info,
        _ => Tone::Neutral,
    };
    Tag::new(tone, &state.label)
}

/// The phases of a dossier, the present one marked.
pub fn steps(state: &StateView) -> Steps {
    let rank = |phase: Phase| match phase {
        Phase::Brouillon => 0,
        Phase::Depose => 1,
        Phase::EnInstruction => 2,
        Phase::Termine => 3,
    };
    let present = rank(state.phase);
    let decided = state.outcome.is_some() && state.phase == Phase::EnInstruction;
    let present = if decided { 3 } else { present };
    let stages = [(1, "Déposé"), (2, "En cours d’examen"), (3, if decided { "Décision rendue" } else { "Terminé" })];
    let steps = stages.map(|(number, label)| StepView {
        label: label.to_owned(),
        done: number <= present,
        current: number == present,
    });
    Steps { steps: steps.into() }
}

/// The author of what the reader did herself.
const YOU: &str = "Vous";

/// The history, most recent first as it comes.
pub fn timeline(history: &[HistoryLine], zone: &TimeZone) -> Timeline {
    let steps = history.iter().enumerate().map(|(index, line)| TimelineStep {
        when: text::moment(line.at, zone),
        machine: text::machine(line.at, zone),
        text: line.text.trim_end_matches('.').to_owned(),
        // « Vous avez déposé votre demande » says who did.
        who: if line.author == YOU { String::new() } else { line.author.clone() },
        details: line.details.clone(),
        now: index == 0,
    });
    Timeline { steps: steps.collect() }
}

/// The messages; those of the reader's side stand apart.
pub fn messages(lines: &[MessageLine], reader: Side, zone: &TimeZone) -> Messages {
    let messages = lines.iter().map(|line| MessageView {
        author: line.author.clone(),
        when: text::moment(line.at, zone),
        machine: text::machine(line.at, zone),
        body: line.body.clone(),
        mine: line.side == reader,
    });
    Messages { messages: messages.collect() }
}

/// Who handles a dossier (article L111-2 du CRPA).
pub fn handler_card(handler: &Handler) -> ServiceCard {
    ServiceCard {
        id: "interlocuteur".to_owned(),
        title: if handler.agent.is_some() { "Qui suit votre dossier" } else { "Service chargé du dossier" }.to_owned(),
        agent: handler.agent.clone(),
        quality: handler.quality.clone(),
        service: handler.service.clone(),
        address: handler.address.clone(),
        phone: handler.phone.clone(),
        email: handler.email.clone(),
        hours: handler.hours.iter().flat_map(|hours| hours.lines()).map(str::to_owned).collect(),
    }
}
