-- What the daily purge forgets; each statement is a transaction of its own.

-- The log is cut before the first transaction of the last 30 days, and never where one still runs. States
-- older than what goes get cannotCalculateChanges; who reads meanwhile sees both or neither.
-- name: changes
WITH kept AS (
  SELECT least(pg_snapshot_xmin(pg_current_snapshot()),
    (SELECT xid FROM sync.change WHERE at >= now() - interval '30 days' ORDER BY xid LIMIT 1)) AS first),
gone AS (
  DELETE FROM sync.change c USING kept WHERE c.xid < kept.first RETURNING c.xid)
UPDATE sync.epoch
SET log_from = greatest(log_from, (SELECT (max(xid)::text::bigint + 1)::text::xid8 FROM gone));

-- Memberships that ended before every state that counts.
-- name: members
DELETE FROM sync.member m USING sync.epoch e WHERE m.to_xid < e.log_from;

-- name: operations
DELETE FROM sync.operation WHERE at < now() - interval '90 days';

-- name: sessions
-- Access tokens of a session live ten minutes longer than it, and are refused by its row.
DELETE FROM people.session WHERE revoked_at < now() - interval '1 hour' OR expires_at < now();

-- name: subscriptions
DELETE FROM people.push_subscription WHERE expires < now();

-- name: deliveries
-- What was given up a month ago, and links that are good no more.
WITH links AS (DELETE FROM people.password_link WHERE expires_at < now())
DELETE FROM notify.delivery WHERE dead_at < now() - interval '30 days';

-- name: attempts
-- Who left for the external provider and did not come back.
DELETE FROM people.oidc_attempt WHERE expires_at < now();

-- name: codes
-- Codes of signing in by a browser; used ones are known for a day. Keys whose successors sign since yesterday.
WITH codes AS (DELETE FROM people.oauth_code WHERE expires_at < now() - interval '1 day')
DELETE FROM people.signing_key k WHERE EXISTS (
  SELECT FROM people.signing_key n WHERE n.use_from > k.use_from AND n.use_from < now() - interval '1 day');
