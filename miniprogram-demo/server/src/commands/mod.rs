//! What the program can be told to do.

mod check_config;
mod logging;

use crate::config::{Arguments, Command, Said, Settings};
use crate::database::{self, Database};
use crate::startup;
use std::error::Error;

/// Does what the command line says.
pub async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let said = Said::read(&arguments.options)?;
    let command = arguments.command();
    if matches!(command, Command::CheckConfig) {
        return Ok(check_config::run(said)?);
    }
    let settings = said.settings()?;
    logging::start(settings.log_format, settings.log_levels.clone());
    startup::keep_files_private(settings.database.expose())?;
    match command {
        Command::Serve => startup::run(settings).await,
        Command::Migrate => migrate(&settings).await,
        Command::Backup { file } => {
            database::back_up(settings.database.expose(), &file).await?;
            println!("the database is in {}", file.display());
            Ok(())
        }
        Command::Restore { file } => {
            database::restore(settings.database.expose(), &file).await?;
            println!("the database is that of {}", file.display());
            Ok(())
        }
        Command::CheckConfig => Ok(()),
    }
}

async fn migrate(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let db = Database::open(settings.database.expose()).await;
    let db = db.map_err(|error| format!("cannot open the database: {error}"))?;
    db.close().await?;
    println!("the schema is up to date");
    Ok(())
}
