-- Full text search. $1: account, $2: what was typed, $3: a word's beginning ("tid:*") or '', $4: type
-- numbers or null, $5: hits at most. Of each type the newest matches count: ranking more than 2,000
-- would take long and tell nobody anything.

-- name: query
WITH q AS MATERIALIZED (
  SELECT websearch_to_tsquery('simple', $2) && to_tsquery('simple', $3) AS q),
mine AS MATERIALIZED (
  SELECT m.scope FROM sync.member m WHERE m.account = $1::bigint AND m.to_xid IS NULL),
hits AS (
  (SELECT 4 AS type, t.id, t.search AS search
   FROM q, news.article t
   WHERE ($4::smallint[] IS NULL OR 4 = ANY ($4::smallint[]))
     AND t.search @@ q.q AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 8, t.id, t.search
   FROM q, chat.message t
   WHERE ($4::smallint[] IS NULL OR 8 = ANY ($4::smallint[]))
     AND t.search @@ q.q AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 10, t.id, t.search
   FROM q, social.post t
   WHERE ($4::smallint[] IS NULL OR 10 = ANY ($4::smallint[]))
     AND t.search @@ q.q AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 17, t.id, t.search
   FROM q, calendar.event t
   WHERE ($4::smallint[] IS NULL OR 17 = ANY ($4::smallint[]))
     AND t.search @@ q.q AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   ORDER BY t.id DESC LIMIT 2000)
  UNION ALL
  (SELECT 1, t.id, to_tsvector('simple', t.name || ' ' || t.login)
   FROM q, people.principal t
   WHERE ($4::smallint[] IS NULL OR 1 = ANY ($4::smallint[]))
     AND to_tsvector('simple', t.name || ' ' || t.login) @@ q.q
     AND t.scope = ANY (ARRAY (SELECT scope FROM mine))
   LIMIT 2000))
SELECT h.type, h.id, ts_rank(h.search, q.q) AS rank
FROM hits h, q ORDER BY rank DESC, h.id DESC LIMIT $5::bigint
