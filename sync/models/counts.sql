-- name: counts
WITH mine AS MATERIALIZED (
  SELECT feedId, COALESCE(max(readUpTo), -1) AS upTo FROM subscription WHERE feedId > 0 GROUP BY feedId)
SELECT
  (SELECT count(*) FROM mine
    CROSS JOIN article AS a INDEXED BY article_received ON a.feedId = mine.feedId AND a.receivedAt > mine.upTo
    LEFT JOIN article_mark AS m ON m.key = a.key WHERE COALESCE(m.isRead, 0) = 0)
  + (SELECT count(*) FROM article_mark AS m INDEXED BY article_unread CROSS JOIN article AS a ON a.key = m.key
    CROSS JOIN mine ON mine.feedId = a.feedId WHERE m.isRead = 0 AND a.receivedAt <= mine.upTo),
  (SELECT count(*) FROM room_member AS rm LEFT JOIN read_marker AS r ON r.key = rm.roomId
    CROSS JOIN message AS m INDEXED BY message_room
      ON m.roomId = rm.roomId AND m.seq > COALESCE(r.upTo, 0) AND m.senderId <> ?1
    WHERE rm.principalId = ?1 AND r.isMuted IS NOT 1),
  (SELECT count(*) FROM article_mark AS m INDEXED BY article_starred CROSS JOIN article AS a ON a.key = m.key
    WHERE m.isStarred),
  (SELECT count(*) FROM article_mark AS m INDEXED BY article_later CROSS JOIN article AS a ON a.key = m.key
    WHERE m.isLater),
  (SELECT count(DISTINCT COALESCE(p.boostOfId, p.key))
    FROM (SELECT key, authorId, replyToId, boostOfId FROM post
      WHERE key > COALESCE((SELECT feedReadTo FROM settings WHERE key = ?1), 0) ORDER BY key DESC LIMIT 1000) AS p
    LEFT JOIN post AS r ON r.key = p.replyToId
    WHERE p.authorId IN (SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?1)
      AND (p.boostOfId IS NULL OR EXISTS (SELECT 1 FROM post WHERE key = p.boostOfId))
      AND (p.replyToId IS NULL OR r.authorId = ?1
        OR r.authorId IN (SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?1)))
-- name: unread-articles
WITH mine AS MATERIALIZED (
  SELECT feedId, COALESCE(max(readUpTo), -1) AS upTo FROM subscription WHERE feedId > 0 GROUP BY feedId)
SELECT a.key FROM mine
CROSS JOIN article AS a INDEXED BY article_received ON a.feedId = mine.feedId AND a.receivedAt > mine.upTo
LEFT JOIN article_mark AS m ON m.key = a.key WHERE COALESCE(m.isRead, 0) = 0
UNION ALL
SELECT a.key FROM article_mark AS m INDEXED BY article_unread CROSS JOIN article AS a ON a.key = m.key
CROSS JOIN mine ON mine.feedId = a.feedId WHERE m.isRead = 0 AND a.receivedAt <= mine.upTo
-- name: new-posts
SELECT DISTINCT COALESCE(p.boostOfId, p.key)
FROM (SELECT key, authorId, replyToId, boostOfId FROM post
  WHERE key > COALESCE((SELECT feedReadTo FROM settings WHERE key = ?1), 0) ORDER BY key DESC LIMIT 1000) AS p
LEFT JOIN post AS r ON r.key = p.replyToId
WHERE p.authorId IN (SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?1)
  AND (p.boostOfId IS NULL OR EXISTS (SELECT 1 FROM post WHERE key = p.boostOfId))
  AND (p.replyToId IS NULL OR r.authorId = ?1
    OR r.authorId IN (SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?1))
