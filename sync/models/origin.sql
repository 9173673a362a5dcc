-- name: origin
SELECT m.roomId, r.name FROM message AS m LEFT JOIN room AS r ON r.key = m.roomId WHERE m.key = ?1
UNION ALL SELECT 0, title FROM article WHERE key = ?1
