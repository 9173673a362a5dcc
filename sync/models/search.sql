-- Hits as (key, type number). ?1: an FTS5 expression; ?2: null or a LIKE pattern for who; ?3, ?4: before and from
-- when; ?5: now; ?6: how many. Of many the newest 5,000 are ranked: by bm25, at most doubled when they are new.
-- name: articles
SELECT a.key, 4
FROM (SELECT rowid AS key, bm25(article_text, 4.0, 1.0) AS score FROM article_text
  WHERE article_text MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN article AS a ON a.key = hit.key LEFT JOIN feed AS f ON f.key = a.feedId
WHERE a.publishedAt < ?3 AND a.publishedAt >= ?4
  AND (?2 IS NULL OR a.author LIKE ?2 ESCAPE '\' OR f.title LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - a.publishedAt) / 2.592e9)), a.key DESC LIMIT ?6
-- name: articles-by-letters
SELECT a.key, 4
FROM (SELECT rowid AS key, bm25(article_gram, 4.0, 1.0) AS score FROM article_gram
  WHERE article_gram MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN article AS a ON a.key = hit.key LEFT JOIN feed AS f ON f.key = a.feedId
WHERE a.publishedAt < ?3 AND a.publishedAt >= ?4
  AND (?2 IS NULL OR a.author LIKE ?2 ESCAPE '\' OR f.title LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - a.publishedAt) / 2.592e9)), a.key DESC LIMIT ?6
-- name: articles-newest
SELECT a.key, 4 FROM article AS a INDEXED BY article_date LEFT JOIN feed AS f ON f.key = a.feedId
WHERE a.publishedAt < ?3 AND a.publishedAt >= ?4
  AND (?2 IS NULL OR a.author LIKE ?2 ESCAPE '\' OR f.title LIKE ?2 ESCAPE '\')
ORDER BY a.publishedAt DESC, a.key DESC LIMIT ?6
-- name: messages
SELECT m.key, 8
FROM (SELECT rowid AS key, bm25(message_text) AS score FROM message_text
  WHERE message_text MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN message AS m ON m.key = hit.key LEFT JOIN principal AS p ON p.key = m.senderId
WHERE m.sentAt < ?3 AND m.sentAt >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - m.sentAt) / 2.592e9)), m.key DESC LIMIT ?6
-- name: messages-by-letters
SELECT m.key, 8
FROM (SELECT rowid AS key, bm25(message_gram) AS score FROM message_gram
  WHERE message_gram MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN message AS m ON m.key = hit.key LEFT JOIN principal AS p ON p.key = m.senderId
WHERE m.sentAt < ?3 AND m.sentAt >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - m.sentAt) / 2.592e9)), m.key DESC LIMIT ?6
-- name: messages-newest
SELECT m.key, 8 FROM message AS m LEFT JOIN principal AS p ON p.key = m.senderId
WHERE m.sentAt < ?3 AND m.sentAt >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY m.sentAt DESC, m.key DESC LIMIT ?6
-- Trigrams from ?1 to before ?2, the most frequent.
-- name: article-grams
SELECT term FROM article_gram_terms WHERE term >= ?1 AND term < ?2 ORDER BY doc DESC LIMIT 300
-- name: message-grams
SELECT term FROM message_gram_terms WHERE term >= ?1 AND term < ?2 ORDER BY doc DESC LIMIT 300
-- What may match by name; ?1 is oneself.
-- name: people
SELECT key, COALESCE(name, '') || ' ' || COALESCE(login, '') FROM principal ORDER BY tl_sort_key(name), key
-- name: rooms
SELECT r.key, COALESCE(r.name, (SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
  WHERE m.roomId = r.key AND m.principalId <> ?1 LIMIT 1), '') || ' ' || COALESCE(r.topic, '') AS name
FROM room AS r ORDER BY tl_sort_key(r.name), r.key
-- Of hits: room, title, context, time, text, an article's blocks, a person's picture. ?1: key; ?2: oneself.
-- name: person
SELECT 0, name, '@' || login, 0, COALESCE(description, ''), NULL, avatarBlobId FROM principal WHERE key = ?1
-- name: room
SELECT r.key, COALESCE(r.name, (SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
  WHERE m.roomId = r.key AND m.principalId <> ?2 LIMIT 1)), NULL, r.createdAt, COALESCE(r.topic, ''), NULL, NULL
FROM room AS r WHERE r.key = ?1
-- name: message
SELECT m.roomId, p.name, COALESCE(r.name, (SELECT o.name FROM room_member AS rm JOIN principal AS o
    ON o.key = rm.principalId WHERE rm.roomId = m.roomId AND rm.principalId <> ?2 LIMIT 1)), m.sentAt, m.body, NULL, p.avatarBlobId
FROM message AS m LEFT JOIN principal AS p ON p.key = CASE WHEN m.key < 0 THEN ?2 ELSE m.senderId END
LEFT JOIN room AS r ON r.key = m.roomId WHERE m.key = ?1
-- name: article
SELECT 0, a.title, COALESCE(s.title, f.title, f.url), a.publishedAt, COALESCE(a.summary, ''), a.blocks, NULL
FROM article AS a LEFT JOIN feed AS f ON f.key = a.feedId LEFT JOIN subscription AS s ON s.feedId = a.feedId
WHERE a.key = ?1 LIMIT 1
-- name: posts
SELECT t.key, 10
FROM (SELECT rowid AS key, bm25(post_text) AS score FROM post_text
  WHERE post_text MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN post AS t ON t.key = hit.key LEFT JOIN principal AS p ON p.key = t.authorId
WHERE t.createdAt < ?3 AND t.createdAt >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - t.createdAt) / 2.592e9)), t.key DESC LIMIT ?6
-- name: posts-by-letters
SELECT t.key, 10
FROM (SELECT rowid AS key, bm25(post_gram) AS score FROM post_gram
  WHERE post_gram MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN post AS t ON t.key = hit.key LEFT JOIN principal AS p ON p.key = t.authorId
WHERE t.createdAt < ?3 AND t.createdAt >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + max(0, ?5 - t.createdAt) / 2.592e9)), t.key DESC LIMIT ?6
-- name: posts-newest
SELECT t.key, 10 FROM post AS t LEFT JOIN principal AS p ON p.key = t.authorId
WHERE t.createdAt < ?3 AND t.createdAt >= ?4 AND t.boostOfId IS NULL
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY t.createdAt DESC, t.key DESC LIMIT ?6
-- An event's time is its span; from: who made it.
-- name: events
SELECT e.key, 17
FROM (SELECT rowid AS key, bm25(event_text, 4.0, 1.0) AS score FROM event_text
  WHERE event_text MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN event AS e ON e.key = hit.key LEFT JOIN event_span AS s ON s.key = e.key
LEFT JOIN principal AS p ON p.key = e.createdBy
WHERE COALESCE(s.startAt, e.createdAt) < ?3 AND COALESCE(s.endAt, e.createdAt) >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + abs(?5 - COALESCE(s.startAt, e.createdAt)) / 2.592e9)), e.key DESC LIMIT ?6
-- name: events-by-letters
SELECT e.key, 17
FROM (SELECT rowid AS key, bm25(event_gram, 4.0, 1.0) AS score FROM event_gram
  WHERE event_gram MATCH ?1 ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN event AS e ON e.key = hit.key LEFT JOIN event_span AS s ON s.key = e.key
LEFT JOIN principal AS p ON p.key = e.createdBy
WHERE COALESCE(s.startAt, e.createdAt) < ?3 AND COALESCE(s.endAt, e.createdAt) >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY hit.score * (1 + 1 / (1 + abs(?5 - COALESCE(s.startAt, e.createdAt)) / 2.592e9)), e.key DESC LIMIT ?6
-- name: events-newest
SELECT e.key, 17 FROM event AS e LEFT JOIN event_span AS s ON s.key = e.key
LEFT JOIN principal AS p ON p.key = e.createdBy
WHERE COALESCE(s.startAt, e.createdAt) < ?3 AND COALESCE(s.endAt, e.createdAt) >= ?4
  AND (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\' OR p.login LIKE ?2 ESCAPE '\')
ORDER BY abs(?5 - COALESCE(s.startAt, e.createdAt)), e.key DESC LIMIT ?6
-- name: post-grams
SELECT term FROM post_gram_terms WHERE term >= ?1 AND term < ?2 ORDER BY doc DESC LIMIT 300
-- name: event-grams
SELECT term FROM event_gram_terms WHERE term >= ?1 AND term < ?2 ORDER BY doc DESC LIMIT 300
-- name: post
SELECT 0, p.name, NULL, t.createdAt, concat_ws(' ', t.warning, t.text), NULL, p.avatarBlobId
FROM post AS t LEFT JOIN principal AS p ON p.key = CASE WHEN t.key < 0 THEN ?2 ELSE t.authorId END
WHERE t.key = ?1
-- name: event
SELECT 0, e.title, c.name, COALESCE(s.startAt, e.createdAt), concat_ws(' ', e.location, e.description), NULL, NULL
FROM event AS e LEFT JOIN calendar AS c ON c.key = e.calendarId LEFT JOIN event_span AS s ON s.key = e.key
WHERE e.key = ?1
