//! Reference backend of weapp-login: the login API of the wire contract over a database, with WeChat's code2Session
//! behind it, or a sandbox WeChat where there is no AppSecret.
//!
//! `commands` does what the command line says. To serve, `startup` builds the `state` and serves the `routes`; routes use the state; the state holds the services below it
//! (sessions, users, accounts, WeChat, pictures), which know neither.

mod accounts;
mod audit;
mod body;
mod clock;
mod commands;
mod config;
mod database;
mod entities;
mod envelope;
mod limits;
mod monitoring;
mod names;
mod passwords;
mod pictures;
mod profile;
mod routes;
mod sandbox;
mod secret;
mod sessions;
mod startup;
mod state;
mod users;
mod wechat;

use clap::Parser;
use config::Arguments;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
