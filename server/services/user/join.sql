-- Invitations, and who joins by one. $1 and so on as in join.c; hashes are hex.

-- name: invite
-- $1: hash, $2: role, $3: uses, $4: days, $5: who invites, null: the administrator of the machine.
INSERT INTO people.invitation (hash, role, uses, expires_at, made_by)
VALUES (decode($1, 'hex'), $2, $3::integer, now() + make_interval(days => $4::integer), $5::bigint)
RETURNING id, to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- name: take
-- One use of it. Whoever made it must be able to sign in still.
UPDATE people.invitation i SET uses = i.uses - 1
WHERE i.hash = decode($1, 'hex') AND i.uses > 0 AND i.revoked_at IS NULL AND i.expires_at > now()
  AND NOT EXISTS (SELECT FROM people.account a WHERE a.id = i.made_by AND a.disabled_at IS NOT NULL)
RETURNING i.role;

-- name: resembles
-- Is there a login that $1 may be taken for, or is it a word that says who somebody is?
SELECT people.look($1) = '' OR EXISTS (SELECT FROM people.principal p WHERE people.look(p.login) = people.look($1))
  OR people.look($1) IN (SELECT people.look(word) FROM unnest(ARRAY['admin', 'administrator', 'root', 'moderator',
    'support', 'system', 'security', 'tideline', 'everyone', 'nobody']) AS word);

-- name: caller
-- Who asks, while their session lasts. $2: session.
SELECT a.role FROM people.account a JOIN people.session s ON s.account = a.id
WHERE a.id = $1 AND s.id = $2::uuid AND s.revoked_at IS NULL AND a.disabled_at IS NULL;

-- name: open-invitations
-- How many of $1's are good still.
SELECT count(*) FROM people.invitation
WHERE made_by = $1 AND uses > 0 AND revoked_at IS NULL AND expires_at > now();

-- name: lock-inviter
-- One's own invitations are made one after the other, so that their number is right.
SELECT FROM people.account WHERE id = $1 FOR NO KEY UPDATE;

-- name: invitations
SELECT id, uses, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM people.invitation
WHERE made_by = $1 AND uses > 0 AND revoked_at IS NULL AND expires_at > now() ORDER BY id DESC;

-- name: revoke-own
-- A row when it is theirs; that it was revoked before is fine.
UPDATE people.invitation SET revoked_at = coalesce(revoked_at, now()) WHERE id = $2::bigint AND made_by = $1
RETURNING id;
