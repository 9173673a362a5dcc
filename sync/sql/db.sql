-- name: attach
ATTACH ?1 AS local
-- name: begin-write
BEGIN IMMEDIATE
-- name: begin-read
BEGIN
-- name: commit
COMMIT
-- name: rollback
ROLLBACK
-- name: settings
-- The replica may lose its last commits in a power cut (it is synced again), local.db never.
PRAGMA main.synchronous = NORMAL;
PRAGMA local.synchronous = FULL;
PRAGMA main.wal_autocheckpoint = 4000;
PRAGMA main.cache_size = -16000;
PRAGMA temp_store = MEMORY;
PRAGMA foreign_keys = OFF;
-- name: settings-read
PRAGMA query_only = 1;
PRAGMA main.cache_size = -4000;
PRAGMA temp_store = MEMORY;
