-- The schema of the seventh migration, as it was served, with rows in each table. What stands in braces differs by database.
CREATE TABLE seaql_migrations (version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
INSERT INTO seaql_migrations VALUES ('m0001_wx_user', 1700000000), ('m0002_session', 1700000000),
  ('m0003_session_indexes', 1700000000), ('m0004_failure_count', 1700000000), ('m0005_proved_mobile', 1700000000),
  ('m0006_picture', 1700000000), ('m0007_pending_attempts', 1700000000);
CREATE TABLE wx_user (id {id}, username varchar(63) UNIQUE, password varchar(255), weixin_openid varchar(63) UNIQUE,
  nickname varchar(64) NOT NULL, avatar varchar(1024) NOT NULL, gender tinyint NOT NULL, mobile varchar(20) NOT NULL,
  user_level tinyint NOT NULL, status tinyint NOT NULL, last_login_time {time} NOT NULL,
  last_login_ip varchar(63) NOT NULL, add_time {time} NOT NULL, update_time {time} NOT NULL,
  proved_mobile varchar(20)){table};
CREATE UNIQUE INDEX ux_wx_user_proved_mobile ON wx_user (proved_mobile);
CREATE TABLE session (token_hash char(64) NOT NULL PRIMARY KEY, user_id {integer} NOT NULL, expires_at {time} NOT NULL,
  add_time {time} NOT NULL,
  CONSTRAINT fk_session_user FOREIGN KEY (user_id) REFERENCES wx_user (id) ON DELETE CASCADE){table};
CREATE INDEX ix_session_expires_at ON session (expires_at);
CREATE INDEX ix_session_user_id ON session (user_id);
CREATE TABLE failure_count (key_hash char(64) NOT NULL PRIMARY KEY, failures {integer} NOT NULL, ends_at {time} NOT NULL,
  pending {integer} NOT NULL DEFAULT 0){table};
CREATE INDEX ix_failure_count_ends_at ON failure_count (ends_at);
CREATE TABLE picture (hash char(64) NOT NULL PRIMARY KEY, bytes {blob} NOT NULL, add_time {time} NOT NULL){table};
CREATE TABLE upload (user_id {integer} NOT NULL, hash char(64) NOT NULL, add_time {time} NOT NULL,
  PRIMARY KEY (user_id, hash),
  CONSTRAINT fk_upload_user FOREIGN KEY (user_id) REFERENCES wx_user (id) ON DELETE CASCADE,
  CONSTRAINT fk_upload_picture FOREIGN KEY (hash) REFERENCES picture (hash)){table};

-- Amy of WeChat, Bob with an account, and one who is disabled.
INSERT INTO wx_user (id, username, password, weixin_openid, nickname, avatar, gender, mobile, user_level, status,
  last_login_time, last_login_ip, add_time, update_time, proved_mobile) VALUES
  (4711, NULL, NULL, 'o595acdd08d812f0cf8c852655fb', '阿妹', 'https://example.com/a.png', 2, '', 0, 0,
   '2025-01-02 03:04:05.0', '192.0.2.1', '2025-01-01 00:00:00.0', '2025-01-02 03:04:05.0', NULL),
  (4712, 'bob', '$argon2id$v=19$m=19456,t=2,p=1$gq04rW/VjlIsUBgejWhHTg$AnpzA0cGrAIRuApUCYxt0ww9QbmR4wKAPLdYtYA+JBM', NULL,
   'bob', '', 0, '13900139000', 1, 0,
   '2025-01-02 03:04:05.0', '192.0.2.2', '2025-01-01 00:00:00.0', '2025-01-02 03:04:05.0', '13800138000'),
  (4713, 'cat', NULL, NULL, 'cat', '', 0, '', 0, 1,
   '2025-01-02 03:04:05.0', '192.0.2.3', '2025-01-01 00:00:00.0', '2025-01-02 03:04:05.0', NULL);
-- The hashes of "a token of before" and of one that has expired.
INSERT INTO session VALUES
  ('c6037beedceed0c1c9f8d61e72a4e693c6b832832b9f9cabe64ef909634579ce', 4711, '2098-01-01 00:00:00.0', '2025-01-02 03:04:05.0'),
  ('02005bdbb2f6a6cfca9fa805ed1281febd2145d499859370c9970cd09941e2bd', 4711, '2025-01-02 05:04:05.0', '2025-01-02 03:04:05.0');
INSERT INTO failure_count VALUES ('2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97', 3, '2025-01-02 05:04:05.0', 0);
INSERT INTO picture VALUES ('2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97', 'picture', '2025-01-02 03:04:05.0');
INSERT INTO upload VALUES (4711, '2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97', '2025-01-02 03:04:05.0');
