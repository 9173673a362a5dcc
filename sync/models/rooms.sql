-- Rooms that one (?1) is in; also those made here, and while their members are still on their way.
-- name: rows
SELECT r.key, 0 FROM room AS r
WHERE r.key < 0
  OR EXISTS (SELECT 1 FROM room_member WHERE roomId = r.key AND principalId = ?1)
  OR NOT EXISTS (SELECT 1 FROM room_member WHERE roomId = r.key)
ORDER BY max(COALESCE((SELECT max(sentAt) FROM message WHERE roomId = r.key AND seq IS NULL), 0),
    COALESCE((SELECT sentAt FROM message WHERE roomId = r.key ORDER BY seq DESC LIMIT 1), r.createdAt, 0)) DESC,
  r.key DESC
-- name: item
SELECT r.kind, COALESCE(r.name, (
    SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
    WHERE m.roomId = r.key AND m.principalId <> ?2 LIMIT 1), (
    SELECT p.name FROM local.op AS o JOIN principal AS p
      ON p.key = CAST(substr(o.body ->> '$.members[0]', 2) AS INTEGER)
    WHERE o.type = 6 AND o.key = r.key AND o.verb = 0)),
  r.topic, r.createdAt,
  (SELECT text FROM local.draft WHERE place = 'room:' || r.key),
  (SELECT count(*) FROM room_member WHERE roomId = r.key),
  COALESCE((SELECT seq FROM message WHERE roomId = r.key ORDER BY seq DESC LIMIT 1), 0),
  COALESCE((SELECT upTo FROM read_marker WHERE key = r.key), 0),
  COALESCE((SELECT isMuted FROM read_marker WHERE key = r.key), 0),
  CASE WHEN r.kind = 'direct' THEN (
    SELECT p.avatarBlobId FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
    WHERE m.roomId = r.key AND m.principalId <> ?2 LIMIT 1) END
FROM room AS r WHERE r.key = ?1
-- name: newest
SELECT coalesce(nullif(m.body, ''), m.attachments ->> '$[0].name', m.card ->> '$.title', ''), p.name, m.senderId, m.sentAt, m.key
FROM message AS m LEFT JOIN principal AS p ON p.key = m.senderId
WHERE m.key = COALESCE(
  (SELECT min(key) FROM message WHERE roomId = ?1 AND seq IS NULL),
  (SELECT min(key) FROM message WHERE roomId = ?1 AND seq = 0),
  (SELECT key FROM message WHERE roomId = ?1 AND seq > 0 ORDER BY seq DESC LIMIT 1))
-- name: unread
SELECT count(*) FROM message WHERE roomId = ?1 AND seq > ?2 AND senderId <> ?3
-- name: unread-bodies
SELECT m.body, p.login FROM message AS m JOIN principal AS p ON p.key = ?3
WHERE m.roomId = ?1 AND m.seq > ?2 AND m.senderId <> ?3 AND m.body LIKE '%@' || p.login || '%' LIMIT 50
