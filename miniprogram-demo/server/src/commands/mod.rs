//! What the program can be told to do.

mod check_config;
mod logging;

use crate::config::{Arguments, Command, DatabaseCommand, Said, Settings, shown_url};
use crate::database::{self, Database};
use crate::startup::{self, Signals};
use std::error::Error;

/// Does what the command line says.
pub async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let said = Said::read(&arguments.options)?;
    match arguments.command() {
        Command::CheckConfig => Ok(check_config::run(said)?),
        Command::Serve => {
            let (settings, wechat) = said.for_server()?;
            begin(&settings)?;
            startup::run(settings, wechat).await
        }
        Command::OnDatabase(command) => {
            let settings = said.settings()?;
            begin(&settings)?;
            let work = on_database(command, settings.database.expose());
            println!("{}", unless_interrupted(work).await?);
            Ok(())
        }
    }
}

fn begin(settings: &Settings) -> Result<(), String> {
    logging::start(settings.log_format, settings.log_levels.clone());
    startup::keep_files_private(settings.database.expose())
}

/// Returns what was done, and with which database.
async fn on_database(command: DatabaseCommand, url: &str) -> Result<String, String> {
    let database = database::sqlite_file(url)
        .map_or_else(|| shown_url(url), |file| file.display().to_string());
    Ok(match command {
        DatabaseCommand::Backup { file } => {
            database::back_up(url, &file).await?;
            format!("{database} is copied into {}", file.display())
        }
        DatabaseCommand::Restore { file } => {
            database::restore(url, &file).await?;
            format!("{database} is that of {} now", file.display())
        }
        DatabaseCommand::Migrate => {
            migrate(url).await?;
            format!("the schema of {database} is up to date")
        }
    })
}

/// Does the work, or drops it at a signal to stop: what is half done then goes.
async fn unless_interrupted(
    work: impl Future<Output = Result<String, String>>,
) -> Result<String, Box<dyn Error>> {
    let mut signals = Signals::new()?;
    tokio::select! {
        done = work => Ok(done?),
        () = signals.next() => Err("interrupted: run it again".into()),
    }
}

async fn migrate(url: &str) -> Result<(), String> {
    let db = Database::open(url).await;
    let db = db.map_err(|error| format!("cannot open the database: {error}"))?;
    db.close().await.map_err(|error| error.to_string())
}
