-- Where people are written to. $1: account, where not said otherwise.

-- name: find
SELECT e.address, e.confirmed_at IS NOT NULL FROM people.email e WHERE e.account = $1::bigint;

-- name: set
-- $2: address, $3: language. No row: another one was set less than a minute ago.
INSERT INTO people.email AS e (account, address, language) VALUES ($1::bigint, $2, $3)
ON CONFLICT (account) DO UPDATE SET address = $2, language = $3, set_at = now(),
  confirmed_at = CASE WHEN e.address = $2 THEN e.confirmed_at END
WHERE e.set_at < now() - interval '1 minute' OR e.address = $2 AND e.confirmed_at IS NOT NULL
RETURNING e.confirmed_at IS NOT NULL;

-- name: remove
WITH links AS (DELETE FROM people.password_link WHERE account = $1::bigint),
letters AS (DELETE FROM notify.delivery WHERE account = $1::bigint AND channel = 'email')
DELETE FROM people.email WHERE account = $1::bigint;

-- name: confirm
-- $2: address. A row when it is theirs, and nobody else's.
UPDATE people.email e SET confirmed_at = coalesce(e.confirmed_at, now())
WHERE e.account = $1::bigint AND e.address = $2
  AND NOT EXISTS (SELECT FROM people.email o
                  WHERE lower(o.address) = lower($2) AND o.confirmed_at IS NOT NULL AND o.account <> e.account)
RETURNING e.account;

-- name: stop
-- No more letters for account $1: the scope and id of its settings, and whether they are new.
INSERT INTO people.settings AS s (id, scope, "principalId", email)
SELECT a.id, a.private_scope, a.id, '{"when":"never"}' FROM people.account a WHERE a.id = $1::bigint
ON CONFLICT (scope, id) DO UPDATE
SET email = (CASE WHEN jsonb_typeof(s.email::jsonb) = 'object' THEN s.email::jsonb ELSE '{}' END
             || '{"when":"never"}')::json
RETURNING s.scope, s.id, xmax = 0;

-- name: drop-letters
DELETE FROM notify.delivery WHERE account = $1::bigint AND channel = 'email' AND NOT payload ? 'letter';

-- name: forgotten
-- $1: an address. Whose it is, unless they asked three times in half an hour.
SELECT e.account FROM people.email e JOIN people.account a ON a.id = e.account
WHERE lower(e.address) = lower($1) AND e.confirmed_at IS NOT NULL AND a.disabled_at IS NULL
  AND (SELECT count(*) FROM people.password_link l WHERE l.account = e.account AND l.expires_at > now()) < 3;

-- name: change-by-link
-- $1: hash of the link, $2: of the password. Once: with it all links and all sessions end.
WITH link AS (
  DELETE FROM people.password_link WHERE hash = decode($1, 'hex') AND expires_at > now() RETURNING account),
person AS (
  UPDATE people.account a SET password_hash = $2 FROM link
  WHERE a.id = link.account AND a.disabled_at IS NULL RETURNING a.id),
others AS (
  DELETE FROM people.password_link l USING person WHERE l.account = person.id AND l.hash <> decode($1, 'hex')),
ended AS (
  UPDATE people.session s SET revoked_at = now() FROM person WHERE s.account = person.id AND s.revoked_at IS NULL)
SELECT id FROM person;
