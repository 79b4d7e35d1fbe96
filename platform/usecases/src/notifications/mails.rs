//! The texts of the platform's own letters, and the notices of démarches.

use jiff::civil::Date;
use parvis_contract::{Definition, LegalCard};
use parvis_domain::{
    dossier::{Contact, Dossier, DossierKind},
    french,
    receipt::{Receipt, ServiceInCharge},
    rules::WantedPiece,
};
use parvis_store::piece_requests::PieceRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::template::fill;
use crate::{
    failure::Failure,
    outgoing::MailPayload,
    parvis::Town,
    profile::{PostalAddress, Service},
};

/// A mail of the outbox, and the keys of the documents of its dossier that it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    /// The mail.
    #[serde(flatten)]
    pub(crate) mail: MailPayload,
    /// Keys of documents to attach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) documents: Vec<String>,
    /// What it is.
    #[serde(default)]
    pub(crate) kind: LetterKind,
}

/// What a letter is, for the bound on mails to one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LetterKind {
    /// The accusé de réception, which the law wants.
    Receipt,
    /// Any other letter to the usager.
    #[default]
    ToUsager,
    /// A notice to an agent.
    ToAgent,
}

/// What a letter is about.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// Town.
    pub(crate) town: &'a Town,
    /// Démarche.
    pub(crate) definition: &'a Definition,
    /// Dossier.
    pub(crate) head: &'a Dossier,
}

impl About<'_> {
    fn zone(&self) -> jiff::tz::TimeZone {
        self.town.profile.time_zone()
    }

    /// Where the usager follows her dossier.
    fn link(&self) -> String {
        match self.head.usager {
            Some(_) => self.town.url(&format!("/dossiers/{}", self.head.id)),
            None => self.town.url(&format!("/suivi?numero={}", self.head.number)),
        }
    }

    fn service(&self) -> ServiceInCharge {
        service_in_charge(self.town, &self.head.service)
    }

    /// A letter to the usager, with its greeting and its signature.
    fn letter(&self, subject: String, body: &str) -> Letter {
        let service = self.service();
        let greeting =
            if self.head.contact.name.is_empty() { String::new() } else { format!(" {}", self.head.contact.name) };
        let mut signature = format!("{}\n{}", service.name, service.phone);
        if let Some(email) = &service.email {
            signature = format!("{signature}\n{email}");
        }
        Letter {
            mail: MailPayload {
                to: self.head.contact.email.clone().unwrap_or_default(),
                subject,
                body: format!("Bonjour{greeting},\n\n{body}\n\n{signature}\n"),
                attachments: Vec::new(),
            },
            documents: Vec::new(),
            kind: LetterKind::ToUsager,
        }
    }
}

/// The service of a dossier, completed by what the town has.
pub(crate) fn service_in_charge(town: &Town, id: &str) -> ServiceInCharge {
    let profile = &town.profile;
    let service: Option<&Service> = profile.service(id).or_else(|| profile.services.first());
    match service {
        Some(service) => ServiceInCharge {
            name: format!("{} – {}", profile.name, service.name),
            email: Some(service.email_or(profile).to_owned()),
            address: Some(one_line(service.address_or(profile))),
            phone: service.phone_or(profile).to_owned(),
        },
        None => ServiceInCharge {
            name: profile.name.clone(),
            email: Some(profile.contact.email.clone()),
            address: Some(one_line(&profile.contact.address)),
            phone: profile.contact.phone.clone(),
        },
    }
}

fn one_line(address: &PostalAddress) -> String {
    format!("{}, {} {}", address.lines.join(", "), address.postal_code, address.town)
}

/// The content of the accusé de réception of a dossier (article R112-11-1 du CRPA).
pub(crate) fn receipt_of(town: &Town, definition: &Definition, head: &Dossier, term: Option<Date>) -> Receipt {
    let legal = LegalCard { remedies: remedies(town, &definition.legal), ..definition.legal.clone() };
    Receipt::new(
        head.number.clone(),
        definition.title.clone(),
        head.filed_at,
        service_in_charge(town, &head.service),
        &legal,
        term,
    )
}

/// Remedies and their delays, with the court of the town; a text with other variables stays as it is written.
fn remedies(town: &Town, legal: &LegalCard) -> String {
    let court = Map::from_iter([("tribunal".to_owned(), Value::from(town.profile.legal.tribunal.name.clone()))]);
    fill(&legal.remedies, &court).unwrap_or_else(|error| {
        tracing::error!(%error, tenant = %town.profile.slug, "the remedies cannot be filled");
        legal.remedies.clone()
    })
}

/// The accusé de réception; `None` for a trial or when there is no address.
pub(crate) fn accuse_reception(about: About<'_>, term: Option<Date>, code: Option<&str>) -> Option<Letter> {
    if about.head.kind == DossierKind::Trial || about.head.contact.email.is_none() {
        return None;
    }
    let receipt = receipt_of(about.town, about.definition, about.head, term);
    let received = french::date_time(receipt.received_at.local(&about.zone()));
    let mut paragraphs = vec![format!("Nous avons reçu votre demande « {} » le {received}.", receipt.title)];
    let number = format!("Numéro de dossier : {}", receipt.number);
    paragraphs.push(match code {
        Some(code) => {
            format!("{number}\nCode de suivi : {code}\nGardez ce code : il ouvre la page de suivi de votre dossier.")
        }
        None => number,
    });
    paragraphs.push(format!("Pour suivre votre dossier :\n{}", about.link()));
    paragraphs.push(service_lines(&receipt.service));
    if let Some(mention) = &receipt.silence {
        paragraphs.push(mention.sentence(&french::date(mention.on)));
        paragraphs.extend(mention.remedies.iter().map(|text| format!("Voies et délais de recours : {text}")));
    }
    let subject = format!("Accusé de réception de votre demande n° {}", receipt.number);
    Some(Letter { kind: LetterKind::Receipt, ..about.letter(subject, &paragraphs.join("\n\n")) })
}

/// The service, as article R112-11-1 wants it named.
fn service_lines(service: &ServiceInCharge) -> String {
    let line = |label: &str, value: &str| format!("{label} : {value}");
    let optional = |label: &str, value: &Option<String>| value.as_deref().map(|value| line(label, value));
    let lines = [
        Some(line("Service chargé de votre demande", &service.name)),
        optional("Adresse", &service.address),
        optional("Adresse électronique", &service.email),
        Some(line("Téléphone", &service.phone)),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// A request for documents, with the mention of article R112-11-4 du CRPA.
pub(crate) fn piece_request(about: About<'_>, request: &PieceRequest) -> Letter {
    let items: Vec<String> = request.items.iter().map(|item| wanted_line(about.definition, item)).collect();
    let until = french::date(request.due_at.date(&about.zone()));
    let body = format!(
        "Pour traiter votre dossier n° {}, il nous manque :\n\n{}\n\nMotif : {}\n\nRépondez avant le {until} :\n{}\n\n{}",
        about.head.number,
        items.join("\n"),
        request.reason,
        about.link(),
        suspension_mention(about.definition, request.essential),
    );
    about.letter(format!("Il manque des pièces à votre dossier n° {}", about.head.number), &body)
}

fn wanted_line(definition: &Definition, item: &WantedPiece) -> String {
    let label = parvis_domain::lifecycle::field(definition, &item.field);
    let label = label.map_or(item.field.as_str(), |field| field.label.as_str());
    format!("- {label} ({})", item.basis)
}

/// What a request for documents does to the law's clock, in words (articles L114-5 and L114-5-1 du CRPA).
pub(crate) fn suspension_mention(definition: &Definition, essential: bool) -> String {
    use parvis_contract::Silence;
    match (essential, definition.legal.silence, definition.legal.term) {
        (true, Silence::Rejet, Some(_)) => {
            "Le délai au terme duquel votre demande est réputée rejetée est suspendu jusqu’à la réception de ces pièces, \
             ou jusqu’à la fin du délai qui vous est donné (article L114-5 du code des relations entre le public et \
             l’administration)."
        }
        (true, Silence::Acceptation, Some(_)) => {
            "Le délai au terme duquel votre demande est réputée acceptée ne court qu’à la réception de ces pièces (article \
             L114-5 du code des relations entre le public et l’administration)."
        }
        _ => {
            "L’instruction de votre demande continue en attendant ces pièces (article L114-5-1 du code des relations entre \
             le public et l’administration)."
        }
    }
    .to_owned()
}

/// A message waits for the usager; its content stays on the page.
pub(crate) fn message_received(about: About<'_>) -> Letter {
    let body = format!(
        "Vous avez reçu un message au sujet de votre dossier n° {}.\n\nPour le lire et y répondre :\n{}",
        about.head.number,
        about.link(),
    );
    about.letter(format!("Un message vous attend, dossier n° {}", about.head.number), &body)
}

/// Silence has decided.
pub(crate) fn lapsed(about: About<'_>, on: Date) -> Letter {
    use parvis_contract::Silence;
    let legal = &about.definition.legal;
    let meaning = match legal.silence {
        Silence::Acceptation => "acceptée",
        Silence::Rejet | Silence::SansEffet => "rejetée",
    };
    let body = format!(
        "Votre demande n° {} n’a pas reçu de décision expresse avant le {}. Elle est donc réputée {meaning} ({}).\n\nPour \
         voir votre dossier :\n{}",
        about.head.number,
        french::date(on),
        legal.silence_basis,
        about.link(),
    );
    let rights = match legal.silence {
        Silence::Acceptation => {
            "\n\nVous pouvez demander l’attestation prévue à l’article L232-3 du code des relations entre le public et \
             l’administration."
                .to_owned()
        }
        Silence::Rejet => format!("\n\nVoies et délais de recours : {}", remedies(about.town, legal)),
        Silence::SansEffet => String::new(),
    };
    let body = format!("{body}{rights}");
    about.letter(format!("Votre demande n° {} est réputée {meaning}", about.head.number), &body)
}

/// The usager withdrew.
pub(crate) fn withdrawn(about: About<'_>) -> Letter {
    let body = format!("Vous avez retiré votre demande n° {}. Elle ne sera pas traitée.", about.head.number);
    about.letter(format!("Votre demande n° {} est retirée", about.head.number), &body)
}

/// A notice of the démarche, without its recipient. Templates and variables were declared; one that is missing refuses
/// the decision that asks for it.
pub(crate) fn notice(
    about: About<'_>,
    template: &str,
    variables: &Value,
    attach: &[String],
) -> Result<Letter, Failure> {
    let declared = about.definition.notices.iter().find(|notice| notice.id == template);
    let declared = declared.ok_or_else(|| Failure::Decision(format!("le modèle « {template} » n’existe pas")))?;
    let mut all = platform_variables(about);
    all.extend(variables.as_object().cloned().unwrap_or_default());
    let filled =
        |text: &str| fill(text, &all).map_err(|error| Failure::Decision(format!("le modèle « {template} » : {error}")));
    let (subject, body) = (filled(&declared.subject)?, filled(&declared.body)?);
    Ok(Letter {
        mail: MailPayload { to: String::new(), subject, body, attachments: Vec::new() },
        documents: attach.to_vec(),
        kind: LetterKind::ToUsager,
    })
}

impl Letter {
    /// The same letter, to an address; an empty one when there is none.
    pub(crate) fn to(mut self, address: Option<&str>) -> Self {
        address.unwrap_or_default().clone_into(&mut self.mail.to);
        self
    }
}

/// Variables that the platform adds to those of a notice.
pub(crate) fn platform_variables(about: About<'_>) -> Map<String, Value> {
    let Contact { name, .. } = &about.head.contact;
    let service = about.service();
    let hours = about.town.profile.service(&about.head.service).map(|service| service.hours_or(&about.town.profile));
    let variables = json!({
        "numero": about.head.number,
        "lien": about.link(),
        "nom": name,
        "demarche": about.definition.title,
        "collectivite": about.town.profile.name,
        "service": service.name,
        "telephone": service.phone,
        "courriel": service.email,
        "adresse": service.address,
        "horaires": hours.unwrap_or(&about.town.profile.contact.hours).join(", "),
        "date_depot": french::date(about.head.filed_at.date(&about.zone())),
        "tribunal": about.town.profile.legal.tribunal.name,
        "recours": remedies(about.town, &about.definition.legal),
    });
    variables.as_object().cloned().unwrap_or_default()
}

/// Facts of the town that documents may print, under the key `collectivite` of their variables.
pub(crate) fn facts_of_town(town: &Town) -> Value {
    let profile = &town.profile;
    let tribunal = &profile.legal.tribunal;
    json!({
        "nom": profile.name,
        "nom_court": profile.short_name(),
        "adresse": one_line(&profile.contact.address),
        "ville": profile.contact.address.town,
        "telephone": profile.contact.phone,
        "courriel": profile.contact.email,
        "tribunal": { "nom": tribunal.name, "adresse": tribunal.address, "telerecours": tribunal.telerecours },
    })
}
