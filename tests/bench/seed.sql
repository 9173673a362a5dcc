-- What the server holds before it is measured: made in bulk, always the same. One person is there already.

-- name: person
-- $1: login. With the first person's password.
WITH directory AS (SELECT id FROM sync.scope WHERE kind = 'directory'),
first AS (SELECT password_hash FROM people.account ORDER BY id LIMIT 1),
private AS (INSERT INTO sync.scope (kind) VALUES ('private') RETURNING id),
principal AS (
  INSERT INTO people.principal (scope, name, login)
  SELECT id, $1::text, $1::text FROM directory RETURNING id),
account AS (
  INSERT INTO people.account (id, private_scope, password_hash)
  SELECT principal.id, private.id, first.password_hash FROM principal, private, first
  RETURNING id, private_scope),
joined AS (
  INSERT INTO sync.member (account, scope, role)
  SELECT account.id, s.scope, s.role
  FROM account, directory, LATERAL (VALUES (private_scope, 'owner'), (directory.id, 'member')) s (scope, role))
SELECT id FROM account

-- name: person-key
SELECT id FROM people.principal WHERE login = $1

-- name: session
INSERT INTO people.session (id, account, device, refresh_hash, expires_at)
VALUES ($1, $2::bigint, 'bench', '\x00', now() + interval '1 day')
ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at

-- name: rooms-of
SELECT id FROM chat.room WHERE "createdBy" = $1::bigint ORDER BY id

-- name: feeds
-- $1: how many.
WITH scopes AS (INSERT INTO sync.scope (kind) SELECT 'feed' FROM generate_series(1, $1::integer) RETURNING id)
INSERT INTO news.feed (scope, url, title, "fetchedAt")
SELECT id, 'https://feed' || id || '.example/atom', 'Feed ' || id, now() FROM scopes

-- name: follow
-- $1: account, $2: how many of the feeds.
WITH feeds AS (SELECT id, scope, url FROM news.feed ORDER BY id LIMIT $2::integer),
joined AS (
  INSERT INTO sync.member (account, scope, role) SELECT $1::bigint, scope, 'reader' FROM feeds)
INSERT INTO news.subscription (scope, "feedId", url, folder, "order")
SELECT a.private_scope, f.id, f.url, 'Folder ' || f.id % 8, row_number() OVER (ORDER BY f.id)
FROM feeds f, people.account a WHERE a.id = $1::bigint

-- name: articles
-- $1: how many in all, over all feeds, a minute apart. About 1 kB of JSON each; a vocabulary of 4,096 words.
WITH paragraphs AS MATERIALIZED (
  SELECT p, string_agg(
      (ARRAY['ba','cor','del','fin','gar','hem','jun','kel','lor','mar','nor','pel','ran','sol','tem','vin'])[1 + (h & 15)] ||
      (ARRAY['a','e','i','o','u','an','en','in','on','un','al','el','il','ol','ul','ar'])[1 + ((h >> 4) & 15)] ||
      (ARRAY['bo','ce','da','fe','go','ha','ji','ko','la','mi','no','pa','ra','si','to','vu'])[1 + ((h >> 8) & 15)],
      ' ' ORDER BY k) AS text
  FROM generate_series(0, 999) p, generate_series(1, 82) k, LATERAL hashint8(p * 1000 + k) h GROUP BY p),
feeds AS MATERIALIZED (SELECT id, scope, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS total FROM news.feed)
INSERT INTO news.article (scope, "feedId", guid, content_hash, url, title, author, summary, blocks,
                          "wordCount", "publishedAt", "receivedAt", search)
SELECT f.scope, f.id, 'entry-' || i, '\x00', 'https://feed' || f.id || '.example/entry/' || i,
  'Entry ' || i || ' ' || left(p.text, 40), 'An author', left(p.text, 140),
  json_build_array(json_build_object('type', 'paragraph', 'runs', json_build_array(json_build_object('t', i || ' ' || left(p.text, 420))))),
  82, now() - i * interval '1 minute', now() - i * interval '1 minute',
  to_tsvector('simple', left(p.text, 420))
FROM generate_series(1, $1::integer) i
JOIN paragraphs p ON p.p = i % 1000 JOIN feeds f ON f.n = i % f.total

-- name: rooms
-- $1: how many, $2: the accounts that are in each.
WITH scopes AS (INSERT INTO sync.scope (kind) SELECT 'room' FROM generate_series(1, $1::integer) RETURNING id),
rooms AS (
  INSERT INTO chat.room (scope, name, "createdBy")
  SELECT id, 'Room ' || id, ($2::bigint[])[1] FROM scopes RETURNING id, scope),
joined AS (
  INSERT INTO sync.member (account, scope, role)
  SELECT a, scope, 'member' FROM rooms, unnest($2::bigint[]) a),
members AS (
  INSERT INTO chat.room_member (scope, "roomId", "principalId")
  SELECT scope, id, a FROM rooms, unnest($2::bigint[]) a)
SELECT id FROM rooms ORDER BY id

-- name: messages
-- $1: how many in all, $2: the account in whose rooms. A minute apart.
WITH rooms AS MATERIALIZED (
  SELECT r.id, r.scope, row_number() OVER (ORDER BY r.id) - 1 AS n, count(*) OVER () AS total
  FROM chat.room r JOIN sync.member m ON m.scope = r.scope AND m.account = $2::bigint),
written AS (
  INSERT INTO chat.message (scope, "roomId", "senderId", body, seq, "sentAt")
  SELECT r.scope, r.id, m."principalId", 'Message ' || i || ': ' || repeat('so it is said and so it is written ', 1 + i % 3),
    1 + i / r.total, now() - ($1::integer - i) * interval '1 minute'
  FROM generate_series(0, $1::integer - 1) i JOIN rooms r ON r.n = i % r.total
  JOIN LATERAL (SELECT "principalId" FROM chat.room_member x WHERE x."roomId" = r.id
                ORDER BY id OFFSET i / r.total % 2 LIMIT 1) m ON true
  RETURNING scope, seq)
UPDATE sync.scope s SET seq = w.seq
FROM (SELECT scope, max(seq) AS seq FROM written GROUP BY scope) w WHERE s.id = w.scope

-- name: circle
-- $1: who follows everybody that has no scope of their own yet.
WITH people AS MATERIALIZED (
  SELECT p.id, nextval('sync.object_id') AS scope FROM people.principal p
  WHERE p.login LIKE 'person%' AND NOT EXISTS (SELECT 1 FROM social.author a WHERE a.principal = p.id)),
scopes AS (INSERT INTO sync.scope (id, kind) SELECT scope, 'author' FROM people),
authors AS (INSERT INTO social.author (principal, scope) SELECT id, scope FROM people),
joined AS (
  INSERT INTO sync.member (account, scope, role)
  SELECT id, scope, 'owner' FROM people UNION ALL SELECT $1::bigint, scope, 'reader' FROM people)
INSERT INTO social.follow (scope, "principalId", "followerId") SELECT scope, id, $1::bigint FROM people

-- name: posts
-- $1: how many by all that $2 follows, two minutes apart: an eighth answers, a sixteenth boosts. For followers, so that
-- nobody else's replica grows.
WITH first AS MATERIALIZED (
  SELECT setval('sync.object_id', nextval('sync.object_id') + $1::integer) - $1::integer AS id),
authors AS MATERIALIZED (
  SELECT f."principalId" AS id, f.scope, row_number() OVER (ORDER BY f.id) - 1 AS n, count(*) OVER () AS total
  FROM social.follow f WHERE f."followerId" = $2::bigint)
INSERT INTO social.post (id, scope, "authorId", text, visibility, "replyToId", "boostOfId", "createdAt")
SELECT first.id + i, a.scope, a.id,
  CASE WHEN i % 16 <> 9 THEN 'Post ' || i || ': ' || repeat('the boats are in and the nets are drying ', 1 + i % 5) END,
  'followers', CASE WHEN i % 8 = 4 AND i > 40 THEN first.id + i - 1 - i % 29 END,
  CASE WHEN i % 16 = 9 THEN first.id + i - 8 END,
  now() - ($1::integer - i) * interval '2 minutes'
FROM generate_series(1, $1::integer) i CROSS JOIN first JOIN authors a ON a.n = hashint4(i) & 15

-- name: reactions
-- To every fifth post that $1 sees, by its reader.
INSERT INTO social.reaction (scope, "subjectId", "principalId", emoji, "reactedAt")
SELECT t.scope, t.id, $1::bigint, (ARRAY['❤️', '👍', '🎉'])[1 + t.id % 3], t."createdAt"
FROM social.post t JOIN sync.member m ON m.scope = t.scope AND m.account = $1::bigint AND m.role = 'reader'
WHERE t.id % 5 = 0 AND t.text IS NOT NULL

-- name: calendars
-- $1: how many, $2: whose.
WITH own AS MATERIALIZED (
  SELECT i, nextval('sync.object_id') AS id, nextval('sync.object_id') AS scope FROM generate_series(1, $1::integer) i),
scopes AS (INSERT INTO sync.scope (id, kind) SELECT scope, 'calendar' FROM own),
calendars AS (
  INSERT INTO calendar.calendar (id, scope, name, color, "createdBy")
  SELECT id, scope, 'Calendar ' || i, (ARRAY['blue', 'green', 'orange', 'purple'])[1 + i % 4], $2::bigint FROM own),
joined AS (INSERT INTO sync.member (account, scope, role) SELECT $2::bigint, scope, 'owner' FROM own)
INSERT INTO calendar.calendar_member (scope, "calendarId", "principalId", role)
SELECT scope, id, $2::bigint, 'owner' FROM own

-- name: events
-- $1: how many in the calendars of $2, spread over ten years around today; one in a hundred recurs, by four rules.
INSERT INTO calendar.event (scope, "calendarId", uid, title, location, start, duration, "timeZone", "recurrenceRules",
                            alerts, "createdBy", span)
SELECT c.scope, c.id, 'event-' || i || '@bench.example', 'Event ' || i || ' by the harbour',
  CASE WHEN i % 3 = 0 THEN 'Pier ' || i % 40 END, to_char(t.at, 'YYYY-MM-DD"T"HH24:MI:SS'),
  CASE WHEN i % 4 = 0 THEN 'PT1H30M' ELSE 'PT45M' END, 'Europe/Berlin',
  CASE WHEN i % 100 = 0 THEN (ARRAY[
    '[{"frequency":"weekly","byDay":[{"day":"mo"},{"day":"th"}],"count":40}]', '[{"frequency":"daily","count":12}]',
    '[{"frequency":"monthly","byDay":[{"day":"tu","nthOfPeriod":2}],"count":24}]', '[{"frequency":"yearly"}]'])[1 + i / 100 % 4]::json
  END,
  CASE WHEN i % 10 = 0 THEN '{"1":{"trigger":{"@type":"OffsetTrigger","offset":"-PT10M"}}}'::json END, $2::bigint,
  CASE WHEN i % 100 = 0 THEN tstzrange(t.at, NULL) ELSE tstzrange(t.at, t.at + interval '90 minutes') END
FROM generate_series(1, $1::integer) i
CROSS JOIN LATERAL (SELECT date_trunc('day', now()) + (i::double precision / $1::integer - 0.8) * interval '3650 days'
  AS middle) m
CROSS JOIN LATERAL (SELECT date_trunc('day', m.middle) + (7 + i % 13) * interval '1 hour' AS at) t
JOIN LATERAL (SELECT k.id, k.scope FROM calendar.calendar k WHERE k."createdBy" = $2::bigint
              ORDER BY k.id OFFSET i % 4 LIMIT 1) c ON true

-- name: notifications
-- $1: how many $2 got, all about posts.
INSERT INTO notify.notification (scope, kind, "subjectId", "subjectType", "actorId", preview, "createdAt", "isRead")
SELECT a.private_scope, 'reaction', t.id, 'Post', t."authorId", left(t.text, 80), t."createdAt", t.id % 20 <> 0
FROM people.account a, LATERAL (
  SELECT p.id, p."authorId", p.text, p."createdAt" FROM social.post p JOIN sync.member m ON m.scope = p.scope
  WHERE m.account = a.id AND p.text IS NOT NULL ORDER BY p.id DESC LIMIT $1::integer) t
WHERE a.id = $2::bigint

-- name: log
-- That the messages were written: the change log's rows and the operations' results.
WITH logged AS (
  INSERT INTO sync.change (scope, scope_seq, type, id, kind, author)
  SELECT scope, seq, 8, id, 'c', "senderId" FROM chat.message)
INSERT INTO sync.operation (account, op_id, result)
SELECT "senderId", gen_random_uuid(), jsonb_build_object('kind', 'c', 'type', 8, 'id', id, 'scope', scope,
  'value', jsonb_build_object('id', 't' || id, 'sentAt', "sentAt", 'seq', seq))
FROM chat.message

-- name: analyze
-- Also what the full-text indexes put off.
VACUUM ANALYZE

-- name: article-ids
-- $1: account, $2: how many.
SELECT t.id FROM sync.member m JOIN news.article t ON t.scope = m.scope
WHERE m.account = $1::bigint AND m.to_xid IS NULL ORDER BY t.id LIMIT $2::integer

-- name: subscription-ids
SELECT t.id FROM news.subscription t JOIN people.account a ON a.private_scope = t.scope WHERE a.id = $1::bigint

-- name: last-article
SELECT max(id) FROM news.article

-- name: count-articles
-- $1: after which.
SELECT count(*) FROM news.article WHERE id > $1::bigint
