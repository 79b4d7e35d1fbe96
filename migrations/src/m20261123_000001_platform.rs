//! The deployment: tenants and their hosts, components, agents as persons, the index of due work.

use sea_orm_migration::prelude::*;

use crate::table::{Table, boolean, bytes, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [tenant(), tenant_host(), component(), agent(), due(), tombstone(), tenant_figure()] {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tenant() -> Table {
    Table::of_platform(
        "tenant",
        &[
            uuid("id"),
            text("slug"),
            text("name"),
            text("status"),
            int("schema_version"),
            text("shard").or_null(),
            int("created_at"),
        ],
        &["id"],
    )
    .unique(&["slug"])
}

fn tenant_host() -> Table {
    Table::of_platform("tenant_host", &[text("host"), uuid("tenant")], &["host"])
        .references(&["tenant"], "tenant", &["id"])
        .index(&["tenant"])
}

fn component() -> Table {
    Table::of_platform(
        "component",
        &[text("digest"), text("demarche"), text("version"), text("definition"), bytes("content"), int("created_at")],
        &["digest"],
    )
}

fn agent() -> Table {
    Table::of_platform(
        "agent",
        &[
            uuid("id"),
            text("email"),
            text("given_name"),
            text("family_name"),
            text("phone").or_null(),
            text("siret"),
            text("password_hash").or_null(),
            bytes("totp_secret").or_null(),
            int("totp_last_step").or_null(),
            boolean("demo"),
            int("disabled_at").or_null(),
            int("created_at"),
        ],
        &["id"],
    )
    .unique(&["email"])
}

fn due() -> Table {
    Table::of_platform(
        "due",
        &[uuid("tenant"), text("queue"), int("at").or_null(), int("leased_until").or_null(), int("attempts")],
        &["tenant", "queue"],
    )
    .index(&["queue", "at", "tenant"])
}

fn tombstone() -> Table {
    Table::of_platform("tombstone", &[uuid("tenant"), text("kind"), text("id"), int("at")], &["tenant", "kind", "id"])
        .index(&["at"])
}

fn tenant_figure() -> Table {
    Table::of_platform("tenant_figure", &[uuid("tenant"), text("name"), int("value"), int("at")], &["tenant", "name"])
}
