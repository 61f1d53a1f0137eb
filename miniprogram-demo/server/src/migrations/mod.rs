//! The schema's history. A migration creates one table in one statement, "if not exists": MySQL has no transaction
//! around DDL, so a start that was killed half-way must be repeatable.

mod m0001_wx_user;
mod m0002_session;

use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_wx_user::Migration),
            Box::new(m0002_session::Migration),
        ]
    }
}

/// An empty table. On MySQL it takes whole Unicode (nicknames have emoji) and compares byte by byte, as SQLite does:
/// two openids that differ in case are two people.
fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).if_not_exists();
    if manager.get_database_backend() == sea_orm::DatabaseBackend::MySql {
        table.character_set("utf8mb4").collate("utf8mb4_bin");
    }
    table
}
