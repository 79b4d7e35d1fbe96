//! A form, begun: by a visitor who gets the draft's cookie, by an account, or by an agent for someone.

use std::time::Duration;

use parvis_contract::{Definition, Field, Kind, Prefill};
use parvis_domain::{
    dossier::Channel,
    ids::DraftId,
    policy::Actor,
    value::{Answers, Target, Value},
};
use parvis_store::{
    drafts::{self, Draft},
    usagers,
};

use super::{
    access,
    evaluation::{Sheet, first_step},
    view::Started,
};
use crate::{
    catalogue,
    failure::Failure,
    parvis::Town,
    secrets::Token,
    throttle::{self, ClientAddress},
};

const HOUR: Duration = Duration::from_hours(1);

/// Begins a form. `from` is where they ask from, for the limit on forms begun without an account.
pub async fn start(
    town: &Town,
    actor: &Actor,
    demarche: &str,
    channel: Channel,
    from: ClientAddress,
) -> Result<Started, Failure> {
    town.allow(actor, access::permission(actor), None)?;
    let at_a_desk = matches!(channel, Channel::Guichet | Channel::Telephone | Channel::Courrier);
    if matches!(actor, Actor::Agent { .. }) != at_a_desk {
        return Err(Failure::Forbidden);
    }
    let offered = match actor {
        Actor::Agent { .. } => catalogue::for_someone(town, actor)?.into_iter().find(|offered| offered.id == demarche),
        _ => town.catalogue.get(demarche).cloned(),
    };
    let offered = offered.ok_or(Failure::NotFound)?;
    let parvis = &town.parvis;
    let now = town.now();
    let token = Token::new(&*parvis.entropy);
    let (usager, agent) = match actor {
        Actor::Usager(id) => (Some(*id), None),
        Actor::Agent { id, .. } => (None, Some(*id)),
        _ => (None, None),
    };
    let unit = town.db.write().await?;
    let anonymous = usager.is_none() && agent.is_none();
    if anonymous {
        let limit = parvis.config.limits.drafts_per_hour;
        throttle::count_in(&unit, now, "draft", &from.to_string(), limit, HOUR).await?;
    }
    let answers = match usager {
        Some(id) => usagers::by_id(&unit, id)
            .await?
            .map_or_else(Answers::default, |account| prefilled(&offered.definition, &account)),
        None => Answers::default(),
    };
    let draft = Draft {
        id: DraftId::new(&*parvis.clock, &*parvis.entropy),
        demarche: offered.id.clone(),
        component: offered.component,
        holder: token.digest(),
        usager,
        agent,
        channel,
        answers,
        kept: None,
        page: None,
        revision: 0,
        created_at: now,
        updated_at: now,
        expires_at: access::expiry(town),
        dossier: None,
    };
    drafts::insert(&unit, &draft).await?;
    unit.commit().await?;
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, None).await?;
    Ok(Started {
        draft: draft.id,
        token: anonymous.then(|| format!("{}.{}", draft.id, token.as_str())),
        first: first_step(&sheet.walk()),
    })
}

/// First values that an account gives; the citizen can change them.
fn prefilled(definition: &Definition, account: &usagers::Usager) -> Answers {
    let fields = definition.pages.iter().flat_map(|page| &page.fields);
    let value = |field: &Field| {
        let text = match field.prefill? {
            Prefill::GivenName => account.given_name.clone(),
            Prefill::FamilyName => account.family_name.clone(),
            Prefill::Email => account.email.clone(),
            Prefill::Phone => account.phone.clone()?,
        };
        let textual = matches!(field.kind, Kind::Text { .. } | Kind::Email | Kind::Phone);
        (textual && !text.is_empty()).then(|| (Target::field(&field.id), Value::Text(text)))
    };
    fields.filter_map(value).collect()
}
