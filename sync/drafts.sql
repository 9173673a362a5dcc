-- ?1: a place.
-- name: local
SELECT d.text, s.seen, COALESCE(s.is_dirty, d.text IS NOT NULL), s.more, s.other, s.other_more
FROM (SELECT ?1 AS place) AS p LEFT JOIN local.draft AS d ON d.place = p.place
LEFT JOIN local.draft_sync AS s ON s.place = p.place
-- name: set-text
INSERT OR REPLACE INTO local.draft VALUES (?1, ?2, ?3)
-- name: remove-text
DELETE FROM local.draft WHERE place = ?1
-- name: set-sync
INSERT OR REPLACE INTO local.draft_sync VALUES (?1, ?2, ?3, ?4, ?5, ?6)
-- name: shared
-- Keys made here are negative: the server's goes first.
SELECT key, COALESCE(text, ''), extra ->> '$.version', extra ->> '$.over', extra -> '$.more', changedAt
FROM main.kept_draft WHERE place = ?1 ORDER BY key DESC LIMIT 1
-- name: unshared
SELECT place FROM local.draft_sync WHERE is_dirty AND other IS NULL AND NOT instr(place, '-')
-- name: long-gone
-- ?1: sent or emptied before then.
SELECT key FROM main.kept_draft WHERE key > 0 AND COALESCE(text, '') = '' AND changedAt < ?1 LIMIT 20
