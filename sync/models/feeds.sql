-- name: rows
-- Feeds with their folder ('' for none), in the order that they are shown.
SELECT s.key, COALESCE(s.folder, '')
FROM subscription AS s LEFT JOIN feed AS f ON f.key = s.feedId
ORDER BY COALESCE(s.folder, '') = '', tl_sort_key(s.folder), s.folder, s."order",
  tl_sort_key(COALESCE(s.title, f.title, s.url)), s.key
-- name: item
SELECT s.feedId, COALESCE(s.title, f.title, s.url), s.folder, s.url, f.error, s.muted,
  (SELECT count(*) FROM article AS a INDEXED BY article_received LEFT JOIN article_mark AS m ON m.key = a.key
   WHERE a.feedId = s.feedId AND a.receivedAt > COALESCE(s.readUpTo, -1) AND COALESCE(m.isRead, 0) = 0)
  + (SELECT count(*) FROM article_mark AS m INDEXED BY article_unread CROSS JOIN article AS a ON a.key = m.key
     WHERE m.isRead = 0 AND a.feedId = s.feedId AND a.receivedAt <= COALESCE(s.readUpTo, -1))
FROM subscription AS s LEFT JOIN feed AS f ON f.key = s.feedId
WHERE s.key = ?1
-- name: of-folder
SELECT key FROM subscription WHERE folder = ?1
