-- What the methods ask beside the statements of a type.

-- name: person
SELECT login, name FROM people.principal WHERE id = $1::bigint

-- name: state
SELECT e.epoch, pg_current_snapshot()::text FROM sync.epoch e

-- What happened in an account since a snapshot: one row at least. `moved`: a scope that the account was
-- in then and is in now has something new, and its log rows follow; `joined`: scopes were gained or lost.
-- The SELECT around an xid keeps it from the planner, which would make a plan of its own for each snapshot.
-- name: log
WITH scopes AS MATERIALIZED (
  SELECT m.scope,
    bool_or(pg_visible_in_snapshot(m.from_xid, $2::pg_snapshot)
      AND (m.to_xid IS NULL OR NOT pg_visible_in_snapshot(m.to_xid, $2::pg_snapshot))) AS had,
    bool_or(m.to_xid IS NULL) AS has,
    bool_or(NOT pg_visible_in_snapshot(m.from_xid, $2::pg_snapshot)) AS again
  FROM sync.member m WHERE m.account = $1::bigint GROUP BY m.scope),
moved AS MATERIALIZED (
  SELECT s.id FROM scopes JOIN sync.scope s ON s.id = scopes.scope
  WHERE scopes.had AND scopes.has AND NOT pg_visible_in_snapshot(s.last_xid, $2::pg_snapshot))
SELECT (SELECT pg_current_snapshot()::text) AS now,
  e.epoch = $3::integer AND pg_snapshot_xmin($2::pg_snapshot) >= e.log_from
    AND pg_snapshot_xmax($2::pg_snapshot) <= (SELECT pg_snapshot_xmax(pg_current_snapshot())) AS usable,
  EXISTS (SELECT FROM scopes WHERE had <> has OR (has AND again)) AS joined,
  EXISTS (SELECT FROM moved) AS moved,
  c.type, c.id, c.scope, c.kind, array_to_string(c.props, ',')
FROM sync.epoch e LEFT JOIN LATERAL (
  SELECT l.* FROM moved JOIN sync.change l ON l.scope = moved.id
  WHERE l.xid >= (SELECT pg_snapshot_xmin($2::pg_snapshot))
    AND NOT pg_visible_in_snapshot(l.xid, $2::pg_snapshot)
  ORDER BY l.seq LIMIT $4::bigint) c ON true
ORDER BY c.seq

-- name: usable
SELECT e.epoch = $1::integer AND pg_snapshot_xmin($2::pg_snapshot) >= e.log_from
  AND pg_snapshot_xmax($3::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
FROM sync.epoch e

-- What others than $6 did to object $5 of type $4 in scope $3 since a snapshot: one row at least.
-- name: changed-by-others
SELECT e.epoch = $1::integer AND pg_snapshot_xmin($2::pg_snapshot) >= e.log_from
    AND pg_snapshot_xmax($2::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()),
  c.kind, array_to_string(c.props, ',')
FROM sync.epoch e LEFT JOIN LATERAL (
  SELECT l.kind, l.props FROM sync.change l
  WHERE l.scope = $3::bigint AND l.type = $4::smallint AND l.id = $5::bigint
    AND l.author IS DISTINCT FROM $6::bigint
    AND l.xid >= pg_snapshot_xmin($2::pg_snapshot)
    AND NOT pg_visible_in_snapshot(l.xid, $2::pg_snapshot)) c ON true
