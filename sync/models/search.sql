-- Texts: put together by search-texts.c. {table} is t, {at} its time, {index} an FTS5 table, {filters} one of those
-- below. Of many the newest 5,000 are ranked: by bm25, at most doubled when they are new. Hits as (key, type number).
-- name: by-words
SELECT t.key, {type}
FROM (SELECT rowid AS key, bm25({index}{weights}) AS score FROM {index}
  WHERE {index} MATCH :match ORDER BY rowid DESC LIMIT 5000) AS hit
CROSS JOIN {table} AS t ON t.key = hit.key {span}
WHERE true {unwanted} {filters}
ORDER BY hit.score * (1 + 1 / (1 + abs(:now - {at}) / 2.592e9)), t.key DESC LIMIT :limit
-- name: newest
SELECT t.key, {type} FROM {newest} {span}
WHERE true {unwanted} {filters}
ORDER BY {order}, t.key DESC LIMIT :limit
-- name: unwanted
AND t.key NOT IN (SELECT rowid FROM {words} WHERE {words} MATCH :not_words)
AND t.key NOT IN (SELECT rowid FROM {letters} WHERE {letters} MATCH :not_letters)
-- name: article
AND t.publishedAt >= :after AND t.publishedAt < :before
AND NOT EXISTS (SELECT 1 FROM json_each(:not_on) WHERE t.publishedAt >= value->>0 AND t.publishedAt < value->>1)
AND (:people IS NULL OR t.feedId IN (SELECT value FROM json_each(:feeds))
  OR EXISTS (SELECT 1 FROM json_each(:names) WHERE t.author LIKE value ESCAPE '\'))
AND t.feedId NOT IN (SELECT value FROM json_each(:not_feeds))
AND NOT EXISTS (SELECT 1 FROM json_each(:not_names) WHERE t.author LIKE value ESCAPE '\')
AND :rooms IS NULL
AND (:has | :has_not = 0 OR :has & :has_not = 0 AND (:has | :has_not) & (
  (t.image IS NOT NULL) * 2 + (instr(t.blocks, '"href"') > 0) * 4) = :has)
AND (:is | :is_not = 0 OR :is & :is_not = 0 AND (:is | :is_not) & (
  (NOT COALESCE((SELECT isRead FROM article_mark WHERE key = t.key),
    t.receivedAt <= (SELECT max(readUpTo) FROM subscription WHERE feedId = t.feedId), 0))
  + COALESCE((SELECT isStarred FROM article_mark WHERE key = t.key), 0) * 2) = :is)
-- name: message
AND t.sentAt >= :after AND t.sentAt < :before
AND NOT EXISTS (SELECT 1 FROM json_each(:not_on) WHERE t.sentAt >= value->>0 AND t.sentAt < value->>1)
AND (:people IS NULL OR iif(t.key < 0, :me, t.senderId) IN (SELECT value FROM json_each(:people)))
AND iif(t.key < 0, :me, t.senderId) NOT IN (SELECT value FROM json_each(:not_people))
AND (:rooms IS NULL OR t.roomId IN (SELECT value FROM json_each(:rooms)))
AND t.roomId NOT IN (SELECT value FROM json_each(:not_rooms))
AND (:has | :has_not = 0 OR :has & :has_not = 0 AND (:has | :has_not) & (
  (t.attachments IS NOT NULL) + (t.attachments IS NOT NULL AND t.attachments LIKE '%"type":"image/%') * 2
  + (t.card IS NOT NULL OR t.body LIKE '%http://%' OR t.body LIKE '%https://%') * 4) = :has)
AND (:is | :is_not = 0 OR :is & :is_not = 0 AND (:is | :is_not) & (
  (t.key > 0 AND t.senderId <> :me AND t.seq > COALESCE((SELECT upTo FROM read_marker WHERE key = t.roomId), 0))
  + (iif(t.key < 0, :me, t.senderId) = :me) * 4) = :is)
-- name: post
AND t.boostOfId IS NULL AND t.createdAt >= :after AND t.createdAt < :before
AND NOT EXISTS (SELECT 1 FROM json_each(:not_on) WHERE t.createdAt >= value->>0 AND t.createdAt < value->>1)
AND (:people IS NULL OR iif(t.key < 0, :me, t.authorId) IN (SELECT value FROM json_each(:people)))
AND iif(t.key < 0, :me, t.authorId) NOT IN (SELECT value FROM json_each(:not_people))
AND :rooms IS NULL
AND (:has | :has_not = 0 OR :has & :has_not = 0 AND (:has | :has_not) & (
  (t.images IS NOT NULL) * 3
  + (t.card IS NOT NULL OR COALESCE(t.text LIKE '%http://%' OR t.text LIKE '%https://%', 0)) * 4) = :has)
AND (:is | :is_not = 0 OR :is & :is_not = 0 AND (:is | :is_not) & (
  (t.key > 0 AND t.authorId <> :me AND t.key > COALESCE((SELECT feedReadTo FROM settings WHERE key = :me), 0))
  + COALESCE((SELECT isSaved FROM post_mark WHERE key = t.key), 0) * 2
  + (iif(t.key < 0, :me, t.authorId) = :me) * 4) = :is)
-- name: event
-- An event is when any of it is.
AND COALESCE(s.startAt, t.createdAt) < :before AND COALESCE(s.endAt, t.createdAt + 1) > :after
AND NOT EXISTS (SELECT 1 FROM json_each(:not_on)
  WHERE COALESCE(s.startAt, t.createdAt) >= value->>0 AND COALESCE(s.endAt, t.createdAt + 1) <= value->>1)
AND (:people IS NULL OR iif(t.key < 0, :me, t.createdBy) IN (SELECT value FROM json_each(:people)))
AND iif(t.key < 0, :me, t.createdBy) NOT IN (SELECT value FROM json_each(:not_people))
AND :rooms IS NULL
AND (:has | :has_not = 0 OR :has & :has_not = 0 AND (:has | :has_not) & (
  COALESCE(t.links LIKE '%"rel":"enclosure"%', 0)
  + (t.links IS NOT NULL OR concat_ws(' ', t.description, t.location) LIKE '%http://%'
     OR concat_ws(' ', t.description, t.location) LIKE '%https://%') * 4) = :has)
AND (:is | :is_not = 0 OR :is & :is_not = 0 AND (:is | :is_not) & ((iif(t.key < 0, :me, t.createdBy) = :me) * 4) = :is)
-- name: span
LEFT JOIN event_span AS s ON s.key = t.key
-- name: grams
-- Trigrams from ?1 to before ?2, the most frequent.
SELECT term FROM {index}_terms WHERE term >= ?1 AND term < ?2 ORDER BY doc DESC LIMIT 300
-- name: who-people
SELECT key, concat_ws(' ', name, login) FROM principal
-- name: who-feeds
SELECT f.key, COALESCE(s.title, f.title, '') FROM feed AS f LEFT JOIN subscription AS s ON s.feedId = f.key
-- name: who-rooms
-- One without a name is called as those who are in it; ?1 is oneself.
SELECT r.key, COALESCE(r.name, (SELECT group_concat(concat_ws(' ', p.name, p.login), ' ') FROM room_member AS m
  JOIN principal AS p ON p.key = m.principalId WHERE m.roomId = r.key AND m.principalId <> ?1), '')
FROM room AS r
-- name: people
-- What may match by name; ?1 is oneself.
SELECT key, COALESCE(name, '') || ' ' || COALESCE(login, '') FROM principal ORDER BY tl_sort_key(name), key
-- name: rooms
SELECT r.key, COALESCE(r.name, (SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
  WHERE m.roomId = r.key AND m.principalId <> ?1 LIMIT 1), '') || ' ' || COALESCE(r.topic, '') AS name
FROM room AS r ORDER BY tl_sort_key(r.name), r.key
-- name: person
-- Of hits: room, title, context, time, text, an article's blocks, a person's picture. ?1: key; ?2: oneself.
SELECT 0, name, '@' || login, 0, COALESCE(description, ''), NULL, avatarBlobId FROM principal WHERE key = ?1
-- name: room
SELECT r.key, COALESCE(r.name, (SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
  WHERE m.roomId = r.key AND m.principalId <> ?2 LIMIT 1)), NULL, r.createdAt, COALESCE(r.topic, ''), NULL, NULL
FROM room AS r WHERE r.key = ?1
-- name: message-item
SELECT m.roomId, p.name, COALESCE(r.name, (SELECT o.name FROM room_member AS rm JOIN principal AS o
    ON o.key = rm.principalId WHERE rm.roomId = m.roomId AND rm.principalId <> ?2 LIMIT 1)), m.sentAt, m.body, NULL, p.avatarBlobId
FROM message AS m LEFT JOIN principal AS p ON p.key = CASE WHEN m.key < 0 THEN ?2 ELSE m.senderId END
LEFT JOIN room AS r ON r.key = m.roomId WHERE m.key = ?1
-- name: article-item
SELECT 0, a.title, COALESCE(s.title, f.title, f.url), a.publishedAt, COALESCE(a.summary, ''), a.blocks, NULL
FROM article AS a LEFT JOIN feed AS f ON f.key = a.feedId LEFT JOIN subscription AS s ON s.feedId = a.feedId
WHERE a.key = ?1 LIMIT 1
-- name: post-item
SELECT 0, p.name, NULL, t.createdAt, concat_ws(' ', t.warning, t.text), NULL, p.avatarBlobId
FROM post AS t LEFT JOIN principal AS p ON p.key = CASE WHEN t.key < 0 THEN ?2 ELSE t.authorId END
WHERE t.key = ?1
-- name: event-item
SELECT 0, e.title, c.name, COALESCE(s.startAt, e.createdAt), concat_ws(' ', e.location, e.description), NULL, NULL
FROM event AS e LEFT JOIN calendar AS c ON c.key = e.calendarId LEFT JOIN event_span AS s ON s.key = e.key
WHERE e.key = ?1
-- name: offer-people
-- What from: and room: are offered as: those one has most to do with first. ?1 is oneself.
SELECT p.name FROM principal AS p LEFT JOIN (
  SELECT b.principalId AS key, count(*) AS rooms FROM room_member AS a JOIN room_member AS b ON b.roomId = a.roomId
  WHERE a.principalId = ?1 GROUP BY b.principalId) AS met ON met.key = p.key
ORDER BY COALESCE(met.rooms, 0) DESC, tl_sort_key(p.name)
-- name: offer-feeds
SELECT COALESCE(s.title, f.title) FROM subscription AS s JOIN feed AS f ON f.key = s.feedId
ORDER BY tl_sort_key(COALESCE(s.title, f.title))
-- name: offer-rooms
SELECT COALESCE(r.name, (SELECT p.name FROM room_member AS m JOIN principal AS p ON p.key = m.principalId
  WHERE m.roomId = r.key AND m.principalId <> ?1 LIMIT 1)) AS name
FROM room AS r ORDER BY tl_sort_key(name)
