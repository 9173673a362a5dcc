-- ?1: a feed; ?2: null or a folder.
-- name: all
WITH mine AS MATERIALIZED (
  SELECT feedId FROM subscription WHERE feedId > 0 AND (?2 IS NULL OR folder = ?2) GROUP BY feedId)
SELECT a.key, a.publishedAt
FROM article AS a INDEXED BY article_date CROSS JOIN mine ON mine.feedId = a.feedId
ORDER BY a.publishedAt DESC, a.key DESC
-- name: unread
-- ?3: an article that stays although it is read.
WITH mine AS MATERIALIZED (
  SELECT feedId, max(readUpTo) AS upTo FROM subscription
  WHERE feedId > 0 AND (?2 IS NULL OR folder = ?2) GROUP BY feedId)
SELECT a.key, a.publishedAt
FROM article AS a INDEXED BY article_date CROSS JOIN mine ON mine.feedId = a.feedId
LEFT JOIN article_mark AS m ON m.key = a.key
WHERE NOT COALESCE(m.isRead, a.receivedAt <= mine.upTo, 0) OR a.key = ?3
ORDER BY a.publishedAt DESC, a.key DESC
-- name: all-of-feed
SELECT key, publishedAt FROM article INDEXED BY article_feed
WHERE feedId = ?1 ORDER BY publishedAt DESC, key DESC
-- name: unread-of-feed
SELECT a.key, a.publishedAt
FROM article AS a INDEXED BY article_feed LEFT JOIN article_mark AS m ON m.key = a.key
WHERE a.feedId = ?1 AND (a.key = ?3 OR NOT COALESCE(
  m.isRead, a.receivedAt <= (SELECT max(readUpTo) FROM subscription WHERE feedId = ?1), 0))
ORDER BY a.publishedAt DESC, a.key DESC
-- name: starred
SELECT a.key, a.publishedAt
FROM article_mark AS m INDEXED BY article_starred CROSS JOIN article AS a ON a.key = m.key
WHERE m.isStarred AND (?1 = 0 OR a.feedId = ?1)
  AND (?2 IS NULL OR a.feedId IN (SELECT feedId FROM subscription WHERE folder = ?2))
ORDER BY a.publishedAt DESC, a.key DESC
-- name: later
SELECT a.key, a.publishedAt
FROM article_mark AS m INDEXED BY article_later CROSS JOIN article AS a ON a.key = m.key
WHERE m.isLater AND (?1 = 0 OR a.feedId = ?1)
  AND (?2 IS NULL OR a.feedId IN (SELECT feedId FROM subscription WHERE folder = ?2))
ORDER BY a.publishedAt DESC, a.key DESC
-- name: item
SELECT a.feedId, a.title, a.summary, a.author, a.url, COALESCE(s.title, f.title, f.url), a.publishedAt, a.receivedAt,
  a.wordCount, a.image ->> '$.src', a.image ->> '$.width', a.image ->> '$.height',
  COALESCE(m.isRead, a.receivedAt <= s.readUpTo, 0), m.isStarred, m.isLater
FROM article AS a LEFT JOIN feed AS f ON f.key = a.feedId LEFT JOIN article_mark AS m ON m.key = a.key
LEFT JOIN subscription AS s ON s.key = (
  SELECT key FROM subscription WHERE feedId = a.feedId ORDER BY readUpTo DESC LIMIT 1)
WHERE a.key = ?1
