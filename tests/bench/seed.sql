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
                          "wordCount", "publishedAt", "receivedAt")
SELECT f.scope, f.id, 'entry-' || i, '\x00', 'https://feed' || f.id || '.example/entry/' || i,
  'Entry ' || i || ' ' || left(p.text, 40), 'An author', left(p.text, 140),
  json_build_array(json_build_object('type', 'paragraph', 'runs', json_build_array(json_build_object('t', i || ' ' || left(p.text, 420))))),
  82, now() - i * interval '1 minute', now() - i * interval '1 minute'
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

-- name: analyze
ANALYZE

-- name: article-ids
-- $1: account, $2: how many.
SELECT t.id FROM sync.member m JOIN news.article t ON t.scope = m.scope
WHERE m.account = $1::bigint AND m.to_xid IS NULL ORDER BY t.id LIMIT $2::integer

-- name: last-article
SELECT max(id) FROM news.article

-- name: count-articles
-- $1: after which.
SELECT count(*) FROM news.article WHERE id > $1::bigint
