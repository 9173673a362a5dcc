-- name: base-get
SELECT json, fresh FROM main.base WHERE type = ?1 AND key = ?2
-- name: base-put
INSERT INTO main.base (type, key, json, fresh) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (type, key) DO UPDATE SET json = excluded.json, fresh = max(fresh, excluded.fresh)
-- name: base-remove
DELETE FROM main.base WHERE type = ?1 AND key = ?2
-- name: base-on-its-way
-- An operation goes out; unless an earlier one is still without an answer.
UPDATE main.base SET fresh = 0 WHERE type = ?1 AND key = ?2
AND NOT EXISTS (SELECT 1 FROM local.op WHERE type = ?1 AND key = ?2 AND attempts > 0 AND status <> 2)
-- name: base-gone
UPDATE main.base SET json = NULL, fresh = 1 WHERE type = ?1 AND key = ?2 RETURNING key
-- name: base-never
-- An object that is gone may be one made here whose answer has not come: that answer must not bring it back.
INSERT OR IGNORE INTO main.base (type, key, fresh)
SELECT ?1, ?2, 1 WHERE EXISTS (SELECT 1 FROM local.op WHERE type = ?1 AND verb = 0 AND key < 0 AND attempts > 0)
-- name: base-any
SELECT 1 FROM main.base WHERE type = ?1 LIMIT 1
-- name: base-told
UPDATE main.base SET json = told.value, fresh = 1
FROM (SELECT CAST(substr(CASE type WHEN 'object' THEN value ->> '$.id' END, 2) AS INTEGER) AS key, value
      FROM json_each(?1, ?2)) AS told
WHERE base.type = ?3 AND base.key = told.key RETURNING base.key
-- name: ids
SELECT CAST(substr(value, 2) AS INTEGER) FROM json_each(?1, ?2) WHERE value GLOB 't[1-9]*'
-- name: stale-any
SELECT 1 FROM main.stale WHERE type = ?1 LIMIT 1
-- name: stale-brought
DELETE FROM main.stale
WHERE type = ?3 AND key IN (SELECT CAST(substr(CASE each.type WHEN 'object' THEN value ->> '$.id' END, 2) AS INTEGER)
  FROM json_each(?1, ?2) AS each)
-- name: stale-keys
SELECT key FROM main.stale WHERE type = ?1
-- name: stale-done
DELETE FROM main.stale
-- name: meta-get
SELECT value FROM main.meta WHERE name = ?1
-- name: meta-set
INSERT OR REPLACE INTO main.meta VALUES (?1, ?2)
-- name: meta-remove
DELETE FROM main.meta WHERE name = ?1
-- name: meta-anew
DELETE FROM main.meta WHERE name GLOB 'state:*' OR name GLOB 'snapshot*'
-- name: invited-remove
DELETE FROM main.room_member WHERE roomId = ?1 AND key <= ?2
-- name: invited-add
INSERT INTO main.room_member (key, roomId, principalId, role) VALUES (?1, ?2, ?3, 'member')
-- name: unconfirmed
INSERT OR IGNORE INTO main.unconfirmed (type, key) VALUES (?1, ?2)
