-- name: active
-- ?1: now; ?2: a place as "home" in quotes; ?3: an action. The last: what to call it.
SELECT f.words, COALESCE(f.personId, 0), COALESCE(f.words, p.name)
FROM content_filter AS f LEFT JOIN principal AS p ON p.key = f.personId
WHERE (f.words IS NOT NULL OR f.personId IS NOT NULL) AND COALESCE(f.expiresAt > ?1, 1)
  AND COALESCE(instr(f.kinds, ?2), 1) AND COALESCE(f.action, 'hide') = ?3
ORDER BY f.key
-- What is found by words (?1), and of somebody (?2, 0: of anybody).
-- name: posts
SELECT rowid FROM post_text WHERE post_text MATCH ?1
-- name: posts-by-letters
SELECT rowid FROM post_gram WHERE post_gram MATCH ?1
-- name: posts-of
SELECT p.key FROM post AS p WHERE p.authorId = ?2 AND p.key IN (SELECT rowid FROM post_text WHERE post_text MATCH ?1)
-- name: posts-of-by-letters
SELECT p.key FROM post AS p WHERE p.authorId = ?2 AND p.key IN (SELECT rowid FROM post_gram WHERE post_gram MATCH ?1)
-- name: person-posts
SELECT key FROM post WHERE authorId = ?2 AND ?1 IS NULL
-- name: articles
SELECT rowid FROM article_text WHERE article_text MATCH ?1
-- name: articles-by-letters
SELECT rowid FROM article_gram WHERE article_gram MATCH ?1
-- name: post
SELECT 1 FROM post_text WHERE post_text MATCH ?1 AND rowid = ?2
-- name: post-by-letters
SELECT 1 FROM post_gram WHERE post_gram MATCH ?1 AND rowid = ?2
-- name: article
SELECT 1 FROM article_text WHERE article_text MATCH ?1 AND rowid = ?2
-- name: article-by-letters
SELECT 1 FROM article_gram WHERE article_gram MATCH ?1 AND rowid = ?2
-- name: message
SELECT 1 FROM message_text WHERE message_text MATCH ?1 AND rowid = ?2
-- name: message-by-letters
SELECT 1 FROM message_gram WHERE message_gram MATCH ?1 AND rowid = ?2
-- name: author
SELECT authorId FROM post WHERE key = ?1
-- name: notice
SELECT actorId, CASE WHEN kind IN ('mention', 'reply') THEN subjectId ELSE 0 END, subjectType FROM notification WHERE key = ?1
-- name: person-notifications
SELECT key FROM notification WHERE actorId = ?2 AND ?1 IS NULL
-- name: notifications
-- Told of a post that somebody else wrote.
SELECT key, subjectId FROM notification WHERE subjectType = 'Post' AND kind IN ('mention', 'reply')
-- name: all
SELECT key, 0 FROM content_filter ORDER BY createdAt DESC, key
-- name: item
SELECT f.words, f.kinds, COALESCE(f.action, 'hide'), COALESCE(f.expiresAt, 0), COALESCE(f.personId, 0), p.name
FROM content_filter AS f LEFT JOIN principal AS p ON p.key = f.personId WHERE f.key = ?1
-- name: people
-- Everybody but ?1.
SELECT key, name FROM principal WHERE key <> ?1 AND name IS NOT NULL ORDER BY name COLLATE NOCASE, key
