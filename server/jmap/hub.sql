-- What the hub asks.

-- name: now
SELECT e.epoch, pg_current_snapshot()::text, e.sessions_ended FROM sync.epoch e;

-- What was committed since a snapshot, at most $2 rows, scope by scope; one row at least.
-- name: news
SELECT e.epoch, (SELECT pg_current_snapshot()::text), e.sessions_ended, c.scope, c.scope_seq, c.type, c.id, c.kind
FROM sync.epoch e LEFT JOIN LATERAL (
  SELECT l.* FROM sync.change l
  WHERE l.xid >= (SELECT pg_snapshot_xmin($1::pg_snapshot)) -- as in jmap.sql, log
    AND NOT pg_visible_in_snapshot(l.xid, $1::pg_snapshot)
  ORDER BY l.xid LIMIT $2::bigint) c ON true
ORDER BY c.scope, c.scope_seq;

-- name: scopes
SELECT m.account, m.scope FROM sync.member m
WHERE m.account = ANY ($1::bigint[]) AND m.to_xid IS NULL;

-- Of the sessions $1, those that no longer count.
-- name: ended
SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
WHERE NOT EXISTS (
  SELECT FROM people.session s JOIN people.account a ON a.id = s.account
  WHERE s.id = asked.id AND s.revoked_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL);

-- Sessions that ended while access tokens of theirs may still be about: these live ten minutes.
-- name: refused
SELECT id FROM people.session WHERE revoked_at > now() - interval '11 minutes'
UNION ALL
SELECT s.id FROM people.account a JOIN people.session s ON s.account = a.id
WHERE a.disabled_at IS NOT NULL AND s.used_at > now() - interval '11 minutes';
