//! What is asked of the usager now: the open requests for documents of a dossier, taken together. An additional request
//! adds to the earlier ones; she answers all of them in one go. This file never knows the law's clock.

use parvis_domain::{ids::PieceRequestId, rules::WantedPiece, time::Instant, value::Answers};
use parvis_store::piece_requests::PieceRequest;

/// The open requests of a dossier, as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// First asked then.
    pub(crate) asked_at: Instant,
    /// The last of the delays given: the earlier ones run within it.
    pub(crate) until: Instant,
    /// Why, in the order of the requests.
    pub(crate) reason: String,
    /// What is asked, each once; essential as soon as one request says so.
    pub(crate) items: Vec<WantedPiece>,
    /// Instruction cannot go on without some of it.
    pub(crate) essential: bool,
    requests: Vec<PieceRequest>,
}

impl Wanted {
    /// What waits among the requests of a dossier, oldest first; `None` when nothing does.
    pub(crate) fn of(requests: &[PieceRequest]) -> Option<Self> {
        let open: Vec<PieceRequest> =
            requests.iter().filter(|request| request.answered_at.is_none()).cloned().collect();
        let (asked_at, until) = (open.first()?.asked_at, open.iter().map(|request| request.due_at).max()?);
        let mut reasons: Vec<&str> = Vec::new();
        let mut items: Vec<WantedPiece> = Vec::new();
        for request in &open {
            if !reasons.contains(&request.reason.as_str()) {
                reasons.push(&request.reason);
            }
            for item in &request.items {
                match items.iter_mut().find(|known| known.field == item.field) {
                    Some(known) if item.essential && !known.essential => known.clone_from(item),
                    Some(_) => {}
                    None => items.push(item.clone()),
                }
            }
        }
        let essential = open.iter().any(|request| request.essential);
        Some(Self { asked_at, until, reason: reasons.join("\n"), items, essential, requests: open })
    }

    /// The requests that a completion answers: nothing essential misses from it, so those that had something essential,
    /// and the others of which it brings something.
    pub(crate) fn answered_by(&self, given: &Answers) -> Vec<PieceRequestId> {
        let brings = |item: &WantedPiece| given.iter().any(|(at, value)| at.field == item.field && value.is_answer());
        let answered = |request: &&PieceRequest| request.essential || request.items.iter().any(brings);
        self.requests.iter().filter(answered).map(|request| request.id).collect()
    }

    /// Whether it holds everything that is asked: nothing more was since.
    pub(crate) fn is_all(&self, requests: &[PieceRequest]) -> bool {
        let known = |open: &PieceRequest| self.requests.iter().any(|request| request.id == open.id);
        requests.iter().filter(|request| request.answered_at.is_none()).all(known)
    }
}

#[cfg(test)]
mod tests {
    use parvis_domain::{
        ids::DossierId,
        value::{Target, Value},
    };
    use uuid::Uuid;

    use super::*;

    fn request(number: u128, fields: &[(&str, bool)]) -> PieceRequest {
        let day = i64::try_from(number).unwrap();
        PieceRequest {
            id: PieceRequestId::from_uuid(Uuid::from_u128(number)),
            dossier: DossierId::from_uuid(Uuid::from_u128(9)),
            asked_at: Instant::from_micros(day),
            due_at: Instant::from_micros(100 - day),
            items: fields
                .iter()
                .map(|&(field, essential)| WantedPiece { field: field.to_owned(), essential, basis: String::new() })
                .collect(),
            reason: format!("Motif {number}."),
            essential: fields.iter().any(|(_, essential)| *essential),
            answered_at: None,
            reminded_at: None,
        }
    }

    fn ids(numbers: &[u128]) -> Vec<PieceRequestId> {
        numbers.iter().map(|number| PieceRequestId::from_uuid(Uuid::from_u128(*number))).collect()
    }

    #[test]
    fn open_requests_are_one_for_who_answers() {
        let answered = PieceRequest { answered_at: Some(Instant::from_micros(5)), ..request(1, &[("vieux", true)]) };
        let requests = [answered, request(2, &[("plan", false)]), request(3, &[("plan", true), ("photo", false)])];
        let wanted = Wanted::of(&requests).unwrap();
        assert_eq!((wanted.asked_at, wanted.until), (requests[1].asked_at, requests[1].due_at));
        assert_eq!(wanted.reason, "Motif 2.\nMotif 3.");
        let items: Vec<_> = wanted.items.iter().map(|item| (item.field.as_str(), item.essential)).collect();
        assert_eq!(items, [("plan", true), ("photo", false)]);
        assert!(wanted.essential);
        assert_eq!(Wanted::of(&requests[..1]), None);
    }

    #[test]
    fn what_is_only_useful_waits_until_some_of_it_comes() {
        let requests = [request(1, &[("plan", true)]), request(2, &[("photo", false)])];
        let wanted = Wanted::of(&requests).unwrap();
        let mut given = Answers::default();
        given.set(Target::field("plan"), Value::Text("joint".to_owned()));
        assert_eq!(wanted.answered_by(&given), ids(&[1]));
        given.set(Target::field("photo"), Value::Text("jointe".to_owned()));
        assert_eq!(wanted.answered_by(&given), ids(&[1, 2]));
    }

    #[test]
    fn a_request_made_meanwhile_is_not_part_of_it() {
        let requests = [request(1, &[("plan", true)]), request(2, &[("photo", true)])];
        let wanted = Wanted::of(&requests[..1]).unwrap();
        assert!(wanted.is_all(&requests[..1]));
        assert!(!wanted.is_all(&requests));
    }
}
