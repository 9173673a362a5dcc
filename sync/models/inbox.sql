-- What waits. ?1: oneself; ?2: kinds (1 people, 2 news, 4 dates); ?3: one that stays; ?4: now; ?5: articles since.
-- name: rows
WITH waiting AS (
  SELECT n.key, n.createdAt AS at FROM notification AS n
  WHERE CASE n.kind WHEN 'invitation' THEN ?2 & 4 ELSE ?2 & 1 END
  UNION ALL
  SELECT * FROM (
    SELECT rm.roomId AS key, (SELECT sentAt FROM message WHERE roomId = rm.roomId ORDER BY seq DESC LIMIT 1) AS at
    FROM room_member AS rm LEFT JOIN read_marker AS r ON r.key = rm.roomId
    WHERE ?2 & 1 AND rm.principalId = ?1 AND (rm.roomId = ?3 OR r.isMuted IS NOT 1 AND EXISTS (
      SELECT 1 FROM message INDEXED BY message_room
      WHERE roomId = rm.roomId AND seq > COALESCE(r.upTo, 0) AND senderId <> ?1)))
  WHERE at IS NOT NULL
  UNION ALL
  SELECT a.key, a.publishedAt AS at FROM article AS a INDEXED BY article_date
  CROSS JOIN (SELECT feedId, max(readUpTo) AS upTo FROM subscription WHERE feedId > 0 AND muted IS NOT 1 GROUP BY feedId)
    AS mine ON mine.feedId = a.feedId
  LEFT JOIN article_mark AS m ON m.key = a.key
  WHERE ?2 & 2 AND a.publishedAt >= ?5
    AND (a.key = ?3 OR NOT COALESCE(m.isRead, a.receivedAt <= mine.upTo, 0)))
SELECT w.key, max(w.at, COALESCE(i.snoozedUntil, 0)) AS at
FROM waiting AS w LEFT JOIN inbox_mark AS i ON i.key = w.key
WHERE w.key = ?3 OR (COALESCE(i.isDone, 0) = 0 AND COALESCE(i.snoozedUntil, 0) <= ?4)
ORDER BY at DESC, w.key DESC
-- name: unread
WITH waiting AS (
  SELECT n.key FROM notification AS n LEFT JOIN inbox_mark AS i ON i.key = n.key
  WHERE n.isRead = 0 OR (i.snoozedUntil IS NOT NULL AND i.snoozedUntil <= ?4)
  UNION ALL
  SELECT rm.roomId FROM room_member AS rm LEFT JOIN read_marker AS r ON r.key = rm.roomId
  WHERE rm.principalId = ?1 AND r.isMuted IS NOT 1 AND EXISTS (
    SELECT 1 FROM message INDEXED BY message_room
    WHERE roomId = rm.roomId AND seq > COALESCE(r.upTo, 0) AND senderId <> ?1)
  UNION ALL
  SELECT a.key FROM article AS a INDEXED BY article_date
  CROSS JOIN (SELECT feedId, max(readUpTo) AS upTo FROM subscription WHERE feedId > 0 AND muted IS NOT 1 GROUP BY feedId)
    AS mine ON mine.feedId = a.feedId
  LEFT JOIN article_mark AS m ON m.key = a.key
  WHERE a.publishedAt >= ?5 AND NOT COALESCE(m.isRead, a.receivedAt <= mine.upTo, 0))
SELECT w.key FROM waiting AS w LEFT JOIN inbox_mark AS i ON i.key = w.key
WHERE COALESCE(i.isDone, 0) = 0 AND COALESCE(i.snoozedUntil, 0) <= ?4
-- name: notification
SELECT n.kind, n.subjectType, n.subjectId, p.name, p.avatarBlobId, n.preview,
  max(n.createdAt, COALESCE(i.snoozedUntil, 0)), n.isRead AND i.snoozedUntil IS NULL, m.roomId,
  COALESCE(r.name, CASE WHEN r.key IS NULL THEN NULL ELSE p.name END)
FROM notification AS n LEFT JOIN principal AS p ON p.key = n.actorId
LEFT JOIN inbox_mark AS i ON i.key = n.key
LEFT JOIN message AS m ON m.key = n.subjectId AND n.subjectType = 'Message'
LEFT JOIN room AS r ON r.key = m.roomId WHERE n.key = ?1
-- name: room
SELECT COALESCE(r.name, o.name), r.kind, o.avatarBlobId,
  (SELECT count(*) FROM message WHERE roomId = r.key AND seq > COALESCE(mk.upTo, 0) AND senderId <> ?2),
  p.name, coalesce(nullif(m.body, ''), m.attachments ->> '$[0].name', m.card ->> '$.title'), m.sentAt
FROM room AS r LEFT JOIN read_marker AS mk ON mk.key = r.key
LEFT JOIN message AS m ON m.key = (SELECT key FROM message WHERE roomId = r.key ORDER BY seq DESC LIMIT 1)
LEFT JOIN principal AS p ON p.key = m.senderId
LEFT JOIN principal AS o ON r.kind = 'direct' AND o.key = (
  SELECT principalId FROM room_member WHERE roomId = r.key AND principalId <> ?2 LIMIT 1)
WHERE r.key = ?1
-- name: article
SELECT COALESCE(s.title, f.title, f.url), a.author, a.title, a.summary, a.publishedAt, a.feedId,
  COALESCE(m.isRead, a.receivedAt <= s.readUpTo, 0)
FROM article AS a LEFT JOIN feed AS f ON f.key = a.feedId LEFT JOIN article_mark AS m ON m.key = a.key
LEFT JOIN subscription AS s ON s.key = (
  SELECT key FROM subscription WHERE feedId = a.feedId ORDER BY readUpTo DESC LIMIT 1)
WHERE a.key = ?1
