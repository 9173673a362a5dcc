-- name: rows
-- Feeds with their folder ('' for none), in the order that they are shown.
SELECT s.key, COALESCE(s.folder, '')
FROM subscription AS s LEFT JOIN feed AS f ON f.key = s.feedId
ORDER BY COALESCE(s.folder, '') = '', tl_sort_key(s.folder), s.folder, s."order",
  tl_sort_key(COALESCE(s.title, f.title, s.url)), s.key
-- name: item
SELECT s.feedId, COALESCE(s.title, f.title, s.url), s.folder, s.url, f.error, s.muted,
  (SELECT count(*) FROM article AS a INDEXED BY article_received LEFT JOIN article_mark AS m ON m.key = a.key
   WHERE a.feedId = s.feedId AND NOT COALESCE(m.isRead, a.receivedAt <= s.readUpTo, 0))
FROM subscription AS s LEFT JOIN feed AS f ON f.key = s.feedId
WHERE s.key = ?1
-- name: unread
SELECT a.key FROM subscription AS s CROSS JOIN article AS a INDEXED BY article_received ON a.feedId = s.feedId
LEFT JOIN article_mark AS m ON m.key = a.key
WHERE s.key = ?1 AND NOT COALESCE(m.isRead, a.receivedAt <= s.readUpTo, 0)
-- name: of-folder
SELECT key FROM subscription WHERE folder = ?1
