//! A tenant: documents, messages, tasks, the outbox and the registers.

use sea_orm_migration::prelude::*;

use crate::table::{Table, boolean, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [piece(), message(), task(), piece_request(), outbox(), sequence(), act()] {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn piece() -> Table {
    Table::of_tenant(
        "piece",
        &[
            uuid("id"),
            uuid("dossier").or_null(),
            uuid("draft").or_null(),
            text("field").or_null(),
            int("line"),
            text("name"),
            text("media_type"),
            int("size"),
            text("sha256"),
            text("object_key"),
            text("kind"),
            text("audience"),
            text("key").or_null(),
            int("created_at"),
            int("removed_at").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .references(&["draft"], "draft", &["id"])
    .index(&["dossier", "created_at"])
    .index_where(&["draft", "created_at"], "draft IS NOT NULL")
    .unique(&["object_key"])
    .index_where(&["removed_at"], "removed_at IS NOT NULL")
}

fn message() -> Table {
    Table::of_tenant(
        "message",
        &[
            uuid("id"),
            uuid("dossier"),
            int("at"),
            text("author_kind"),
            uuid("author_id").or_null(),
            text("body"),
            int("read_at").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .index(&["dossier", "at", "id"])
}

fn task() -> Table {
    Table::of_tenant(
        "task",
        &[
            uuid("id"),
            uuid("dossier"),
            text("key"),
            text("function"),
            text("title"),
            int("due").or_null(),
            uuid("assignee").or_null(),
            int("created_at"),
            int("done_at").or_null(),
            text("opinion").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .unique(&["dossier", "key"])
    .index_where(&["function", "created_at", "id"], "done_at IS NULL")
}

fn piece_request() -> Table {
    Table::of_tenant(
        "piece_request",
        &[
            uuid("id"),
            uuid("dossier"),
            int("asked_at"),
            int("due_at"),
            text("items"),
            text("reason"),
            boolean("essential"),
            int("answered_at").or_null(),
            int("reminded_at").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .index(&["dossier", "asked_at"])
}

fn outbox() -> Table {
    Table::of_tenant(
        "outbox",
        &[
            uuid("id"),
            uuid("dossier").or_null(),
            int("seq"),
            int("idx"),
            text("queue"),
            text("key").or_null(),
            text("payload"),
            int("at"),
            int("attempts"),
            int("leased_until").or_null(),
            text("state"),
            text("last_error").or_null(),
            int("created_at"),
            int("done_at").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .unique(&["dossier", "seq", "idx", "queue"])
    .index_where(&["queue", "at", "id"], "state = 'waiting'")
    .index_where(&["at"], "state = 'dead'")
    .index_where(&["done_at"], "done_at IS NOT NULL")
}

fn sequence() -> Table {
    Table::of_tenant("sequence", &[text("name"), int("value")], &["name"])
}

fn act() -> Table {
    Table::of_tenant(
        "act",
        &[
            text("series"),
            int("year"),
            int("number"),
            uuid("dossier"),
            uuid("piece").or_null(),
            int("signed_at"),
            uuid("signatory"),
            text("title"),
            text("text"),
        ],
        &["series", "year", "number"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .references(&["piece"], "piece", &["id"])
    .index(&["dossier", "signed_at"])
}
