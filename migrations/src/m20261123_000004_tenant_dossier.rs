//! A tenant: drafts, dossiers, their history and their answers.

use sea_orm_migration::prelude::*;

use crate::table::{Table, boolean, bytes, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [dossier(), dossier_event(), event_payload(), answer(), answer_index(), term(), draft()] {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn dossier() -> Table {
    Table::of_tenant(
        "dossier",
        &[
            uuid("id"),
            text("number"),
            text("demarche"),
            text("component"),
            text("settings"),
            text("kind"),
            text("channel"),
            text("language"),
            text("service"),
            boolean("restricted"),
            text("retention_class"),
            int("revision"),
            text("state"),
            text("phase"),
            text("waits_for"),
            text("outcome").or_null(),
            text("origin").or_null(),
            int("filed_at"),
            int("term_at").or_null(),
            int("deadline_at").or_null(),
            int("closed_at").or_null(),
            int("updated_at"),
            uuid("assignee").or_null(),
            uuid("usager").or_null(),
            text("contact"),
            text("summary"),
            text("marks"),
            text("memory"),
            text("head"),
            text("tracking_hash").or_null(),
        ],
        &["id"],
    )
    .unique(&["number"])
    .references(&["usager"], "usager", &["id"])
    .index(&["filed_at", "id"])
    .index(&["service", "filed_at", "id"])
    .index(&["state", "filed_at", "id"])
    .index(&["assignee", "filed_at", "id"])
    .index(&["usager", "filed_at", "id"])
}

fn dossier_event() -> Table {
    Table::of_tenant(
        "dossier_event",
        &[
            uuid("dossier"),
            int("seq"),
            int("at"),
            text("kind"),
            text("actor_kind"),
            text("actor_id"),
            text("actor_function"),
            text("component"),
            text("settings"),
            text("payload_digest"),
            text("previous"),
            text("hash"),
        ],
        &["dossier", "seq"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .append_only()
}

fn event_payload() -> Table {
    Table::of_tenant(
        "event_payload",
        &[uuid("dossier"), int("seq"), bytes("salt"), bytes("payload")],
        &["dossier", "seq"],
    )
    .references(&["dossier", "seq"], "dossier_event", &["dossier", "seq"])
}

fn answer() -> Table {
    Table::of_tenant(
        "answer",
        &[uuid("dossier"), text("field"), int("line"), int("seq"), text("value"), text("component")],
        &["dossier", "field", "line", "seq"],
    )
    .references(&["dossier"], "dossier", &["id"])
}

fn answer_index() -> Table {
    Table::of_tenant(
        "answer_index",
        &[
            uuid("dossier"),
            text("field"),
            int("line"),
            text("text_key").or_null(),
            int("int_key").or_null(),
            text("date_key").or_null(),
        ],
        &["dossier", "field", "line"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .index_where(&["field", "text_key", "dossier"], "text_key IS NOT NULL")
    .index_where(&["field", "int_key", "dossier"], "int_key IS NOT NULL")
    .index_where(&["field", "date_key", "dossier"], "date_key IS NOT NULL")
}

fn term() -> Table {
    Table::of_tenant("term", &[text("term"), uuid("dossier")], &["term", "dossier"])
        .references(&["dossier"], "dossier", &["id"])
        .index(&["dossier"])
}

fn draft() -> Table {
    Table::of_tenant(
        "draft",
        &[
            uuid("id"),
            text("demarche"),
            text("component"),
            text("holder"),
            uuid("usager").or_null(),
            uuid("agent").or_null(),
            text("channel"),
            text("answers"),
            text("kept").or_null(),
            text("page").or_null(),
            int("revision"),
            int("created_at"),
            int("updated_at"),
            int("expires_at"),
            uuid("dossier").or_null(),
        ],
        &["id"],
    )
    .references(&["dossier"], "dossier", &["id"])
    .references(&["usager"], "usager", &["id"])
    .index(&["usager", "updated_at"])
    .index_where(&["agent", "updated_at"], "agent IS NOT NULL")
    .index(&["expires_at"])
    .index_where(&["dossier"], "dossier IS NOT NULL")
}
