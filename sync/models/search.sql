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
