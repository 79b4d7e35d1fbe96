//! Between the types of the domain and the columns of both engines: instants are bigint, digests hexadecimal text, words
//! of closed sets their serde name, structures JSON text, and a missing row is row number -1.

use std::time::Duration;

use parvis_domain::{digest::Sha256, time::Instant};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryResult, Statement, Value, sea_query::OnConflict,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Result, StoreError};

/// Row of an answer that stands in no block.
const NO_ROW: i64 = -1;

pub(crate) const fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

pub(crate) fn maybe_instant(micros: Option<i64>) -> Option<Instant> {
    micros.map(Instant::from_micros)
}

pub(crate) fn maybe_micros(instant: Option<Instant>) -> Option<i64> {
    instant.map(Instant::micros)
}

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

pub(crate) fn digest(table: &'static str, text: &str) -> Result<Sha256> {
    text.parse().map_err(|_| StoreError::corrupt(table, format!("digest {text:?}")))
}

/// The serde name of a unit variant.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The unit variant of a serde name.
pub(crate) fn from_word<T: DeserializeOwned>(table: &'static str, name: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name))
        .map_err(|error| StoreError::corrupt(table, format!("word: {error}")))
}

pub(crate) fn maybe_from_word<T: DeserializeOwned>(table: &'static str, name: Option<String>) -> Result<Option<T>> {
    name.map(|name| from_word(table, name)).transpose()
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("json", error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(table, format!("json: {error}")))
}

pub(crate) fn line(row: Option<u32>) -> i64 {
    row.map_or(NO_ROW, i64::from)
}

pub(crate) fn row(line: i64) -> Option<u32> {
    u32::try_from(line).ok()
}

/// A count, a size or a revision that the schema keeps at or above zero.
pub(crate) fn unsigned(table: &'static str, value: i64) -> Result<u32> {
    u32::try_from(value).map_err(|_| StoreError::corrupt(table, format!("number {value}")))
}

pub(crate) fn size(table: &'static str, value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|_| StoreError::corrupt(table, format!("number {value}")))
}

pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The right side of a prefix: every text that starts with the prefix sorts before it, in the order of code points.
pub(crate) fn end_of_prefix(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    end.push(char::MAX);
    end
}

/// Inserts one row.
pub(crate) async fn insert<M, A>(connection: &impl ConnectionTrait, model: M) -> Result<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    <A::Entity as EntityTrait>::insert(model.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// Inserts one row unless any unique key is taken; says whether it went in.
pub(crate) async fn insert_if_absent<M, A>(connection: &impl ConnectionTrait, model: M) -> Result<bool>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let outcome = <A::Entity as EntityTrait>::insert(model.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(connection)
        .await;
    match outcome {
        Ok(rows) => Ok(rows > 0),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Inserts rows, few enough per statement for both engines' limits on parameters.
pub(crate) async fn insert_all<M, A>(connection: &impl ConnectionTrait, models: Vec<M>) -> Result<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let models: Vec<A> = models.into_iter().map(IntoActiveModel::into_active_model).collect();
    for batch in models.chunks(500) {
        <A::Entity as EntityTrait>::insert_many(batch.to_vec())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// A statement whose parameters are written `$1`, `$2`… on both engines.
pub(crate) fn statement(backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(backend, sql, values)
}

pub(crate) async fn execute(connection: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64> {
    let statement = statement(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

pub(crate) async fn query_one(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>> {
    Ok(connection.query_one_raw(statement(connection.get_database_backend(), sql, values)).await?)
}

pub(crate) async fn query_all(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>> {
    Ok(connection.query_all_raw(statement(connection.get_database_backend(), sql, values)).await?)
}

/// One whole number.
pub(crate) async fn number(connection: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> Result<i64> {
    match query_one(connection, sql, values).await? {
        Some(row) => Ok(row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0)),
        None => Ok(0),
    }
}
