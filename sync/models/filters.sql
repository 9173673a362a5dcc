-- name: active
-- ?1: now; ?2: a place as "home" in quotes; ?3: an action.
SELECT words FROM content_filter
WHERE words IS NOT NULL AND COALESCE(expiresAt > ?1, 1) AND COALESCE(instr(kinds, ?2), 1) AND COALESCE(action, 'hide') = ?3
ORDER BY key
-- name: posts
SELECT rowid FROM post_text WHERE post_text MATCH ?1
-- name: posts-by-letters
SELECT rowid FROM post_gram WHERE post_gram MATCH ?1
-- name: articles
SELECT rowid FROM article_text WHERE article_text MATCH ?1
-- name: articles-by-letters
SELECT rowid FROM article_gram WHERE article_gram MATCH ?1
-- name: post
SELECT 1 FROM post_text WHERE post_text MATCH ?1 AND rowid = ?2
-- name: post-by-letters
SELECT 1 FROM post_gram WHERE post_gram MATCH ?1 AND rowid = ?2
-- name: notifications
-- Told of a post that somebody else wrote.
SELECT key, subjectId FROM notification WHERE subjectType = 'Post' AND kind IN ('mention', 'reply')
-- name: all
SELECT key, 0 FROM content_filter ORDER BY createdAt DESC, key
-- name: item
SELECT words, kinds, COALESCE(action, 'hide'), COALESCE(expiresAt, 0) FROM content_filter WHERE key = ?1
