-- name: all
SELECT key, 0 FROM principal ORDER BY tl_sort_key(name), key
-- name: members
SELECT p.key, 0 FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
WHERE m.roomId = ?1 GROUP BY p.key ORDER BY tl_sort_key(p.name), p.key
-- name: item
SELECT name, login, timeZone, avatarBlobId, description FROM principal WHERE key = ?1
