-- Statements of every type. :table, :visible, :json (with a mask in the last parameter), :json_all and
-- :quoted are put in from the type's field table (type-sql.c).

-- name: visible
FROM sync.member m JOIN :table t ON t.scope = m.scope
WHERE m.account = $1::bigint AND m.to_xid IS NULL

-- name: visible_private
FROM people.account a
JOIN sync.member m ON m.account = a.id AND m.scope = a.private_scope AND m.to_xid IS NULL
JOIN :table t ON t.scope = m.scope
WHERE a.id = $1::bigint

-- name: get
SELECT (SELECT pg_current_snapshot()::text), e.epoch, o.id, o.json
FROM sync.epoch e LEFT JOIN LATERAL (
  SELECT t.id, :json AS json :visible AND t.id = ANY ($2::bigint[])) o ON true

-- name: all
SELECT (SELECT pg_current_snapshot()::text), e.epoch, o.id, o.json
FROM sync.epoch e LEFT JOIN LATERAL (
  SELECT t.id, :json AS json :visible ORDER BY t.id LIMIT $2::bigint) o ON true

-- name: page
SELECT t.id, :json_all
FROM (SELECT t.* :visible AND t.id < $2::bigint ORDER BY t.id DESC LIMIT $3::bigint) t ORDER BY t.id DESC

-- name: current
SELECT t.scope, :json_all :visible AND t.id = $2::bigint FOR UPDATE OF t

-- name: in_scope
SELECT t.id, :json_all FROM :table t WHERE t.scope = $1::bigint AND t.id = ANY ($2::bigint[])

-- name: delete
DELETE FROM :table WHERE id = $1::bigint AND scope = $2::bigint

-- name: quote
SELECT t.id, ts_headline('simple', t.":quoted", to_tsquery('simple', search.words($3)),
                         'MaxFragments=1, MaxWords=24, MinWords=8, StartSel="", StopSel=""')
:visible AND t.id = ANY ($2::bigint[])

-- What changed between two snapshots when memberships did too, or when it is much: each object once,
-- in the order of ids. Presence of an object in a scope at a snapshot is told by the first log row
-- after that: a creation says no, anything else yes; without one it is as it is now. A scope that was
-- left and joined again is told whole, because a client may have found its objects gone in between.
-- name: changes
WITH scopes AS MATERIALIZED (
  SELECT * FROM (
    SELECT m.scope AS id,
      bool_or(pg_visible_in_snapshot(m.from_xid, $2::pg_snapshot)
        AND (m.to_xid IS NULL OR NOT pg_visible_in_snapshot(m.to_xid, $2::pg_snapshot))) AS had,
      bool_or(pg_visible_in_snapshot(m.from_xid, $3::pg_snapshot)
        AND (m.to_xid IS NULL OR NOT pg_visible_in_snapshot(m.to_xid, $3::pg_snapshot))) AS has,
      bool_or(NOT pg_visible_in_snapshot(m.from_xid, $2::pg_snapshot)) AS again
    FROM sync.member m WHERE m.account = $1::bigint GROUP BY m.scope) s
  WHERE s.had OR s.has),
log AS MATERIALIZED (
  SELECT c.id, c.scope,
    (array_agg(c.kind ORDER BY c.seq))[1] AS since,
    (array_agg(c.kind ORDER BY c.seq)
      FILTER (WHERE NOT pg_visible_in_snapshot(c.xid, $3::pg_snapshot)))[1] AS until,
    bool_or(s.had <> s.has OR s.again OR pg_visible_in_snapshot(c.xid, $3::pg_snapshot)) AS inside
  FROM scopes s JOIN sync.change c ON c.scope = s.id
  WHERE c.xid >= pg_snapshot_xmin($2::pg_snapshot)
    AND NOT pg_visible_in_snapshot(c.xid, $2::pg_snapshot)
    AND c.type = $4::smallint AND c.id > $5::bigint
  GROUP BY c.id, c.scope),
page AS MATERIALIZED (
  SELECT id FROM (
    (SELECT DISTINCT id FROM log WHERE inside ORDER BY id LIMIT $6::bigint)
    UNION
    (SELECT DISTINCT t.id FROM scopes s JOIN :table t ON t.scope = s.id
     WHERE (s.had <> s.has OR s.again) AND t.id > $5::bigint ORDER BY t.id LIMIT $6::bigint)) u
  ORDER BY id LIMIT $6::bigint),
presence AS (
  SELECT coalesce(l.id, h.id) AS id,
    s.had AND coalesce(l.since <> 'c', h.id IS NOT NULL) AS had,
    s.has AND coalesce(l.until <> 'c', h.id IS NOT NULL) AS has
  FROM (SELECT log.* FROM log JOIN page USING (id)) l
  FULL JOIN (SELECT t.id, t.scope FROM page JOIN :table t ON t.id = page.id
             JOIN scopes ON scopes.id = t.scope) h ON h.id = l.id AND h.scope = l.scope
  JOIN scopes s ON s.id = coalesce(l.scope, h.scope))
SELECT page.id,
  CASE WHEN bool_or(p.had) THEN CASE WHEN bool_or(p.has) THEN 'u' ELSE 'd' END
       WHEN bool_or(p.has) THEN 'c' END
FROM page LEFT JOIN presence p USING (id) GROUP BY page.id ORDER BY page.id
