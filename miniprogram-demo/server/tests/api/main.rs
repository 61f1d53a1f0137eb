//! The backend as its clients meet it: the real program, over real HTTP, on a database file of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod attack;
mod audit;
mod backup;
mod binding;
mod busy;
mod changeover;
mod cluster;
mod concurrency;
mod conflicts;
mod connections;
mod crash;
mod database_password;
mod deploy;
mod devices;
mod full_disk;
mod hang_ups;
mod health;
mod limits;
mod link;
mod login;
mod mariadb;
mod metrics;
mod mysql;
mod names;
mod passwords;
mod pool;
mod privacy;
mod profile;
mod refresh;
mod refusals;
mod rooms;
mod sandbox;
mod secrets;
mod sessions;
mod settings;
mod size;
mod starts;
mod stop;
mod storage;
mod support;
mod wechat;
