-- ?1: whom or what it is about; ?2: oneself. What is not sent yet has a negative key and no author but oneself.
-- name: all
SELECT key, COALESCE(authorId, ?2), replyToId, boostOfId FROM post INDEXED BY post_date
ORDER BY createdAt DESC, key DESC
-- name: followed
SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?2
UNION ALL SELECT principalId FROM follow WHERE key < 0
-- name: mentions
-- Also answers to one's own.
SELECT key FROM (
  SELECT key, createdAt FROM post INDEXED BY post_mentions
  WHERE mentions IS NOT NULL AND instr(mentions, '"t' || ?2 || '"') AND authorId <> ?2
  UNION
  SELECT r.key, r.createdAt FROM post AS p INDEXED BY post_author CROSS JOIN post AS r INDEXED BY post_reply
    ON r.replyToId = p.key
  WHERE p.authorId = ?2 AND r.authorId <> ?2)
ORDER BY createdAt DESC, key DESC
-- name: saved
SELECT p.key FROM post_mark AS m INDEXED BY post_saved CROSS JOIN post AS p ON p.key = m.key
WHERE m.isSaved ORDER BY p.createdAt DESC, p.key DESC
-- name: person
SELECT COALESCE(p.boostOfId, p.key) FROM post AS p INDEXED BY post_author
WHERE p.authorId = ?1 AND (p.boostOfId IS NULL OR EXISTS (SELECT 1 FROM post WHERE key = p.boostOfId))
ORDER BY p.createdAt DESC, p.key DESC
-- name: unsent
-- Local keys count down.
SELECT COALESCE(boostOfId, key) FROM post WHERE key < 0 ORDER BY key
-- name: above
SELECT replyToId FROM post WHERE key = ?1
-- name: below
SELECT key FROM post INDEXED BY post_reply WHERE replyToId = ?1 ORDER BY createdAt, key
-- name: shown
-- The post itself, or what it boosts.
SELECT COALESCE(boostOfId, key) FROM post WHERE key = ?1
-- name: item
SELECT COALESCE(p.authorId, ?2), a.name, a.login, a.avatarBlobId, p.text, p.warning, p.visibility, p.images, p.card,
  p.replyToId, (SELECT name FROM principal WHERE key = COALESCE(r.authorId, ?2) AND r.key IS NOT NULL), p.createdAt,
  p.editedAt IS NOT NULL OR o.verb = 1,
  (SELECT count(*) FROM post WHERE replyToId = p.key), (SELECT count(*) FROM post WHERE boostOfId = p.key),
  EXISTS (SELECT 1 FROM post WHERE boostOfId = p.key AND (authorId = ?2 OR key < 0)),
  COALESCE((SELECT isSaved FROM post_mark WHERE key = p.key), 0),
  EXISTS (SELECT 1 FROM follow WHERE principalId = p.authorId AND (followerId = ?2 OR key < 0)),
  o.id, o.status, o.error
FROM post AS p LEFT JOIN principal AS a ON a.key = COALESCE(p.authorId, ?2)
LEFT JOIN post AS r ON r.key = p.replyToId
LEFT JOIN local.op AS o ON o.id = (
  SELECT id FROM local.op WHERE type = 10 AND key = p.key ORDER BY status DESC, id LIMIT 1)
WHERE p.key = ?1
-- name: booster
-- ?3: 0 for the newest of those one follows, 1 of anybody, otherwise of that person.
SELECT b.key, a.key, a.name, b.createdAt FROM post AS b INDEXED BY post_boost
JOIN principal AS a ON a.key = COALESCE(b.authorId, ?2)
WHERE b.boostOfId = ?1 AND CASE ?3
  WHEN 0 THEN b.authorId <> ?2
    AND EXISTS (SELECT 1 FROM follow WHERE principalId = b.authorId AND (followerId = ?2 OR key < 0))
  WHEN 1 THEN b.authorId <> ?2 ELSE a.key = ?3 END
ORDER BY b.createdAt DESC, b.key DESC LIMIT 1
-- name: answer
SELECT r.key, a.name, a.avatarBlobId, COALESCE(r.warning, r.text), r.createdAt
FROM post AS r INDEXED BY post_reply LEFT JOIN principal AS a ON a.key = COALESCE(r.authorId, ?2)
WHERE r.replyToId = ?1 ORDER BY r.createdAt DESC, r.key DESC LIMIT 1
-- name: reactions
SELECT emoji, count(*), max(COALESCE(principalId = ?2, 0) OR key < 0) FROM reaction INDEXED BY reaction_subject
WHERE subjectId = ?1 GROUP BY emoji ORDER BY 2 DESC, min(reactedAt)
-- name: everybody
SELECT key, 0 FROM principal ORDER BY tl_sort_key(name), key
-- name: followed-people
SELECT key, 0 FROM principal
WHERE key IN (SELECT principalId FROM follow INDEXED BY follow_follower WHERE followerId = ?2
  UNION ALL SELECT principalId FROM follow WHERE key < 0)
ORDER BY tl_sort_key(name), key
-- name: one
SELECT key, 0 FROM principal WHERE key = ?1
-- name: by-login
SELECT key FROM principal WHERE login = ?1 COLLATE NOCASE
-- name: read-to
SELECT feedReadTo FROM settings WHERE key = ?1
-- name: person-item
SELECT name, login, timeZone, avatarBlobId, description,
  EXISTS (SELECT 1 FROM follow WHERE principalId = p.key AND (followerId = ?2 OR key < 0)),
  EXISTS (SELECT 1 FROM follow WHERE principalId = ?2 AND followerId = p.key),
  (SELECT count(*) FROM post WHERE authorId = p.key AND boostOfId IS NULL),
  (SELECT count(*) FROM follow WHERE followerId = p.key OR (p.key = ?2 AND key < 0)),
  (SELECT count(*) FROM follow WHERE principalId = p.key)
FROM principal AS p WHERE p.key = ?1
