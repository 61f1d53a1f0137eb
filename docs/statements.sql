-- All that the reference backend sends to MySQL, by kind, taken from MariaDB's log by tests/api/statements.rs of the server.
-- What other databases do with it: server.md.
ALTER TABLE `failure_count` ADD COLUMN `pending` int NOT NULL DEFAULT 0
ALTER TABLE `session` ADD COLUMN `generation` int NOT NULL DEFAULT 0
ALTER TABLE `session` ADD COLUMN `login_id` bigint
ALTER TABLE `session` ADD COLUMN `used_time` datetime
ALTER TABLE `wx_user` ADD COLUMN `proved_mobile` varchar(20)
ALTER TABLE `wx_user` ADD COLUMN `weixin_unionid` varchar(63)
BEGIN
COMMIT
CREATE INDEX `ix_failure_count_ends_at` ON `failure_count` (`ends_at`)
CREATE INDEX `ix_login_expires_at` ON `login` (`expires_at`)
CREATE INDEX `ix_login_user_id` ON `login` (`user_id`)
CREATE INDEX `ix_session_expires_at` ON `session` (`expires_at`)
CREATE INDEX `ix_session_login_id` ON `session` (`login_id`)
CREATE INDEX `ix_session_user_id` ON `session` (`user_id`)
CREATE TABLE IF NOT EXISTS `failure_count` ( `key_hash` char(64) NOT NULL PRIMARY KEY, `failures` int NOT NULL, `ends_at` datetime NOT NULL ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `login` ( `id` bigint NOT NULL PRIMARY KEY, `user_id` bigint NOT NULL, `family_hash` char(64) NOT NULL, `refresh_hash` char(64) NOT NULL, `previous_hash` char(64), `salt` char(32) NOT NULL, `generation` int NOT NULL, `device` varchar(128) NOT NULL, `used_time` datetime NOT NULL, `expires_at` datetime NOT NULL, `ends_at` datetime NOT NULL, `add_time` datetime NOT NULL, CONSTRAINT `fk_login_user` FOREIGN KEY (`user_id`) REFERENCES `wx_user` (`id`) ON DELETE CASCADE ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `picture` ( `hash` char(64) NOT NULL PRIMARY KEY, `bytes` mediumblob NOT NULL, `add_time` datetime NOT NULL ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `replaced_token` ( `login_id` bigint NOT NULL, `generation` int NOT NULL, `token_hash` char(64) NOT NULL, `salt` char(32) NOT NULL, `replaced_time` datetime NOT NULL, PRIMARY KEY (`login_id`, `generation`), CONSTRAINT `fk_replaced_token_login` FOREIGN KEY (`login_id`) REFERENCES `login` (`id`) ON DELETE CASCADE ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `seaql_migrations` ( `version` varchar(255) NOT NULL PRIMARY KEY, `applied_at` bigint NOT NULL )
CREATE TABLE IF NOT EXISTS `session` ( `token_hash` char(64) NOT NULL PRIMARY KEY, `user_id` bigint NOT NULL, `expires_at` datetime NOT NULL, `add_time` datetime NOT NULL, CONSTRAINT `fk_session_user` FOREIGN KEY (`user_id`) REFERENCES `wx_user` (`id`) ON DELETE CASCADE ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `upload` ( `user_id` bigint NOT NULL, `hash` char(64) NOT NULL, `add_time` datetime NOT NULL, PRIMARY KEY (`user_id`, `hash`), CONSTRAINT `fk_upload_user` FOREIGN KEY (`user_id`) REFERENCES `wx_user` (`id`) ON DELETE CASCADE, CONSTRAINT `fk_upload_picture` FOREIGN KEY (`hash`) REFERENCES `picture` (`hash`) ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE TABLE IF NOT EXISTS `wx_user` ( `id` bigint NOT NULL PRIMARY KEY AUTO_INCREMENT, `username` varchar(63) UNIQUE, `password` varchar(255), `weixin_openid` varchar(63) UNIQUE, `nickname` varchar(64) NOT NULL, `avatar` varchar(1024) NOT NULL, `gender` tinyint NOT NULL, `mobile` varchar(20) NOT NULL, `user_level` tinyint NOT NULL, `status` tinyint NOT NULL, `last_login_time` datetime NOT NULL, `last_login_ip` varchar(63) NOT NULL, `add_time` datetime NOT NULL, `update_time` datetime NOT NULL ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
CREATE UNIQUE INDEX `ux_login_family_hash` ON `login` (`family_hash`)
CREATE UNIQUE INDEX `ux_wx_user_proved_mobile` ON `wx_user` (`proved_mobile`)
DELETE FROM `failure_count` WHERE `failure_count`.`key_hash` = ?
DELETE FROM `failure_count` WHERE `failure_count`.`key_hash` IN (…) AND `failure_count`.`ends_at` <= ?
DELETE FROM `login` WHERE `login`.`id` = ?
DELETE FROM `login` WHERE `login`.`id` IN (…) AND `login`.`expires_at` <= ?
DELETE FROM `login` WHERE `login`.`user_id` = ?
DELETE FROM `login` WHERE `login`.`user_id` = ? AND `login`.`id` <> ?
DELETE FROM `picture` WHERE `picture`.`hash` IN (…) AND (NOT EXISTS(SELECT ? FROM `upload` WHERE `upload`.`hash` = `picture`.`hash`))
DELETE FROM `replaced_token` WHERE `replaced_token`.`login_id` = ? AND (`replaced_token`.`replaced_time` < ? OR `replaced_token`.`generation` <= ?)
DELETE FROM `session` WHERE `session`.`login_id` = ?
DELETE FROM `session` WHERE `session`.`token_hash` IN (…)
DELETE FROM `session` WHERE `session`.`token_hash` IN (…) AND `session`.`expires_at` <= ?
DELETE FROM `session` WHERE `session`.`user_id` = ?
DELETE FROM `session` WHERE `session`.`user_id` = ? AND `session`.`token_hash` <> ? AND (`session`.`login_id` IS NULL OR `session`.`login_id` <> ?)
DELETE FROM `upload` WHERE `upload`.`user_id` = ? AND `upload`.`hash` = ?
DELETE FROM `upload` WHERE `upload`.`user_id` = ? AND `upload`.`hash` IN (…)
DELETE FROM `wx_user` WHERE `wx_user`.`id` = ?
INSERT INTO `failure_count` (…) VALUES (…)
INSERT INTO `login` (…) VALUES (…)
INSERT INTO `picture` (…) VALUES (…)
INSERT INTO `replaced_token` (…) VALUES (…)
INSERT INTO `seaql_migrations` (…) VALUES (…)
INSERT INTO `session` (…) VALUES (…)
INSERT INTO `upload` (…) VALUES (…)
INSERT INTO `wx_user` (…) VALUES (…)
SELECT 1 FROM seaql_migrations LIMIT 1
SELECT … FROM `failure_count` WHERE `failure_count`.`ends_at` <= ? LIMIT ?
SELECT … FROM `failure_count` WHERE `failure_count`.`key_hash` = ? LIMIT ?
SELECT … FROM `failure_count` WHERE `failure_count`.`key_hash` = ? LIMIT ? FOR UPDATE
SELECT … FROM `login` WHERE `login`.`expires_at` <= ? LIMIT ?
SELECT … FROM `login` WHERE `login`.`family_hash` = ? LIMIT ?
SELECT … FROM `login` WHERE `login`.`family_hash` = ? LIMIT ? FOR UPDATE
SELECT … FROM `login` WHERE `login`.`id` = ? AND `login`.`user_id` = ? LIMIT ?
SELECT … FROM `login` WHERE `login`.`id` = ? LIMIT ?
SELECT … FROM `login` WHERE `login`.`id` = ? LIMIT ? FOR UPDATE
SELECT … FROM `login` WHERE `login`.`user_id` = ? AND `login`.`expires_at` > ? ORDER BY `login`.`used_time` DESC, `login`.`add_time` DESC
SELECT … FROM `login` WHERE `login`.`user_id` = ? ORDER BY `login`.`add_time` ASC
SELECT … FROM `login` WHERE `login`.`user_id` = ? ORDER BY `login`.`used_time` DESC, `login`.`add_time` DESC LIMIT ? OFFSET ?
SELECT … FROM `picture` WHERE `picture`.`hash` = ? LIMIT ?
SELECT … FROM `picture` WHERE `picture`.`hash` = ? LIMIT ? FOR UPDATE
SELECT … FROM `seaql_migrations` ORDER BY `version` ASC
SELECT … FROM `session` LEFT JOIN `wx_user` ON `session`.`user_id` = `wx_user`.`id` WHERE `session`.`token_hash` = ? AND (`session`.`login_id` IS NULL OR EXISTS(SELECT ? FROM `login` WHERE `login`.`id` = `session`.`login_id`)) LIMIT ?
SELECT … FROM `session` WHERE `session`.`expires_at` <= ? LIMIT ?
SELECT … FROM `session` WHERE `session`.`login_id` = ? AND `session`.`token_hash` <> ? ORDER BY `session`.`generation` DESC, `session`.`add_time` DESC LIMIT ? OFFSET ?
SELECT … FROM `session` WHERE `session`.`token_hash` = ? LIMIT ?
SELECT … FROM `session` WHERE `session`.`user_id` = ? ORDER BY `session`.`add_time` ASC
SELECT … FROM `upload` WHERE `upload`.`user_id` = ?
SELECT … FROM `upload` WHERE `upload`.`user_id` = ? AND ? = ? ORDER BY `upload`.`add_time` DESC, `upload`.`hash` ASC
SELECT … FROM `upload` WHERE `upload`.`user_id` = ? AND `upload`.`hash` NOT IN (…) ORDER BY `upload`.`add_time` DESC, `upload`.`hash` ASC
SELECT … FROM `upload` WHERE `upload`.`user_id` = ? ORDER BY `upload`.`add_time` ASC
SELECT … FROM `wx_user` WHERE `wx_user`.`id` = ? LIMIT ?
SELECT … FROM `wx_user` WHERE `wx_user`.`id` = ? LIMIT ? FOR UPDATE
SELECT … FROM `wx_user` WHERE `wx_user`.`proved_mobile` = ? AND `wx_user`.`username` IS NOT NULL LIMIT ?
SELECT … FROM `wx_user` WHERE `wx_user`.`proved_mobile` = ? AND `wx_user`.`username` IS NOT NULL LIMIT ? FOR UPDATE
SELECT … FROM `wx_user` WHERE `wx_user`.`username` = ? LIMIT ?
SELECT … FROM `wx_user` WHERE `wx_user`.`weixin_openid` = ? LIMIT ? FOR UPDATE
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1
SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT 1 FROM seaql_migrations LIMIT 1
SET sql_mode=(SELECT CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION')),time_zone='+00:00',NAMES utf8mb4
SHOW VARIABLES WHERE Variable_name = 'wsrep_on' AND Value = 'ON'
UPDATE `failure_count` SET `failures` = `failures` - ? WHERE `failure_count`.`key_hash` = ? AND `failure_count`.`failures` > ?
UPDATE `failure_count` SET `pending` = (CASE WHEN (`pending` > ?) THEN `pending` - ? ELSE ? END), `failures` = `failures` + ? WHERE `failure_count`.`key_hash` = ? AND `failure_count`.`ends_at` = ?
UPDATE `failure_count` SET `pending` = `pending` + ? WHERE `failure_count`.`key_hash` = ? AND `failure_count`.`ends_at` = ? AND `failures` + `pending` < ?
UPDATE `failure_count` SET … WHERE `failure_count`.`key_hash` = ?
UPDATE `failure_count` SET … WHERE `failure_count`.`pending` > ?
UPDATE `login` SET … WHERE `login`.`id` = ?
UPDATE `session` SET … WHERE `session`.`token_hash` = ?
UPDATE `upload` SET … WHERE `upload`.`user_id` = ? AND ? = ?
UPDATE `wx_user` SET … WHERE `wx_user`.`id` = ?
UPDATE `wx_user` SET … WHERE `wx_user`.`proved_mobile` = ? AND `wx_user`.`id` <> ?
