-- name: keep
-- Kept again, it is sent again: the server may have forgotten it.
INSERT INTO local.upload (blob, type, size, made_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (blob) DO UPDATE SET made_at = excluded.made_at, sent_at = NULL
-- name: next
-- What an operation that is not refused names, the first asked for first.
SELECT blob, type, size FROM local.upload AS u WHERE sent_at IS NULL
AND EXISTS (SELECT 1 FROM local.op WHERE status <> 2 AND instr(body, u.blob)) ORDER BY made_at LIMIT 1
-- name: waiting-size
SELECT coalesce(sum(size), 0) FROM local.upload AS u WHERE sent_at IS NULL
AND EXISTS (SELECT 1 FROM local.op WHERE status <> 2 AND instr(body, u.blob))
-- name: sent
UPDATE local.upload SET sent_at = ?2 WHERE blob = ?1
-- name: named
SELECT id FROM local.op WHERE instr(body, ?1)
-- name: holds
SELECT 1 FROM local.upload WHERE sent_at IS NULL AND instr(?1, blob) LIMIT 1
-- name: clean
DELETE FROM local.upload AS u WHERE max(made_at, coalesce(sent_at, 0)) < ?1
AND NOT EXISTS (SELECT 1 FROM local.op WHERE instr(body, u.blob))
AND NOT EXISTS (SELECT 1 FROM local.draft_sync WHERE instr(more, u.blob) OR instr(other_more, u.blob)) RETURNING blob
