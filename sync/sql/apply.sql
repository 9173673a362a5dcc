-- name: base-get
SELECT json, fresh FROM main.base WHERE type = ?1 AND key = ?2
-- name: base-put
INSERT INTO main.base (type, key, json) VALUES (?1, ?2, ?3)
ON CONFLICT (type, key) DO UPDATE SET json = excluded.json
-- name: base-remove
DELETE FROM main.base WHERE type = ?1 AND key = ?2
-- name: base-on-its-way
UPDATE main.base SET fresh = 0 WHERE type = ?1 AND key = ?2
-- name: base-gone
UPDATE main.base SET json = NULL, fresh = 1 WHERE type = ?1 AND key = ?2 RETURNING key
-- name: base-any
SELECT 1 FROM main.base WHERE type = ?1 LIMIT 1
-- name: base-told
UPDATE main.base SET json = told.value, fresh = 1
FROM (SELECT CAST(substr(value ->> '$.id', 2) AS INTEGER) AS key, value FROM json_each(?1, ?2)) AS told
WHERE base.type = ?3 AND base.key = told.key RETURNING base.key
-- name: ids
SELECT CAST(substr(value, 2) AS INTEGER) FROM json_each(?1, ?2)
-- name: stale-any
SELECT 1 FROM main.stale WHERE type = ?1 LIMIT 1
-- name: stale-brought
DELETE FROM main.stale
WHERE type = ?3 AND key IN (SELECT CAST(substr(value ->> '$.id', 2) AS INTEGER) FROM json_each(?1, ?2))
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
