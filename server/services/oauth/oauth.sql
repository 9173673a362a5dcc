-- Signing in by a browser. Hashes are hex.

-- name: client
SELECT name, array_to_string(redirects, E'\n') FROM people.oauth_client WHERE id = $1;

-- name: add-code
-- $1: hash, $2: account, $3: client, $4: redirect, $5: challenge. Only of who may sign in still.
INSERT INTO people.oauth_code (hash, account, client, redirect, challenge, expires_at)
SELECT decode($1, 'hex'), a.id, $3, $4, $5, now() + interval '60 seconds'
FROM people.account a WHERE a.id = $2 AND a.disabled_at IS NULL
RETURNING hash;

-- name: use-code
-- Whoever comes second waits here, and finds it used.
UPDATE people.oauth_code c SET used_at = now() FROM people.account a
WHERE c.hash = decode($1, 'hex') AND c.used_at IS NULL AND a.id = c.account
RETURNING c.account, c.client, c.redirect, c.challenge,
  c.expires_at > now() AND a.disabled_at IS NULL;

-- name: code-session
-- $2: the session that the code began.
UPDATE people.oauth_code SET session = $2::uuid WHERE hash = decode($1, 'hex');

-- name: end-by-code
-- A code that was used comes again: it was copied, and nobody knows by whom.
UPDATE people.session s SET revoked_at = now() FROM people.oauth_code c
WHERE c.hash = decode($1, 'hex') AND s.id = c.session AND s.revoked_at IS NULL
RETURNING s.id, s.account;

-- name: end-session
-- $1: session, $2: client.
UPDATE people.session SET revoked_at = now()
WHERE id = $1::uuid AND client = $2 AND revoked_at IS NULL RETURNING id;
