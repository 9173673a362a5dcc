-- name: list
SELECT id, op_id, type, key, verb, body, state, status, error_type, error, attempts, made_at FROM local.op ORDER BY id
-- name: of-object
SELECT id, op_id, type, key, verb, body, state, status, error_type, error, attempts, made_at FROM local.op
WHERE type = ?1 AND key = ?2 ORDER BY id
-- name: of-key
SELECT id, op_id, type, key, verb, body, state, status, error_type, error, attempts, made_at FROM local.op
WHERE key = ?1 ORDER BY id
-- name: naming
-- Operations whose body has the text; whether it is a reference is the caller's to see.
SELECT id, op_id, type, key, verb, body, state, status, error_type, error, attempts, made_at FROM local.op
WHERE instr(body, ?1) ORDER BY id
-- name: get
SELECT id, op_id, type, key, verb, body, state, status, error_type, error, attempts, made_at FROM local.op WHERE id = ?1
-- name: add
-- What a push has told is newer than the state: the state does not say what was seen then.
INSERT INTO local.op (op_id, type, key, verb, body, state, made_at)
VALUES (?1, ?2, ?3, ?4, ?5, (SELECT value FROM main.meta WHERE name = ?6
  AND NOT EXISTS (SELECT 1 FROM main.unconfirmed WHERE type = ?2 AND key = ?3)), ?7)
-- name: set-body
UPDATE local.op SET body = ?2 WHERE id = ?1
-- name: renew
-- Refused: surely not done, so it may be tried as another operation.
-- Without a state it is not held against what others did since.
UPDATE local.op SET status = 0, op_id = ?2, attempts = 0, error_type = NULL, error = NULL,
  state = CASE WHEN error_type = 'conflict' THEN NULL ELSE state END WHERE id = ?1
-- name: remove
DELETE FROM local.op WHERE id = ?1
-- name: send
UPDATE local.op SET status = 1, attempts = attempts + 1 WHERE id = ?1
-- name: release
UPDATE local.op SET status = 0 WHERE status = 1
-- name: refuse
UPDATE local.op SET status = 2, error_type = ?2, error = ?3 WHERE id = ?1
-- name: next-key
UPDATE local.next_key SET key = key - 1 RETURNING key + 1
-- name: rekey
UPDATE local.op SET key = ?2 WHERE key = ?1
-- name: rekey-draft
UPDATE OR REPLACE local.draft SET place = substr(place, 1, instr(place, ':')) || ?2
WHERE place IN ('room:' || ?1, 'reply:' || ?1)
-- name: rekey-draft-sync
UPDATE OR REPLACE local.draft_sync SET place = substr(place, 1, instr(place, ':')) || ?2
WHERE place IN ('room:' || ?1, 'reply:' || ?1)
-- name: add-applied
INSERT OR REPLACE INTO main.applied_op VALUES (?1, ?2, ?3)
-- name: half-applied
SELECT op.id, from_key, to_key FROM main.applied_op JOIN local.op ON op.op_id = applied_op.op_id
-- name: forget-applied
DELETE FROM main.applied_op WHERE op_id NOT IN (SELECT op_id FROM local.op)
-- name: dirty
SELECT type, key FROM local.op UNION SELECT type, key FROM main.base WHERE NOT (json IS NULL AND fresh)
-- name: bases-of-key
SELECT type FROM main.base WHERE key = ?1
-- name: forget-never
DELETE FROM main.base WHERE json IS NULL AND fresh
AND NOT EXISTS (SELECT 1 FROM local.op WHERE op.type = base.type AND op.key = base.key)
AND NOT EXISTS (SELECT 1 FROM local.op WHERE verb = 0 AND key < 0 AND attempts > 0)
