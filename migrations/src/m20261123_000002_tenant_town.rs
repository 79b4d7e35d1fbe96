//! A tenant: its settings, démarches and agents, its traces.

use sea_orm_migration::prelude::*;

use crate::table::{Table, boolean, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            settings_content(),
            setting(),
            demarche(),
            agent_grant(),
            access_log(),
            checkpoint(),
            idempotency(),
            mail_problem(),
        ] {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn settings_content() -> Table {
    Table::of_tenant("settings_content", &[text("digest"), text("content")], &["digest"])
}

fn setting() -> Table {
    Table::of_tenant(
        "setting",
        &[text("name"), text("digest"), text("owner"), text("file").or_null(), int("updated_at")],
        &["name"],
    )
    .references(&["digest"], "settings_content", &["digest"])
}

fn demarche() -> Table {
    Table::of_tenant(
        "demarche",
        &[text("id"), text("component"), text("settings"), int("position"), boolean("enabled")],
        &["id"],
    )
}

fn agent_grant() -> Table {
    Table::of_tenant(
        "agent_grant",
        &[uuid("agent"), text("grants"), int("since"), int("revoked_at").or_null()],
        &["agent"],
    )
}

fn access_log() -> Table {
    Table::of_tenant(
        "access_log",
        &[
            uuid("id"),
            int("at"),
            text("actor_kind"),
            text("actor_id"),
            text("permission"),
            uuid("dossier").or_null(),
            text("request_id"),
        ],
        &["id"],
    )
    .index(&["dossier", "at", "id"])
    .index(&["at"])
}

fn checkpoint() -> Table {
    Table::of_tenant(
        "checkpoint",
        &[text("day"), int("at"), int("count"), text("root"), text("previous"), text("hash")],
        &["day"],
    )
}

fn idempotency() -> Table {
    Table::of_tenant("idempotency", &[text("key"), text("request"), text("response"), int("at")], &["key"])
        .index(&["at"])
}

fn mail_problem() -> Table {
    Table::of_tenant("mail_problem", &[text("address"), int("at"), text("reason")], &["address"])
}
