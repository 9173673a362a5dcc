-- name: sent
SELECT key, sentAt FROM message WHERE roomId = ?1 AND seq > 0 ORDER BY seq
-- name: unsent
-- Local keys count down: in the order of making.
SELECT key, sentAt FROM message WHERE roomId = ?1 AND (seq IS NULL OR seq = 0) ORDER BY key DESC
-- name: item
SELECT m.roomId, m.senderId, p.name, m.body, m.replyToId, rp.name, r.body, COALESCE(m.seq, 0), m.sentAt,
  m.editedAt IS NOT NULL OR o.verb = 1, o.id, o.status, o.error, m.attachments, m.card, p.avatarBlobId
FROM message AS m
LEFT JOIN principal AS p ON p.key = CASE WHEN m.key < 0 THEN ?2 ELSE m.senderId END
LEFT JOIN message AS r ON r.key = m.replyToId
LEFT JOIN principal AS rp ON rp.key = CASE WHEN r.key < 0 THEN ?2 ELSE r.senderId END
LEFT JOIN local.op AS o ON o.id = (
  SELECT id FROM local.op WHERE type = 8 AND key = m.key ORDER BY status DESC, id LIMIT 1)
WHERE m.key = ?1
