//! The récépissé: the accusé de réception as a PDF, to keep or to print at the desk.

use std::sync::Arc;

use parvis_contract::Silence;
use parvis_domain::{
    dossier::Channel,
    french,
    ids::DossierId,
    policy::{Actor, Permission},
    ports::DocumentError,
};
use serde_json::{Value, json};

use super::{
    lines, load,
    view::{AnswerLine, SectionLine},
};
use crate::{decision::terms, failure::Failure, notifications, parvis::Town};

/// Source of the document.
const TEMPLATE: &str = include_str!("../../templates/recepisse.typ");

/// The récépissé of a dossier.
pub async fn receipt(town: &Town, actor: &Actor, id: DossierId) -> Result<Vec<u8>, Failure> {
    let filed = super::file::confirmation(town, actor, id).await?.filed;
    let loaded = load::read(town, id).await?;
    town.log_access(actor, Permission::DossierRead, Some(id)).await?;
    let zone = town.profile.time_zone();
    let day = terms::day(town, loaded.head.term_at);
    let content = notifications::receipt_of(town, &loaded.definition, &loaded.head, day);
    let is_agent = matches!(actor, Actor::Agent { .. });
    // Who may only see that a dossier exists prints no answer.
    let reads = town.allow(actor, Permission::DossierRead, Some(&loaded.subject())).is_ok()
        || matches!(actor, Actor::DraftHolder(_));
    let conceals = is_agent && town.allow(actor, Permission::DossierReadSensitive, Some(&loaded.subject())).is_err();
    let sections = if reads { lines::answers_told(&loaded, &[], conceals) } else { Vec::new() };
    let summary: Vec<Value> = sections
        .iter()
        .map(|section| json!({ "titre": section.title, "lignes": section.lines.iter().flat_map(rows).collect::<Vec<_>>() }))
        .collect();
    let mention = content.silence.as_ref();
    let remedies: Vec<String> = mention.and_then(|mention| mention.remedies.clone()).into_iter().collect();
    let service = &content.service;
    let state = lines::state(&loaded.definition, &loaded.head, lines::Reader::Usager);
    let data = json!({
        "collectivite": notifications::facts_of_town(town),
        "numero": content.number,
        "code_suivi": filed.tracking_code,
        "adresse_suivi": town.url("/suivi"),
        "demarche": content.title,
        "demandeur": loaded.head.contact.name,
        "depose_par": by(loaded.head.channel),
        "recu_le": french::date_time(content.received_at.local(&zone)),
        "service": {
            "nom": service.name,
            "adresse": service.address,
            "courriel": service.email,
            "telephone": service.phone,
        },
        "silence": mention
            .filter(|mention| mention.silence != Silence::SansEffet)
            .map(|mention| mention.sentence(&french::date(mention.on))),
        "recours": remedies,
        "suite": [state.next],
        "recapitulatif": summary,
        "edite_le": french::date_time(town.now().local(&zone)),
    });
    let title = format!("Récépissé de dépôt {}", content.number);
    let (typesetter, now) = (Arc::clone(&town.parvis.typesetter), town.now());
    let made = town.parvis.pools.documents.run(move || typesetter.typeset(&title, TEMPLATE, &data, now)).await?;
    made.map_err(|error: DocumentError| {
        tracing::error!(tenant = %town.id, dossier = %id, error = %error, "a receipt failed");
        Failure::Busy { retry_after: 5 }
    })
}

fn rows(line: &SectionLine) -> Vec<Value> {
    let row = |name: Option<&str>, answer: &AnswerLine| {
        let label = name.map_or_else(|| answer.label.clone(), |name| format!("{name} – {}", answer.label));
        let hidden = answer.concealed.then(|| "Non affiché".to_owned());
        json!({ "libelle": label, "valeur": hidden.or_else(|| answer.text.clone()).unwrap_or_default() })
    };
    match line {
        SectionLine::Answer(answer) => vec![row(None, answer)],
        SectionLine::Block { rows, .. } => {
            rows.iter().flat_map(|(name, answers)| answers.iter().map(move |answer| row(Some(name), answer))).collect()
        }
    }
}

const fn by(channel: Channel) -> Option<&'static str> {
    match channel {
        Channel::Web | Channel::Api => None,
        Channel::Guichet => Some("Demande saisie au guichet par un agent"),
        Channel::Telephone => Some("Demande saisie au téléphone par un agent"),
        Channel::Courrier => Some("Demande reçue par courrier, saisie par un agent"),
    }
}
