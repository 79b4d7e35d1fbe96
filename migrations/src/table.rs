//! The one way to declare a table, for both engines.

use std::fmt::Write as _;

use sea_orm_migration::{
    SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

/// The tenant that the transaction named to PostgreSQL; nothing when it named none.
const CURRENT_TENANT: &str = "nullif(current_setting('parvis.tenant', true), '')::uuid";

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Uuid,
    Text,
    Int,
    Bool,
    Bytes,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    name: &'static str,
    kind: Kind,
    nullable: bool,
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, nullable: false }
    }

    /// May be empty.
    #[must_use]
    pub const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }

    fn sql(self, engine: DbBackend) -> String {
        let name = self.name;
        let kind = match (engine, self.kind) {
            (DbBackend::Postgres, Kind::Uuid) => "uuid",
            (DbBackend::Postgres, Kind::Text) => "text COLLATE \"C\"",
            (DbBackend::Postgres, Kind::Int) => "bigint",
            (DbBackend::Postgres, Kind::Bool) => "boolean",
            (DbBackend::Postgres, Kind::Bytes) => "bytea",
            (_, Kind::Uuid | Kind::Bytes) => "BLOB",
            (_, Kind::Text) => "TEXT",
            (_, Kind::Int | Kind::Bool) => "INTEGER",
        };
        let mut sql = format!("{name} {kind}");
        if !self.nullable {
            sql.push_str(" NOT NULL");
        }
        if engine == DbBackend::Sqlite && self.kind == Kind::Bool {
            let _ = write!(sql, " CHECK ({name} IN (0, 1))");
        }
        sql
    }
}

/// An id.
pub const fn uuid(name: &'static str) -> Column {
    Column::new(name, Kind::Uuid)
}

/// Text, compared by code points on both engines.
pub const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

/// A whole number, an amount in centimes, an instant in microseconds.
pub const fn int(name: &'static str) -> Column {
    Column::new(name, Kind::Int)
}

/// Yes or no.
pub const fn boolean(name: &'static str) -> Column {
    Column::new(name, Kind::Bool)
}

/// Octets.
pub const fn bytes(name: &'static str) -> Column {
    Column::new(name, Kind::Bytes)
}

/// Whose rows a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Platform,
    Tenant,
}

/// A table to create.
#[derive(Debug, Clone)]
pub struct Table {
    name: &'static str,
    owner: Owner,
    columns: Vec<Column>,
    key: &'static [&'static str],
    uniques: Vec<&'static [&'static str]>,
    references: Vec<(&'static [&'static str], &'static str, &'static [&'static str])>,
    indexes: Vec<(&'static [&'static str], Option<&'static str>)>,
    append_only: bool,
}

impl Table {
    /// A table of the deployment.
    pub fn of_platform(name: &'static str, columns: &[Column], key: &'static [&'static str]) -> Self {
        Self::new(name, Owner::Platform, columns, key)
    }

    /// A table of tenants: on PostgreSQL the engine itself keeps each tenant to its rows.
    pub fn of_tenant(name: &'static str, columns: &[Column], key: &'static [&'static str]) -> Self {
        Self::new(name, Owner::Tenant, columns, key)
    }

    fn new(name: &'static str, owner: Owner, columns: &[Column], key: &'static [&'static str]) -> Self {
        Self {
            name,
            owner,
            columns: columns.to_vec(),
            key,
            uniques: Vec::new(),
            references: Vec::new(),
            indexes: Vec::new(),
            append_only: false,
        }
    }

    /// No two rows (of one tenant) have the same values here.
    #[must_use]
    pub fn unique(mut self, columns: &'static [&'static str]) -> Self {
        self.uniques.push(columns);
        self
    }

    /// These columns, unless empty, name a row of another table (of the same tenant).
    #[must_use]
    pub fn references(
        mut self,
        columns: &'static [&'static str],
        table: &'static str,
        key: &'static [&'static str],
    ) -> Self {
        self.references.push((columns, table, key));
        self
    }

    /// Rows are found by these columns.
    #[must_use]
    pub fn index(mut self, columns: &'static [&'static str]) -> Self {
        self.indexes.push((columns, None));
        self
    }

    /// Rows that satisfy the condition are found by these columns.
    #[must_use]
    pub fn index_where(mut self, columns: &'static [&'static str], condition: &'static str) -> Self {
        self.indexes.push((columns, Some(condition)));
        self
    }

    /// Rows are never changed nor deleted: SQLite refuses by a trigger, PostgreSQL by not granting it.
    #[must_use]
    pub const fn append_only(mut self) -> Self {
        self.append_only = true;
        self
    }

    /// Creates the table.
    pub async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for sql in self.statements(connection.get_database_backend()) {
            connection.execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    /// The statements that create the table.
    pub fn statements(&self, engine: DbBackend) -> Vec<String> {
        let name = self.name;
        let isolated = engine == DbBackend::Postgres && self.owner == Owner::Tenant;
        let keyed = |columns: &[&str]| {
            let tenant = isolated.then_some("tenant_id");
            tenant.into_iter().chain(columns.iter().copied()).collect::<Vec<_>>().join(", ")
        };
        let mut parts = Vec::new();
        if isolated {
            parts.push(format!("tenant_id uuid NOT NULL DEFAULT {CURRENT_TENANT}"));
        }
        parts.extend(self.columns.iter().map(|column| column.sql(engine)));
        parts.push(format!("PRIMARY KEY ({})", keyed(self.key)));
        parts.extend(self.uniques.iter().map(|columns| format!("UNIQUE ({})", keyed(columns))));
        parts.extend(self.references.iter().map(|(columns, table, key)| {
            format!("FOREIGN KEY ({}) REFERENCES {table} ({})", keyed(columns), keyed(key))
        }));
        let options = if engine == DbBackend::Sqlite { " STRICT" } else { "" };
        let mut statements = vec![format!("CREATE TABLE {name} (\n    {}\n){options}", parts.join(",\n    "))];
        if isolated {
            statements.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
            statements.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
            statements.push(format!(
                "CREATE POLICY tenant ON {name} USING (tenant_id = {CURRENT_TENANT}) \
                 WITH CHECK (tenant_id = {CURRENT_TENANT})"
            ));
        }
        for (columns, condition) in &self.indexes {
            let condition = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
            statements.push(format!(
                "CREATE INDEX {name}_{} ON {name} ({}){condition}",
                columns.join("_"),
                keyed(columns)
            ));
        }
        if self.append_only && engine == DbBackend::Sqlite {
            for change in ["UPDATE", "DELETE"] {
                statements.push(format!(
                    "CREATE TRIGGER {name}_no_{} BEFORE {change} ON {name} \
                     BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
                    change.to_lowercase()
                ));
            }
        }
        statements
    }
}
