//! Looking at the settings without doing anything.

use crate::config::Said;
use crate::database;

pub fn run(said: Said) -> Result<(), String> {
    print!("{}", said.shown());
    let settings = said.for_server();
    let (settings, _) = settings.map_err(|mistakes| mistakes.to_string())?;
    database::check_address(settings.database.expose())
        .map_err(|error| format!("database: {error}"))
}
