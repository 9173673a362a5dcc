-- Full text search, put together by search-pg.c: what is found, then what is made of it. $1: account, $2: a tsquery,
-- $3: type numbers; then the page (ranked), then the filters. :words and the :filters of each kind are there when the
-- query has such. Of each type the newest matches count: ranking more than 2,000 would take long and tell nobody
-- anything.

-- name: found
WITH q AS MATERIALIZED (SELECT to_tsquery('simple', search.words($2)) AS q),
mine AS MATERIALIZED (
  SELECT m.scope FROM sync.member m WHERE m.account = $1::bigint AND m.to_xid IS NULL),
:who
hits AS (
  (SELECT 4 AS type, t.id, t.search AS search, t."publishedAt" AS at
   FROM q, news.article t
   WHERE 4 = ANY ($3::smallint[]) :words AND t.scope = ANY (ARRAY (SELECT scope FROM mine)) :article
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 8, t.id, t.search, t."sentAt"
   FROM q, chat.message t
   WHERE 8 = ANY ($3::smallint[]) :words AND t.scope = ANY (ARRAY (SELECT scope FROM mine)) :message
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 10, t.id, t.search, t."createdAt"
   FROM q, social.post t
   WHERE 10 = ANY ($3::smallint[]) :words AND t.scope = ANY (ARRAY (SELECT scope FROM mine)) :post
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 17, t.id, t.search, coalesce(nullif(lower(t.span), '-infinity'), t."createdAt")
   FROM q, calendar.event t
   WHERE 17 = ANY ($3::smallint[]) :words AND t.scope = ANY (ARRAY (SELECT scope FROM mine)) :event
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 1, t.id, search.vector(t.name || ' ' || t.login, NULL), now()
   FROM q, people.principal t
   WHERE 1 = ANY ($3::smallint[]) AND search.vector(t.name || ' ' || t.login, NULL) @@ q.q
     AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   LIMIT 2000)
  UNION ALL
  (SELECT 6, t.id, search.vector(t.name, t.topic), now()
   FROM q, chat.room t
   WHERE 6 = ANY ($3::smallint[])
     AND search.vector(t.name, t.topic) @@ q.q
     AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   LIMIT 2000))

-- name: ranked
-- What is new counts up to twice as much.
SELECT h.type, h.id, ts_rank(h.search, q.q) * (1 + 1 / (1 + abs(extract(epoch FROM now() - h.at)) / 2.592e6)) AS rank
FROM hits h, q ORDER BY rank DESC, h.id DESC LIMIT $4::bigint OFFSET $5::bigint

-- name: newest
SELECT h.type, h.id, 0 AS rank
FROM hits h ORDER BY abs(extract(epoch FROM now() - h.at)), h.id DESC LIMIT $4::bigint OFFSET $5::bigint

-- name: counted
SELECT h.type, count(*) FROM hits h GROUP BY h.type LIMIT $4::bigint OFFSET $5::bigint

-- name: words
AND t.search @@ q.q

-- name: who
-- Filters: $6 and $7: from when and until before when, $8 and $9: from and not from, $10 and $11: rooms and not those
-- (patterns of names), $12 and $13: bits of has: and -has:, $14 and $15: of is: and -is:, $16: spans of time that are
-- not wanted.
me AS MATERIALIZED (
  SELECT a.id, a.private_scope AS scope,
    (SELECT s."feedReadTo" FROM people.settings s WHERE s.scope = a.private_scope) AS feed_read_to
  FROM people.account a WHERE a.id = $1::bigint),
people AS MATERIALIZED (
  SELECT p.id, lower(search.plain(p.name)) LIKE ANY ($8::text[]) OR p.login LIKE ANY ($8::text[]) AS wanted,
    lower(search.plain(p.name)) LIKE ANY ($9::text[]) OR p.login LIKE ANY ($9::text[]) AS unwanted
  FROM people.principal p WHERE p.scope = ANY (ARRAY (SELECT scope FROM mine))),
feeds AS MATERIALIZED (
  SELECT f.id, coalesce(lower(search.plain(coalesce(s.title, f.title))) LIKE ANY ($8::text[]), false) AS wanted,
    coalesce(lower(search.plain(coalesce(s.title, f.title))) LIKE ANY ($9::text[]), false) AS unwanted
  FROM news.feed f LEFT JOIN news.subscription s ON s."feedId" = f.id AND s.scope = (SELECT scope FROM me)
  WHERE f.scope = ANY (ARRAY (SELECT scope FROM mine))),
rooms AS MATERIALIZED (
  SELECT r.id, coalesce(n.name LIKE ANY ($10::text[]), false) AS wanted,
    coalesce(n.name LIKE ANY ($11::text[]), false) AS unwanted
  FROM chat.room r CROSS JOIN LATERAL (SELECT lower(search.plain(coalesce(r.name, (
      SELECT string_agg(p.name || ' ' || p.login, ' ') FROM chat.room_member m
      JOIN people.principal p ON p.id = m."principalId"
      WHERE m."roomId" = r.id AND m."principalId" <> $1::bigint)))) AS name) n
  WHERE r.scope = ANY (ARRAY (SELECT scope FROM mine))),

-- name: article
AND t."publishedAt" >= $6::timestamptz AND t."publishedAt" < $7::timestamptz
AND ($16::tstzmultirange = '{}' OR NOT t."publishedAt" <@ $16::tstzmultirange)
AND ($8::text[] = '{}' OR lower(search.plain(t.author)) LIKE ANY ($8::text[])
  OR t."feedId" = ANY (ARRAY (SELECT id FROM feeds WHERE wanted)))
AND ($9::text[] = '{}' OR NOT (coalesce(lower(search.plain(t.author)) LIKE ANY ($9::text[]), false)
  OR t."feedId" = ANY (ARRAY (SELECT id FROM feeds WHERE unwanted))))
AND $10::text[] = '{}'
AND ($12::integer | $13::integer = 0 OR (
  SELECT b & $12::integer = $12::integer AND b & $13::integer = 0 FROM (SELECT
    (t.image IS NOT NULL)::integer * 2 + (position('"href"' IN t.blocks::text) > 0)::integer * 4) AS h (b)))
AND ($14::integer | $15::integer = 0 OR (
  SELECT b & $14::integer = $14::integer AND b & $15::integer = 0 FROM (SELECT
    (NOT coalesce(m."isRead", t."receivedAt" <= (
      SELECT max(s."readUpTo") FROM news.subscription s, me WHERE s.scope = me.scope AND s."feedId" = t."feedId"),
      false))::integer + coalesce(m."isStarred", false)::integer * 2
    FROM me LEFT JOIN news.article_mark m ON m.scope = me.scope AND m.id = t.id) AS i (b)))

-- name: message
AND t."sentAt" >= $6::timestamptz AND t."sentAt" < $7::timestamptz
AND ($16::tstzmultirange = '{}' OR NOT t."sentAt" <@ $16::tstzmultirange)
AND ($8::text[] = '{}' OR t."senderId" = ANY (ARRAY (SELECT id FROM people WHERE wanted)))
AND ($9::text[] = '{}' OR NOT t."senderId" = ANY (ARRAY (SELECT id FROM people WHERE unwanted)))
AND ($10::text[] = '{}' OR t."roomId" = ANY (ARRAY (SELECT id FROM rooms WHERE wanted)))
AND ($11::text[] = '{}' OR NOT t."roomId" = ANY (ARRAY (SELECT id FROM rooms WHERE unwanted)))
AND ($12::integer | $13::integer = 0 OR (
  SELECT b & $12::integer = $12::integer AND b & $13::integer = 0 FROM (SELECT
    (t.attachments IS NOT NULL)::integer
    + coalesce(t.attachments::text ~ '"type" *: *"image/', false)::integer * 2
    + (t.body ~* 'https?://' OR t.card IS NOT NULL)::integer * 4) AS h (b)))
AND ($14::integer | $15::integer = 0 OR (
  SELECT b & $14::integer = $14::integer AND b & $15::integer = 0 FROM (SELECT
    (t."senderId" <> me.id AND t.seq > coalesce(m."upTo", 0))::integer + (t."senderId" = me.id)::integer * 4
    FROM me LEFT JOIN chat.read_marker m ON m.scope = me.scope AND m.id = t."roomId") AS i (b)))

-- name: post
-- A boost has no words of its own.
AND t."boostOfId" IS NULL AND t."createdAt" >= $6::timestamptz AND t."createdAt" < $7::timestamptz
AND ($16::tstzmultirange = '{}' OR NOT t."createdAt" <@ $16::tstzmultirange)
AND ($8::text[] = '{}' OR t."authorId" = ANY (ARRAY (SELECT id FROM people WHERE wanted)))
AND ($9::text[] = '{}' OR NOT t."authorId" = ANY (ARRAY (SELECT id FROM people WHERE unwanted)))
AND $10::text[] = '{}'
AND ($12::integer | $13::integer = 0 OR (
  SELECT b & $12::integer = $12::integer AND b & $13::integer = 0 FROM (SELECT
    (t.images IS NOT NULL)::integer * 3
    + (coalesce(t.text ~* 'https?://', false) OR t.card IS NOT NULL)::integer * 4) AS h (b)))
AND ($14::integer | $15::integer = 0 OR (
  SELECT b & $14::integer = $14::integer AND b & $15::integer = 0 FROM (SELECT
    (t."authorId" <> me.id AND t.id > coalesce(me.feed_read_to, 0))::integer
    + coalesce(m."isSaved", false)::integer * 2 + (t."authorId" = me.id)::integer * 4
    FROM me LEFT JOIN social.post_mark m ON m.scope = me.scope AND m.id = t.id) AS i (b)))

-- name: event
-- An event is when any of it is.
AND coalesce(t.span, tstzrange(t."createdAt", t."createdAt", '[]')) && tstzrange($6::timestamptz, $7::timestamptz)
AND ($16::tstzmultirange = '{}' OR NOT coalesce(t.span, tstzrange(t."createdAt", t."createdAt", '[]'))
  <@ $16::tstzmultirange)
AND ($8::text[] = '{}' OR t."createdBy" = ANY (ARRAY (SELECT id FROM people WHERE wanted)))
AND ($9::text[] = '{}' OR NOT t."createdBy" = ANY (ARRAY (SELECT id FROM people WHERE unwanted)))
AND $10::text[] = '{}'
AND ($12::integer | $13::integer = 0 OR (
  SELECT b & $12::integer = $12::integer AND b & $13::integer = 0 FROM (SELECT
    coalesce(t.links::text ~ '"rel" *: *"enclosure"', false)::integer
    + (coalesce(t.description ~* 'https?://' OR t.location ~* 'https?://', false)
       OR t.links IS NOT NULL)::integer * 4) AS h (b)))
AND ($14::integer | $15::integer = 0 OR (
  SELECT b & $14::integer = $14::integer AND b & $15::integer = 0 FROM (SELECT
    (t."createdBy" = $1::bigint)::integer * 4) AS i (b)))
