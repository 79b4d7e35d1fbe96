//! How the engine would read the queries that must never read a whole table; shown by `doctor`, proven by tests.

use parvis_domain::{policy::DossierScope, time::Instant};
use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement, Value};

use crate::{
    PlatformDb, Reads, Result, UnitOfWork,
    codec::word,
    platform::due::{self, Queue},
    tenant::{
        inbox::{self, Cursor, InboxFilter},
        outbox,
    },
};

/// Steps of reading a page of the inbox.
pub async fn inbox_page(
    reads: &impl Reads,
    scope: &DossierScope,
    filter: &InboxFilter,
    after: Option<Cursor>,
) -> Result<Vec<String>> {
    let connection = reads.connection();
    let statement = inbox::select(scope, filter, after, 25).build(connection.get_database_backend());
    explain(connection, statement).await
}

/// Steps of leasing what is due in a tenant's outbox.
pub async fn outbox_lease(unit: &UnitOfWork, queue: Queue, now: Instant) -> Result<Vec<String>> {
    use crate::unit::sealed::Connected;
    let micros = Value::from(now.micros());
    let values = vec![word(&queue).into(), micros.clone(), micros, Value::from(10_i64)];
    let connection = unit.connection();
    explain(connection, Statement::from_sql_and_values(connection.get_database_backend(), outbox::LEASE, values)).await
}

/// Steps of leasing the tenant that has waited longest.
pub async fn due_lease(platform: &PlatformDb, queue: Queue, now: Instant) -> Result<Vec<String>> {
    let micros = Value::from(now.micros());
    let values = vec![word(&queue).into(), micros.clone(), micros];
    let connection = platform.writer();
    explain(connection, Statement::from_sql_and_values(connection.get_database_backend(), due::LEASE, values)).await
}

async fn explain(connection: &impl ConnectionTrait, mut statement: Statement) -> Result<Vec<String>> {
    let (prefix, column) = match statement.db_backend {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN ", "detail"),
        _ => ("EXPLAIN ", "QUERY PLAN"),
    };
    statement.sql.insert_str(0, prefix);
    let rows = connection.query_all_raw(statement).await?;
    rows.into_iter().map(|row| Ok(row.try_get("", column)?)).collect()
}
