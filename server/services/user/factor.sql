-- The second factor. $1: account.

-- name: state
SELECT (SELECT count(*) FROM people.recovery_code r WHERE r.account = f.account)
FROM people.factor f WHERE f.account = $1 AND f.confirmed_at IS NOT NULL;

-- name: begin
-- $2: the secret, hex. Again is fine until it is on.
INSERT INTO people.factor (account, secret) VALUES ($1, decode($2, 'hex'))
ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = 0
  WHERE people.factor.confirmed_at IS NULL
RETURNING account;

-- name: lock
-- $2: the one that is being set up? Who tries takes turns.
SELECT encode(secret, 'hex'), last_step, ceil(greatest(extract(epoch FROM retry_at - clock_timestamp()), 0))::integer
FROM people.factor WHERE account = $1 AND (confirmed_at IS NULL) = $2::boolean FOR UPDATE;

-- name: used
-- $2: the step of the code that was good.
UPDATE people.factor SET last_step = $2, failures = 0, retry_at = NULL WHERE account = $1;

-- name: use-recovery
-- $2: hash.
WITH used AS (
  DELETE FROM people.recovery_code WHERE account = $1 AND hash = decode($2, 'hex') RETURNING account)
UPDATE people.factor f SET failures = 0, retry_at = NULL FROM used WHERE f.account = used.account
RETURNING f.account;

-- name: wrong
-- From the fifth on a minute, then twice as long each time, up to a day.
UPDATE people.factor SET failures = least(failures + 1, 100), retry_at = CASE WHEN failures + 1 >= 5 THEN
  clock_timestamp() + least(power(2, least(failures - 4, 11)), 1440) * interval '1 minute' END
WHERE account = $1;

-- name: turn-on
-- $2: hashes of the recovery codes, an array of hex.
WITH turned AS (
  UPDATE people.factor SET confirmed_at = now() WHERE account = $1 AND confirmed_at IS NULL RETURNING account)
INSERT INTO people.recovery_code (account, hash)
SELECT turned.account, decode(h, 'hex') FROM turned, unnest($2::text[]) AS h
RETURNING account;

-- name: turn-off
WITH codes AS (DELETE FROM people.recovery_code WHERE account = $1)
DELETE FROM people.factor WHERE account = $1 RETURNING confirmed_at IS NOT NULL;

-- name: step-person
-- Who finishes signing in.
SELECT password_hash FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: login
SELECT login FROM people.principal WHERE id = $1;
