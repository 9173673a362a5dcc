-- name: context
SELECT e.epoch, pg_current_snapshot()::text,
  (SELECT a.private_scope FROM people.account a WHERE a.id = $1::bigint)
FROM sync.epoch e

-- name: append
SELECT a.n, a.scope_seq, pg_current_xact_id()::text
FROM sync.append($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::text[], nullif($6::bigint, 0)) a

-- name: join
SELECT sync.join_scope($1::bigint, $2::bigint, $3::text),
  (SELECT a.private_scope FROM people.account a WHERE a.id = $1::bigint)

-- name: leave
SELECT sync.leave_scope($1::bigint, $2::bigint),
  (SELECT a.private_scope FROM people.account a WHERE a.id = $1::bigint)

-- name: new_scope
INSERT INTO sync.scope (kind) VALUES ($1::text) RETURNING id

-- name: role
SELECT role FROM sync.member WHERE account = $1::bigint AND scope = $2::bigint AND to_xid IS NULL

-- name: operations
SELECT o.op_id, o.result->>'kind', o.result->>'type', o.result->>'id', o.result->>'scope',
  (o.result->'value')::text
FROM sync.operation o WHERE o.account = $1::bigint AND o.op_id = ANY ($2::uuid[])

-- name: store_operations
INSERT INTO sync.operation (account, op_id, result)
SELECT $1::bigint, (o->>'op')::uuid, o->'result' FROM json_array_elements($2::json) o
