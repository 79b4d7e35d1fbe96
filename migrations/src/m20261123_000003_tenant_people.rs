//! A tenant: accounts of citizens, sessions, links that work once, throttles.

use sea_orm_migration::prelude::*;

use crate::table::{Table, int, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [usager(), session(), one_time_token(), throttle()] {
            table.create(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn usager() -> Table {
    Table::of_tenant(
        "usager",
        &[
            uuid("id"),
            text("email"),
            text("given_name"),
            text("family_name"),
            text("phone").or_null(),
            text("password_hash").or_null(),
            int("confirmed_at").or_null(),
            int("created_at"),
        ],
        &["id"],
    )
    .unique(&["email"])
}

fn session() -> Table {
    Table::of_tenant(
        "session",
        &[
            text("token_hash"),
            text("subject_kind"),
            uuid("subject"),
            int("second_factor_at").or_null(),
            int("created_at"),
            int("last_seen_at"),
            int("expires_at"),
        ],
        &["token_hash"],
    )
    .index(&["subject_kind", "subject"])
    .index(&["expires_at"])
}

fn one_time_token() -> Table {
    Table::of_tenant(
        "one_time_token",
        &[
            text("token_hash"),
            text("purpose"),
            uuid("subject").or_null(),
            text("email"),
            int("expires_at"),
            int("used_at").or_null(),
        ],
        &["token_hash"],
    )
    .index(&["expires_at"])
}

fn throttle() -> Table {
    Table::of_tenant(
        "throttle",
        &[text("key"), int("count"), int("window_start"), int("blocked_until").or_null()],
        &["key"],
    )
    .index(&["window_start"])
}
