-- Who somebody here is at the external provider. $1: issuer.

-- name: link
-- $2: subject, $3: login. One that was somebody else's is theirs from now on.
INSERT INTO people.identity (issuer, subject, account)
SELECT $1, $2, p.id FROM people.principal p JOIN people.account a USING (id) WHERE lower(p.login) = lower($3)
ON CONFLICT (issuer, subject) DO UPDATE SET account = excluded.account, linked_at = now() RETURNING account;

-- name: unlink
DELETE FROM people.identity i USING people.principal p
WHERE i.issuer = $1 AND p.id = i.account AND lower(p.login) = lower($2) RETURNING i.subject;
