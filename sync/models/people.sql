-- name: all
SELECT key, 0 FROM principal ORDER BY tl_sort_key(name), key
-- name: members
SELECT p.key, 0 FROM principal AS p WHERE p.key IN (
  SELECT principalId FROM room_member WHERE roomId = ?1
  UNION ALL SELECT principalId FROM calendar_member WHERE calendarId = ?1
  UNION ALL SELECT CAST(substr(j.key, 2) AS INTEGER) FROM event AS e, json_each(e.participants) AS j
  WHERE e.key = ?1 AND j.key GLOB 't[0-9]*') ORDER BY tl_sort_key(p.name), p.key
-- name: item
SELECT name, login, timeZone, avatarBlobId, description FROM principal WHERE key = ?1
