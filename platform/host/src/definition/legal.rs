//! The legal card: a démarche that lacks what the accusé de réception must say is not published (article R112-11-1 du
//! CRPA; AC-04 and AC-05 of the acceptance list).

use parvis_contract::{LegalCard, Nature, Silence, Term};

use super::Flaws;

pub(super) fn check(card: &LegalCard, flaws: &mut Flaws) {
    let place = "legal";
    match (card.silence, card.term) {
        (Silence::Acceptation | Silence::Rejet, None) => {
            flaws.add(place, "silence has a meaning, so a term is needed");
        }
        (Silence::SansEffet, Some(_)) => flaws.add(place, "silence has no meaning, so no term runs"),
        (_, Some(Term::Months(0) | Term::Days(0))) => flaws.add(place, "its term must be at least 1"),
        _ => {}
    }
    let decides = card.silence != Silence::SansEffet;
    if card.nature == Nature::Demande {
        flaws.require(place, decides, "a demande calls for a decision: silence is worth acceptation or rejet");
    } else {
        flaws.require(place, !decides, "only a demande gives a meaning to silence");
    }
    flaws.filled(place, "silence_basis", &card.silence_basis);
    flaws.filled(place, "remedies (voies et délais de recours)", &card.remedies);
    flaws.require(place, !card.texts.is_empty(), "it names no text");
    for text in &card.texts {
        flaws.filled(place, "text", &text.text);
        flaws.filled(place, "text's about", &text.about);
    }
    if let Some(algorithmic) = &card.algorithmic {
        flaws.filled(place, "algorithmic mention", algorithmic);
    }
}
