-- name: put
INSERT OR REPLACE INTO main.event_span VALUES (?1, ?2, ?3)
-- name: remove
DELETE FROM main.event_span WHERE key = ?1
