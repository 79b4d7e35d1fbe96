//! Internal tasks: what a function of the town is asked about a dossier, such as an opinion.

use parvis_domain::{
    ids::{AgentId, DossierId, TaskId},
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{execute, from_json, insert_if_absent, instant, json, maybe_instant, maybe_micros},
    entity::work::task,
    unit::sealed::Connected,
};

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Id.
    pub id: TaskId,
    /// Dossier.
    pub dossier: DossierId,
    /// Key, unique in the dossier.
    pub key: String,
    /// Function that does it.
    pub function: String,
    /// What to do.
    pub title: String,
    /// Before when.
    pub due: Option<Instant>,
    /// Agent who took it.
    pub assignee: Option<AgentId>,
    /// When it was asked.
    pub created_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// What was answered.
    pub opinion: Option<serde_json::Value>,
}

/// Asks for a task; one of the same key starts again with the new title and date.
pub async fn put(unit: &UnitOfWork, task: &Task) -> Result<()> {
    let row = task::Model {
        id: task.id.uuid(),
        dossier: task.dossier.uuid(),
        key: task.key.clone(),
        function: task.function.clone(),
        title: task.title.clone(),
        due: maybe_micros(task.due),
        assignee: task.assignee.map(AgentId::uuid),
        created_at: task.created_at.micros(),
        done_at: maybe_micros(task.done_at),
        opinion: task.opinion.as_ref().map(json).transpose()?,
    };
    if insert_if_absent(unit.connection(), row).await? {
        return Ok(());
    }
    let sql = "UPDATE task SET function = $3, title = $4, due = $5, done_at = NULL, opinion = NULL \
               WHERE dossier = $1 AND key = $2";
    let values = vec![
        task.dossier.uuid().into(),
        task.key.clone().into(),
        task.function.clone().into(),
        task.title.clone().into(),
        maybe_micros(task.due).into(),
    ];
    execute(unit.connection(), sql, values).await?;
    Ok(())
}

/// A task by its id.
pub async fn by_id(reads: &impl Reads, id: TaskId) -> Result<Option<Task>> {
    task::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(read).transpose()
}

/// The tasks of a dossier, in the order they were asked.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Task>> {
    let query = task::Entity::find()
        .filter(task::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(task::Column::CreatedAt)
        .order_by_asc(task::Column::Key);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// What some functions still have to do, oldest first.
pub async fn open_for(reads: &impl Reads, functions: &[String]) -> Result<Vec<Task>> {
    let query = task::Entity::find()
        .filter(task::Column::DoneAt.is_null())
        .filter(task::Column::Function.is_in(functions.iter().cloned()))
        .order_by_asc(task::Column::CreatedAt)
        .order_by_asc(task::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// A task was done; false when it was done already.
pub async fn done(
    unit: &UnitOfWork,
    id: TaskId,
    agent: AgentId,
    opinion: Option<&serde_json::Value>,
    at: Instant,
) -> Result<bool> {
    let done = task::Entity::update_many()
        .col_expr(task::Column::DoneAt, Expr::value(at.micros()))
        .col_expr(task::Column::Assignee, Expr::value(agent.uuid()))
        .col_expr(task::Column::Opinion, Expr::value(opinion.map(json).transpose()?))
        .filter(task::Column::Id.eq(id.uuid()))
        .filter(task::Column::DoneAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

fn read(row: task::Model) -> Result<Task> {
    Ok(Task {
        id: TaskId::from_uuid(row.id),
        dossier: DossierId::from_uuid(row.dossier),
        key: row.key,
        function: row.function,
        title: row.title,
        due: maybe_instant(row.due),
        assignee: row.assignee.map(AgentId::from_uuid),
        created_at: instant(row.created_at),
        done_at: maybe_instant(row.done_at),
        opinion: row.opinion.as_deref().map(|text| from_json("task", text)).transpose()?,
    })
}
