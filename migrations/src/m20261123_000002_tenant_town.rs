//! A tenant: its settings, démarches and agents, its traces.

use sea_orm_migration::prelude::*;

use crate::table::{Table, boolean, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![
        Table::of_tenant("settings_content", &[text("digest"), text("content")], &["digest"]),
        Table::of_tenant(
            "setting",
            &[text("name"), text("digest"), text("owner"), text("file").or_null(), int("updated_at")],
            &["name"],
        )
        .references(&["digest"], "settings_content", &["digest"]),
        Table::of_tenant(
            "demarche",
            &[text("id"), text("component"), text("settings"), int("position"), boolean("enabled")],
            &["id"],
        ),
        Table::of_tenant(
            "agent_grant",
            &[uuid("agent"), text("grants"), int("since"), int("revoked_at").or_null()],
            &["agent"],
        ),
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
        .index(&["at"]),
        Table::of_tenant(
            "checkpoint",
            &[text("day"), int("count"), text("root"), text("previous"), text("hash")],
            &["day"],
        ),
        Table::of_tenant("idempotency", &[text("key"), text("request"), text("response"), int("at")], &["key"])
            .index(&["at"]),
        Table::of_tenant("mail_problem", &[text("address"), int("at"), text("reason")], &["address"]),
    ]
}
