-- What tidelinectl asks about invitations.

-- name: invitations
SELECT i.id, i.role, i.uses, p.login AS "by",
  to_char(i.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS expires,
  CASE WHEN i.revoked_at IS NOT NULL THEN 'revoked' WHEN i.uses = 0 THEN 'used'
       WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS state
FROM people.invitation i LEFT JOIN people.principal p ON p.id = i.made_by ORDER BY i.id;

-- name: revoke
UPDATE people.invitation SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1::bigint RETURNING id;
