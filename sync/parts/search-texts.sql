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
  OR EXISTS (SELECT 1 FROM json_each(:names) WHERE tl_plain(t.author) LIKE value ESCAPE '\'))
AND t.feedId NOT IN (SELECT value FROM json_each(:not_feeds))
AND NOT EXISTS (SELECT 1 FROM json_each(:not_names) WHERE tl_plain(t.author) LIKE value ESCAPE '\')
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
