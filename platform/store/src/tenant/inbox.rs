//! Lists of dossiers: what an actor may see, filtered, oldest first, a page at a time after a key.
//!
//! Predicates are equalities and ranges on text, uuid and bigint only, so that they keep their index under row-level
//! security.

use std::collections::BTreeMap;

use parvis_contract::{Phase, WaitsFor};
use parvis_domain::{
    dossier::{Dossier, DossierKind},
    ids::{AgentId, DossierId},
    policy::DossierScope,
    time::Instant,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};

use super::dossiers::read;
use crate::{
    Reads, Result,
    codec::{end_of_prefix, word},
    entity::request::{
        dossier::{Column, Entity},
        term,
    },
    scope,
};

/// Whose dossiers are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assignee {
    /// Anyone's, and nobody's.
    #[default]
    Any,
    /// Nobody's yet.
    Nobody,
    /// Those of one agent.
    Is(AgentId),
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By date of filing, oldest first.
    #[default]
    OldestFirst,
    /// By date of filing, newest first.
    NewestFirst,
}

/// What is listed; empty lists and `None` filter nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxFilter {
    /// In one of these states.
    pub states: Vec<String>,
    /// In one of these phases.
    pub phases: Vec<Phase>,
    /// Of this démarche.
    pub demarche: Option<String>,
    /// Given to this service.
    pub service: Option<String>,
    /// Waiting for this side.
    pub waits_for: Option<WaitsFor>,
    /// Given to.
    pub assignee: Assignee,
    /// Real or trial.
    pub kind: Option<DossierKind>,
    /// Having, for each of these folded words, a term that starts with it.
    pub search: Vec<String>,
    /// In which order.
    pub order: Order,
}

/// Where a page ends, and the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Date of filing of the last row.
    pub filed_at: Instant,
    /// Id of the last row.
    pub id: DossierId,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Rows.
    pub dossiers: Vec<Dossier>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<Cursor>,
}

/// A page of the dossiers that a scope shows.
pub async fn page(
    reads: &impl Reads,
    scope: &DossierScope,
    filter: &InboxFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page> {
    let mut rows = select(scope, filter, after, limit).all(reads.connection()).await?;
    let full = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if full {
        rows.pop();
    }
    let dossiers = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let next = dossiers.last().filter(|_| full).map(|last| Cursor { filed_at: last.filed_at, id: last.id });
    Ok(Page { dossiers, next })
}

/// How many real dossiers a scope shows in each state of each démarche.
pub async fn counts(reads: &impl Reads, scope: &DossierScope) -> Result<BTreeMap<(String, String), u64>> {
    let rows = Entity::find()
        .select_only()
        .column(Column::Demarche)
        .column(Column::State)
        .column_as(Column::Id.count(), "count")
        .filter(scope::condition(scope))
        .filter(Column::Kind.eq(word(&DossierKind::Real)))
        .group_by(Column::Demarche)
        .group_by(Column::State)
        .into_tuple::<(String, String, i64)>()
        .all(reads.connection())
        .await?;
    Ok(rows.into_iter().map(|(demarche, state, count)| ((demarche, state), count.unsigned_abs())).collect())
}

/// How many dossiers a filter finds.
pub async fn count(reads: &impl Reads, scope: &DossierScope, filter: &InboxFilter) -> Result<u64> {
    let found = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "count")
        .filter(scope::condition(scope))
        .filter(condition(filter))
        .into_tuple::<i64>()
        .one(reads.connection())
        .await?;
    Ok(found.unwrap_or(0).unsigned_abs())
}

/// The query of a page, one row more than asked so that the last page is known.
pub(crate) fn select(scope: &DossierScope, filter: &InboxFilter, after: Option<Cursor>, limit: u32) -> Select<Entity> {
    let query = Entity::find()
        .filter(scope::condition(scope))
        .filter(condition(filter))
        .limit(u64::from(limit).saturating_add(1));
    // Compared as a row, so that both engines start in the index where the page does.
    let key = || Expr::tuple([Expr::col((Entity, Column::FiledAt)), Expr::col((Entity, Column::Id))]);
    let last = after.map(|cursor| Expr::tuple([Expr::value(cursor.filed_at.micros()), Expr::value(cursor.id.uuid())]));
    match filter.order {
        Order::OldestFirst => query
            .filter(Condition::all().add_option(last.map(|last| key().gt(last))))
            .order_by_asc(Column::FiledAt)
            .order_by_asc(Column::Id),
        Order::NewestFirst => query
            .filter(Condition::all().add_option(last.map(|last| key().lt(last))))
            .order_by_desc(Column::FiledAt)
            .order_by_desc(Column::Id),
    }
}

fn condition(filter: &InboxFilter) -> Condition {
    let mut all = Condition::all();
    if !filter.states.is_empty() {
        all = all.add(Column::State.is_in(filter.states.iter().cloned()));
    }
    if !filter.phases.is_empty() {
        all = all.add(Column::Phase.is_in(filter.phases.iter().map(word)));
    }
    if let Some(demarche) = &filter.demarche {
        all = all.add(Column::Demarche.eq(demarche.clone()));
    }
    if let Some(service) = &filter.service {
        all = all.add(Column::Service.eq(service.clone()));
    }
    if let Some(side) = &filter.waits_for {
        all = all.add(Column::WaitsFor.eq(word(side)));
    }
    if let Some(kind) = &filter.kind {
        all = all.add(Column::Kind.eq(word(kind)));
    }
    all = match filter.assignee {
        Assignee::Any => all,
        Assignee::Nobody => all.add(Column::Assignee.is_null()),
        Assignee::Is(agent) => all.add(Column::Assignee.eq(agent.uuid())),
    };
    for prefix in filter.search.iter().filter(|prefix| !prefix.is_empty()) {
        let mut having = Query::select();
        having
            .column(term::Column::Dossier)
            .from(term::Entity)
            .and_where(term::Column::Term.gte(prefix.clone()))
            .and_where(term::Column::Term.lt(end_of_prefix(prefix)));
        all = all.add(Column::Id.in_subquery(having));
    }
    all
}
