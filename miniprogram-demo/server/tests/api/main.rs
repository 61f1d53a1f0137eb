//! The backend as its clients meet it: the real program, over real HTTP, on a database file of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod attack;
mod binding;
mod busy;
mod cancellation;
mod changeover;
mod cluster;
mod concurrency;
mod conflicts;
mod connections;
mod crash;
mod database_password;
mod devices;
mod export;
mod full_disk;
mod hang_ups;
mod health;
mod limits;
mod link;
mod login;
mod mariadb;
mod migration;
mod mysql;
mod named_tests;
mod names;
mod new_password;
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
mod size;
mod starts;
mod stop;
mod storage;
mod support;
mod unbinding;
mod unionid;
mod wechat;
