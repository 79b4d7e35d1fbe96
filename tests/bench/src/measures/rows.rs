//! The rows that one filing writes, read back table by table, and written again by bare transactions.
//!
//! A filing is recorded by comparing the databases before and after it. It is replayed on a copy of the file with the
//! same settings (WAL, synchronous=FULL, foreign keys): the same inserts and updates, prepared once, under new ids.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use parvis_domain::ids::TenantId;
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef,
    query::Query,
    sqlite::{Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous},
};

/// Octets of a UUID.
const ID: usize = 16;

/// The files that a filing writes.
pub(crate) struct Files([PathBuf; 2]);

/// Rows of a database: by table, by key.
type Rows = BTreeMap<String, BTreeMap<Vec<Cell>, Vec<Cell>>>;

/// What the files held at one moment.
pub(crate) struct Snapshot([Rows; 2]);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Octets(Vec<u8>),
}

/// A table: its columns, and which make its key.
struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<usize>,
}

impl Files {
    /// The index of due work, then the file of the town: the order in which they are written.
    pub(crate) fn of(databases: &Path, town: TenantId) -> Self {
        Self([databases.join("platform.db"), databases.join("tenants").join(format!("{town}.db"))])
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot> {
        let [platform, town] = &self.0;
        Ok(Snapshot([rows(platform).await?, rows(town).await?]))
    }
}

async fn rows(file: &Path) -> Result<Rows> {
    let mut connection = open(file).await?;
    let mut all = Rows::new();
    for table in tables(&mut connection).await? {
        let sql = format!("SELECT * FROM {}", table.name);
        let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await?;
        let mut by_key = BTreeMap::new();
        for row in found {
            let cells = cells(&row)?;
            by_key.insert(table.key.iter().map(|&at| cells[at].clone()).collect(), cells);
        }
        all.insert(table.name, by_key);
    }
    connection.close().await?;
    Ok(all)
}

/// Tables, each after those that it refers to.
async fn tables(connection: &mut SqliteConnection) -> Result<Vec<Table>> {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&mut *connection)
            .await?;
    let mut waiting = Vec::new();
    for name in names {
        let described = sqlx::query("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid").bind(&name);
        let described = described.fetch_all(&mut *connection).await?;
        let columns = described.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let places: Vec<i64> = described.iter().map(|row| row.try_get(1)).collect::<Result<_, _>>()?;
        let key = (0..places.len()).filter(|&at| places[at] > 0).collect();
        let parents: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?)")
            .bind(&name)
            .fetch_all(&mut *connection)
            .await?;
        waiting.push((Table { name, columns, key }, parents));
    }
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let known: BTreeSet<String> = ordered.iter().map(|table| table.name.clone()).collect();
        let is_free = |(table, parents): &(Table, Vec<String>)| {
            parents.iter().all(|parent| *parent == table.name || known.contains(parent))
        };
        let (free, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_free);
        ensure!(!free.is_empty(), "tables refer to one another in a circle");
        ordered.extend(free.into_iter().map(|(table, _)| table));
        waiting = later;
    }
    Ok(ordered)
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>> {
    (0..row.len())
        .map(|at| {
            let raw = row.try_get_raw(at)?;
            Ok(match raw.type_info().name() {
                _ if raw.is_null() => Cell::Null,
                "INTEGER" => Cell::Integer(row.try_get_unchecked(at)?),
                "BLOB" => Cell::Octets(row.try_get_unchecked(at)?),
                _ => Cell::Text(row.try_get_unchecked(at)?),
            })
        })
        .collect()
}

/// The settings of the product's files.
async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-2000")
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    options.connect().await.with_context(|| file.display().to_string())
}

/// A statement, and what it is given; ids are those of the recorded filing.
struct Written {
    sql: Arc<str>,
    cells: Vec<Cell>,
}

/// What a filing writes to one file, in one transaction.
struct Transaction {
    connection: SqliteConnection,
    statements: Vec<Written>,
    /// Rows that a filing changes and that each filing has of its own: the draft.
    own: Vec<Written>,
}

/// Bare transactions that write what a filing writes.
pub(crate) struct Bare {
    transactions: Vec<Transaction>,
    /// Ids that each filing makes.
    made: BTreeSet<Vec<u8>>,
    /// Number of the recorded dossier: no two have the same.
    number: Option<String>,
    prepared: u64,
    written: u64,
}

impl Bare {
    /// From what changed between two moments; the copies stand in a folder.
    pub(crate) async fn between(files: &Files, before: &Snapshot, after: &Snapshot, folder: &Path) -> Result<Self> {
        let mut bare = Self { transactions: Vec::new(), made: BTreeSet::new(), number: None, prepared: 0, written: 0 };
        for (index, file) in files.0.iter().enumerate() {
            let (before, after) = (&before.0[index], &after.0[index]);
            if before == after {
                continue;
            }
            let copy = folder.join(format!("bare-{index}.db"));
            let mut original = open(file).await?;
            sqlx::query("VACUUM INTO ?").bind(copy.display().to_string()).execute(&mut original).await?;
            original.close().await?;
            let mut connection = open(&copy).await?;
            let tables = tables(&mut connection).await?;
            let mut transaction = Transaction { connection, statements: Vec::new(), own: Vec::new() };
            for table in &tables {
                bare.compare(&mut transaction, table, &before[&table.name], &after[&table.name]);
            }
            // Rows change after those that they come to refer to are there.
            transaction.statements.sort_by_key(|written| written.sql.starts_with("UPDATE"));
            bare.transactions.push(transaction);
        }
        ensure!(!bare.transactions.is_empty(), "a filing wrote nothing");
        Ok(bare)
    }

    fn compare(
        &mut self,
        transaction: &mut Transaction,
        table: &Table,
        before: &BTreeMap<Vec<Cell>, Vec<Cell>>,
        after: &BTreeMap<Vec<Cell>, Vec<Cell>>,
    ) {
        for (key, row) in after {
            let id = match key.as_slice() {
                [Cell::Octets(id)] if id.len() == ID => Some(id.clone()),
                _ => None,
            };
            match before.get(key) {
                Some(old) if old == row => {}
                Some(old) => {
                    if let Some(id) = id {
                        self.made.insert(id);
                        transaction.own.push(Written { sql: insert(table), cells: old.clone() });
                    }
                    transaction.statements.push(update(table, old, row));
                }
                None => {
                    self.made.extend(id);
                    if table.name == "dossier"
                        && let Some(at) = table.columns.iter().position(|column| column == "number")
                        && let Cell::Text(number) = &row[at]
                    {
                        self.number = Some(number.clone());
                    }
                    transaction.statements.push(Written { sql: insert(table), cells: row.clone() });
                }
            }
        }
    }

    /// How much is written.
    pub(crate) fn summary(&self) -> String {
        let rows: usize = self.transactions.iter().map(|transaction| transaction.statements.len()).sum();
        format!("{rows} rows in {} commit(s)", self.transactions.len())
    }

    /// Makes the drafts that the next transactions mark as filed.
    pub(crate) async fn prepare(&mut self, count: u32) -> Result<()> {
        for _ in 0..count {
            let number = self.prepared;
            self.prepared += 1;
            let named = |cell: &Cell| renamed(cell, &self.made, self.number.as_deref(), number);
            for transaction in &mut self.transactions {
                for written in &transaction.own {
                    run(&mut transaction.connection, written, named).await?;
                }
            }
        }
        Ok(())
    }

    /// One filing: each transaction, durable when this returns.
    pub(crate) async fn write(&mut self) -> Result<()> {
        let number = self.written;
        self.written += 1;
        let named = |cell: &Cell| renamed(cell, &self.made, self.number.as_deref(), number);
        for transaction in &mut self.transactions {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut transaction.connection).await?;
            for written in &transaction.statements {
                run(&mut transaction.connection, written, named).await?;
            }
            sqlx::query("COMMIT").execute(&mut transaction.connection).await?;
        }
        Ok(())
    }

    pub(crate) async fn close(self) -> Result<()> {
        for transaction in self.transactions {
            transaction.connection.close().await?;
        }
        Ok(())
    }
}

async fn run(connection: &mut SqliteConnection, written: &Written, named: impl Fn(&Cell) -> Cell) -> Result<()> {
    let mut query = sqlx::query(AssertSqlSafe(Arc::clone(&written.sql)));
    for cell in &written.cells {
        query = bind(query, named(cell));
    }
    let done = query.execute(connection).await.with_context(|| written.sql.to_string())?;
    ensure!(done.rows_affected() == 1, "{} touches {} rows", written.sql, done.rows_affected());
    Ok(())
}

fn bind(query: Query<'_, Sqlite, SqliteArguments>, cell: Cell) -> Query<'_, Sqlite, SqliteArguments> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Integer(number) => query.bind(number),
        Cell::Text(text) => query.bind(text),
        Cell::Octets(octets) => query.bind(octets),
    }
}

/// The same value, for another filing: its ids end otherwise, its number too.
fn renamed(cell: &Cell, made: &BTreeSet<Vec<u8>>, number: Option<&str>, filing: u64) -> Cell {
    match cell {
        Cell::Octets(octets) if made.contains(octets) => {
            let mut other = octets.clone();
            for (octet, part) in other.iter_mut().rev().zip((filing + 1).to_le_bytes()) {
                *octet ^= part;
            }
            Cell::Octets(other)
        }
        Cell::Text(text) if Some(text.as_str()) == number => Cell::Text(format!("{text}-{filing}")),
        other => other.clone(),
    }
}

fn insert(table: &Table) -> Arc<str> {
    let places = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.columns.join(", ")).into()
}

fn update(table: &Table, old: &[Cell], new: &[Cell]) -> Written {
    let changed: Vec<usize> = (0..new.len()).filter(|&at| old[at] != new[at]).collect();
    let equal = |at: &usize| format!("{} = ?", table.columns[*at]);
    let set = changed.iter().map(equal).collect::<Vec<_>>().join(", ");
    let key = table.key.iter().map(equal).collect::<Vec<_>>().join(" AND ");
    let cells = changed.iter().chain(&table.key).map(|&at| new[at].clone()).collect();
    Written { sql: format!("UPDATE {} SET {set} WHERE {key}", table.name).into(), cells }
}
