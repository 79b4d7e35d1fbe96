//! Sessions: a random token in the browser, its digest in the tenant's database.
//!
//! A new token at each sign-in; signing out, changing the password or being revoked ends it on the server. Never knows
//! cookies.

use std::time::Duration;

use parvis_domain::{
    digest::Sha256,
    ids::{AgentId, UsagerId},
    policy::Actor,
    time::Instant,
};
use parvis_store::{
    StoreError, UnitOfWork, agents, agents_in_town,
    sessions::{self, Session, SessionSubject},
    usagers,
};

use crate::{
    parvis::Town,
    secrets::{self, Token},
};

/// How long a session lasts, whatever happens.
const fn longest(subject: SessionSubject) -> Duration {
    match subject {
        SessionSubject::Usager(_) => Duration::from_hours(30 * 24),
        SessionSubject::Agent(_) => Duration::from_hours(12),
    }
}

/// How long a session lasts when nobody uses it. A citizen's is over twenty hours: no warning is owed before it ends,
/// and drafts are kept anyway.
const fn idle(subject: SessionSubject) -> Duration {
    match subject {
        SessionSubject::Usager(_) => Duration::from_hours(24),
        SessionSubject::Agent(_) => Duration::from_hours(2),
    }
}

/// A session that was just opened: the only time its token is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What the browser keeps.
    pub token: Token,
    /// When it ends at the latest.
    pub expires_at: Instant,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The actor that use cases take.
    pub actor: Actor,
    /// Her name, as pages greet her.
    pub name: String,
    /// Her address.
    pub email: String,
    /// Digest of the token: names the session in the list of sessions.
    pub session: Sha256,
    /// When it ends at the latest.
    pub expires_at: Instant,
}

/// A session in the list that its owner sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Names it, to end it.
    pub id: Sha256,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub last_seen_at: Instant,
    /// It is the one that asks.
    pub current: bool,
}

/// Opens a session in the unit of work that accepted the proof.
pub(crate) async fn open(town: &Town, unit: &UnitOfWork, subject: SessionSubject) -> Result<Opened, StoreError> {
    let now = town.now();
    let token = Token::new(&*town.parvis.entropy);
    let expires_at = now.plus(longest(subject));
    let second_factor_at = matches!(subject, SessionSubject::Agent(_)).then_some(now);
    let session = Session {
        token_hash: token.digest(),
        subject,
        second_factor_at,
        created_at: now,
        last_seen_at: now,
        expires_at,
    };
    sessions::insert(unit, &session).await?;
    Ok(Opened { token, expires_at })
}

/// Who holds this token, when its session still runs. Grants and accounts are read each time: a right that was taken
/// away is gone at once.
pub async fn resolve(town: &Town, token: &str) -> Result<Option<SignedIn>, StoreError> {
    let now = town.now();
    let snapshot = town.db.read().await?;
    let Some(session) = sessions::by_token(&snapshot, secrets::digest_of(token), now).await? else { return Ok(None) };
    if !runs(&session, now) {
        return Ok(None);
    }
    let known = match session.subject {
        SessionSubject::Usager(id) => usager(&snapshot, id).await?,
        SessionSubject::Agent(id) => agent(town, &snapshot, id).await?,
    };
    drop(snapshot);
    let Some((actor, name, email)) = known else { return Ok(None) };
    if session.is_to_be_touched(now) {
        let unit = town.db.write().await?;
        sessions::touch(&unit, session.token_hash, now, session.expires_at).await?;
        unit.commit().await?;
    }
    Ok(Some(SignedIn { actor, name, email, session: session.token_hash, expires_at: session.expires_at }))
}

/// Ends a session. One that is not there is ended already.
pub async fn close(town: &Town, token: &str) -> Result<(), StoreError> {
    let unit = town.db.write().await?;
    sessions::remove(&unit, secrets::digest_of(token)).await?;
    unit.commit().await
}

/// The running sessions of whoever is signed in, latest first.
pub async fn list(town: &Town, signed_in: &SignedIn) -> Result<Vec<Listed>, StoreError> {
    let Some(subject) = subject_of(&signed_in.actor) else { return Ok(Vec::new()) };
    let now = town.now();
    let snapshot = town.db.read().await?;
    let mut sessions = sessions::list_of(&snapshot, subject, now).await?;
    sessions.retain(|session| runs(session, now));
    sessions.sort_by_key(|session| std::cmp::Reverse(session.last_seen_at));
    Ok(sessions
        .into_iter()
        .map(|session| Listed {
            id: session.token_hash,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.token_hash == signed_in.session,
        })
        .collect())
}

/// Ends one of her sessions; someone else's is not hers to end, and looks as if it were not there.
pub async fn revoke(town: &Town, signed_in: &SignedIn, id: Sha256) -> Result<(), StoreError> {
    let Some(subject) = subject_of(&signed_in.actor) else { return Ok(()) };
    let unit = town.db.write().await?;
    let owned = sessions::by_token(&unit, id, town.now()).await?.is_some_and(|session| session.subject == subject);
    if owned {
        sessions::remove(&unit, id).await?;
    }
    unit.commit().await
}

fn runs(session: &Session, now: Instant) -> bool {
    now < session.expires_at && now < session.last_seen_at.plus(idle(session.subject))
}

const fn subject_of(actor: &Actor) -> Option<SessionSubject> {
    match actor {
        Actor::Usager(id) => Some(SessionSubject::Usager(*id)),
        Actor::Agent { id, .. } => Some(SessionSubject::Agent(*id)),
        _ => None,
    }
}

type Known = Option<(Actor, String, String)>;

async fn usager(snapshot: &parvis_store::Snapshot, id: UsagerId) -> Result<Known, StoreError> {
    let usager = usagers::by_id(snapshot, id).await?;
    Ok(usager.map(|usager| {
        let name = format!("{} {}", usager.given_name, usager.family_name);
        let name = name.trim();
        let name = if name.is_empty() { usager.email.clone() } else { name.to_owned() };
        (Actor::Usager(id), name, usager.email)
    }))
}

async fn agent(town: &Town, snapshot: &parvis_store::Snapshot, id: AgentId) -> Result<Known, StoreError> {
    let held = agents_in_town::by_agent(snapshot, id).await?;
    let Some(held) = held else { return Ok(None) };
    let Some(agent) = agents::by_id(town.parvis.store.platform(), id).await? else { return Ok(None) };
    if held.grants.is_empty() || !crate::agents::may_enter(town, &agent) {
        return Ok(None);
    }
    let name = format!("{} {}", agent.given_name, agent.family_name);
    Ok(Some((Actor::Agent { id, grants: held.grants }, name, agent.email)))
}
