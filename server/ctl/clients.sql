-- What tidelinectl asks about programs that may have people sign in by a browser, and about the keys of their tokens.

-- name: clients
SELECT c.id, c.name, array_to_string(c.redirects, ' ') AS redirects,
  (SELECT count(*) FROM people.session s WHERE s.client = c.id AND s.revoked_at IS NULL) AS sessions
FROM people.oauth_client c ORDER BY c.id;

-- name: add
-- $1: id, $2: name, $3: redirects, a line each. Given again, they are changed.
INSERT INTO people.oauth_client (id, name, redirects) VALUES ($1, $2, string_to_array($3, E'\n'))
ON CONFLICT (id) DO UPDATE SET name = excluded.name, redirects = excluded.redirects
RETURNING id;

-- name: remove
-- What was given to it ends, too.
WITH gone AS (DELETE FROM people.oauth_client WHERE id = $1 RETURNING id),
     codes AS (DELETE FROM people.oauth_code WHERE client IN (SELECT id FROM gone)),
     ended AS (
       UPDATE people.session SET revoked_at = now() WHERE client IN (SELECT id FROM gone) AND revoked_at IS NULL
       RETURNING id)
SELECT id, (SELECT count(*) FROM ended) AS sessions FROM gone;

-- name: rotate
-- The next one is made within a minute, and signs five minutes later.
UPDATE people.signing_key SET is_over = true
WHERE kid = (SELECT kid FROM people.signing_key ORDER BY use_from DESC LIMIT 1) RETURNING kid;

-- name: drop-keys
DELETE FROM people.signing_key RETURNING kid;
