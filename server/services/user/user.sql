-- Signing in. $1 and so on as in sign-in.c; hashes are hex.

-- name: find-login
-- $1: a login, or else an address that somebody confirmed.
SELECT a.id, p.name, a.password_hash, a.disabled_at IS NOT NULL,
  EXISTS (SELECT FROM people.factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL)
FROM people.principal p JOIN people.account a USING (id) WHERE p.id = coalesce((SELECT q.id FROM people.principal q WHERE lower(q.login) = lower($1)),
  (SELECT e.account FROM people.email e WHERE lower(e.address) = lower($1) AND e.confirmed_at IS NOT NULL));

-- name: session-add
INSERT INTO people.session (id, account, device, refresh_hash, client, expires_at)
VALUES ($1, $2, $3, decode($4, 'hex'), $5, now() + interval '60 days')
RETURNING account, (SELECT name FROM people.principal WHERE id = account), (SELECT login FROM people.principal WHERE id = account);

-- name: session-find
SELECT s.account, p.name, p.login, encode(s.refresh_hash, 'hex'), encode(s.previous_hash, 'hex'), coalesce(s.client, '')
FROM people.session s JOIN people.principal p ON p.id = s.account JOIN people.account a ON a.id = p.id
WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL
FOR UPDATE OF s;

-- name: session-rotate
-- $2: the hash that was shown, $3: that of the next.
UPDATE people.session SET previous_hash = decode($2, 'hex'), refresh_hash = decode($3, 'hex'),
  used_at = now(), expires_at = now() + interval '60 days'
WHERE id = $1;

-- name: session-end
UPDATE people.session SET revoked_at = now()
WHERE id = $1 AND revoked_at IS NULL
  AND decode($2, 'hex') IN (refresh_hash, coalesce(previous_hash, refresh_hash));

-- name: session-stolen
UPDATE people.session SET revoked_at = now() WHERE id = $1;
