//! The schema's history. Each statement of a migration creates one thing, unless it exists: MySQL has no transaction around
//! DDL, so a start that was killed half-way, or that met another one, must be repeatable.

mod m0001_wx_user;
mod m0002_session;
mod m0003_session_indexes;
mod m0004_failure_count;
mod m0005_proved_mobile;
mod m0006_picture;
mod m0007_pending_attempts;
mod m0008_login;
mod m0009_unionid;
mod m0010_replaced_token;

use super::trouble::mysql_number;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};
use sea_orm_migration::prelude::*;

/// MySQL's number for an index that exists.
const DUPLICATE_KEY_NAME: u16 = 1061;
/// And for a column.
const DUPLICATE_COLUMN_NAME: u16 = 1060;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_wx_user::Migration),
            Box::new(m0002_session::Migration),
            Box::new(m0003_session_indexes::Migration),
            Box::new(m0004_failure_count::Migration),
            Box::new(m0005_proved_mobile::Migration),
            Box::new(m0006_picture::Migration),
            Box::new(m0007_pending_attempts::Migration),
            Box::new(m0008_login::Migration),
            Box::new(m0009_unionid::Migration),
            Box::new(m0010_replaced_token::Migration),
        ]
    }
}

/// Brings the schema up to date. That of a newer server is refused: this one would write rows that miss what is new.
pub async fn apply(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::install(db).await?;
    let applied = Migrator::get_migration_models(db).await?;
    refuse_newer(applied.into_iter().map(|model| model.version)).map_err(DbErr::Custom)?;
    Migrator::up(db, None).await
}

/// Fails if one of the migrations that were `applied` is unknown.
pub fn refuse_newer(applied: impl IntoIterator<Item = String>) -> Result<(), String> {
    let known = Migrator::migrations();
    let is_known = |version: &String| known.iter().any(|migration| migration.name() == version);
    match applied.into_iter().find(|version| !is_known(version)) {
        None => Ok(()),
        Some(newer) => Err(format!(
            "its schema is newer than this server ({newer} is unknown): start the newer server"
        )),
    }
}

/// An empty table. On MySQL it takes whole Unicode (nicknames have emoji) and compares byte by byte, as SQLite does:
/// two openids that differ in case are two people.
fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).if_not_exists();
    if manager.get_database_backend() == DatabaseBackend::MySql {
        table.character_set("utf8mb4").collate("utf8mb4_bin");
    }
    table
}

/// An index on one column.
async fn index(
    manager: &SchemaManager<'_>,
    table: impl IntoTableRef,
    name: &str,
    column: impl IntoIndexColumn,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    create(manager, index.name(name).table(table).col(column)).await
}

/// An index on one column in which no value is twice.
async fn unique_index(
    manager: &SchemaManager<'_>,
    table: impl IntoTableRef,
    name: &str,
    column: impl IntoIndexColumn,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    create(manager, index.unique().name(name).table(table).col(column)).await
}

/// MySQL knows no "if not exists" for an index.
async fn create(
    manager: &SchemaManager<'_>,
    index: &mut IndexCreateStatement,
) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        index.if_not_exists();
    }
    unless_exists(manager.create_index(index.take()).await, DUPLICATE_KEY_NAME)
}

/// A column that `table` did not have from the start. Neither SQLite nor MySQL knows "if not exists" for one.
async fn column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
    column: &mut ColumnDef,
) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        let columns = Statement::from_sql_and_values(
            DatabaseBackend::Sqlite,
            "SELECT 1 FROM pragma_table_info(?) WHERE name = ?",
            [table.into(), name.into()],
        );
        let found = manager.get_connection().query_one_raw(columns).await?;
        if found.is_some() {
            return Ok(());
        }
    }
    let alter = Table::alter().table(table).add_column(column).take();
    unless_exists(manager.alter_table(alter).await, DUPLICATE_COLUMN_NAME)
}

fn unless_exists(created: Result<(), DbErr>, number: u16) -> Result<(), DbErr> {
    match created {
        Err(error) if mysql_number(&error) == Some(number) => Ok(()),
        created => created,
    }
}
