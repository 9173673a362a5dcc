-- Push subscriptions: $1 is the session that asks, where there is one.

-- name: get
SELECT s.id, s.device, CASE WHEN s.verified THEN s.code END, sync.to_date(s.expires),
  array_to_json(s.types)::text
FROM people.push_subscription s WHERE s.session = $1::uuid AND s.expires > now() ORDER BY s.id

-- How many the account $1 has, and how many of them are less than a minute old.
-- name: count
SELECT count(*), count(*) FILTER (WHERE created_at > now() - interval '1 minute')
FROM people.push_subscription WHERE account = $1::bigint

-- $2: account, $3: device, $4: address, $5 and $6: keys, $7: code, $8: types (JSON), $9: until when.
-- name: create
WITH made AS (
  INSERT INTO people.push_subscription (account, session, device, url, p256dh, auth, code, types, expires)
  SELECT $2::bigint, $1::uuid, $3, $4, $5, $6, $7,
    CASE WHEN $8::jsonb IS NOT NULL THEN ARRAY (SELECT jsonb_array_elements_text($8::jsonb)) END,
    least(coalesce($9::timestamptz, 'infinity'), now() + interval '7 days')
  RETURNING id, expires),
asked AS (INSERT INTO sync.job (kind, key) SELECT 'push-verify', id::text FROM made)
SELECT id, sync.to_date(expires) FROM made

-- name: verify
UPDATE people.push_subscription SET verified = true,
  told = (SELECT e.epoch || '.' || pg_current_snapshot()::text FROM sync.epoch e)
WHERE session = $1::uuid AND id = $2::bigint AND code = $3 RETURNING id

-- name: set-expires
UPDATE people.push_subscription
SET expires = least(coalesce($3::timestamptz, 'infinity'), now() + interval '7 days')
WHERE session = $1::uuid AND id = $2::bigint RETURNING sync.to_date(expires)

-- name: set-types
UPDATE people.push_subscription
SET types = CASE WHEN $3::jsonb IS NOT NULL THEN ARRAY (SELECT jsonb_array_elements_text($3::jsonb)) END
WHERE session = $1::uuid AND id = $2::bigint RETURNING id

-- name: is-there
SELECT 1 FROM people.push_subscription WHERE session = $1::uuid AND id = $2::bigint AND expires > now()

-- name: destroy
DELETE FROM people.push_subscription WHERE session = $1::uuid AND id = $2::bigint RETURNING id

-- Something happened in the scopes $1 (null: anywhere). What failed lately waits for its next try.
-- name: wake
INSERT INTO sync.job (kind, key)
SELECT 'push', s.id::text FROM people.push_subscription s
WHERE s.verified AND ($1::bigint[] IS NULL OR EXISTS (
  SELECT FROM sync.member m
  WHERE m.account = s.account AND m.scope = ANY ($1::bigint[]) AND m.to_xid IS NULL))
ON CONFLICT (kind, key) DO UPDATE SET run_at = least(job.run_at, now())
WHERE job.attempts = 0 OR job.leased_until IS NOT NULL
RETURNING 1

-- What the subscription $1 needs for a push; nothing when it has ended.
-- name: load
SELECT s.account, s.url, s.p256dh, s.auth, s.code, s.verified, array_to_string(s.types, ','), s.told
FROM people.push_subscription s
JOIN people.session c ON c.id = s.session AND c.revoked_at IS NULL AND c.expires_at > now()
JOIN people.account a ON a.id = s.account AND a.disabled_at IS NULL
WHERE s.id = $1::bigint AND s.expires > now()

-- The types in which something happened to account $1 since the snapshot $2, 0 for memberships.
-- name: news
SELECT e.epoch || '.' || pg_current_snapshot()::text, e.epoch,
  (SELECT string_agg(DISTINCT c.type::text, ',') FROM sync.member m JOIN sync.change c ON c.scope = m.scope
   WHERE m.account = $1::bigint AND m.to_xid IS NULL
     AND c.xid >= pg_snapshot_xmin($2::pg_snapshot) AND NOT pg_visible_in_snapshot(c.xid, $2::pg_snapshot))
FROM sync.epoch e

-- name: told
UPDATE people.push_subscription SET told = $2 WHERE id = $1::bigint

-- name: forget
DELETE FROM people.push_subscription WHERE id = $1::bigint

-- The key by which push services know this server.
-- name: key
SELECT encode(private, 'hex') FROM people.push_key

-- name: make-key
INSERT INTO people.push_key (private) VALUES (decode($1, 'hex')) ON CONFLICT DO NOTHING
