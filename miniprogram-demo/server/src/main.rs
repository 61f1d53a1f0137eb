//! Reference backend of weapp-login: the login API of the wire contract over a database, with WeChat's code2Session
//! behind it, or a sandbox WeChat where there is no AppSecret.
//!
//! `startup` builds the `state` and serves the `routes`; routes use the state; the state holds the services below it
//! (sessions, users, accounts, WeChat, pictures), which know neither.

mod accounts;
mod body;
mod clock;
mod config;
mod database;
mod entities;
mod envelope;
mod limits;
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
use config::Options;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match startup::run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
