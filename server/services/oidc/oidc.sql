-- Signing in at an external provider. Hashes are hex.

-- name: begin
-- $1: hash of the state, $2: of the browser's cookie, then nonce, verifier, client, redirect, state, challenge.
INSERT INTO people.oidc_attempt (hash, browser, nonce, verifier, client, redirect, state, challenge)
VALUES (decode($1, 'hex'), decode($2, 'hex'), $3, $4, $5, $6, $7, $8);

-- name: take
-- Whoever comes second finds nothing.
DELETE FROM people.oidc_attempt WHERE hash = decode($1, 'hex') AND browser = decode($2, 'hex') AND expires_at > now()
RETURNING nonce, verifier, client, redirect, state, challenge;

-- name: person
-- $1: issuer, $2: subject; as find-login has it.
SELECT a.id, p.name, a.password_hash, a.disabled_at IS NOT NULL,
  EXISTS (SELECT FROM people.factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL)
FROM people.identity i JOIN people.account a ON a.id = i.account JOIN people.principal p ON p.id = a.id
WHERE i.issuer = $1 AND i.subject = $2;

-- name: link
INSERT INTO people.identity (issuer, subject, account) VALUES ($1, $2, $3);
