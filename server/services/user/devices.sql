-- Where a person is signed in, and their password. $1: account, $2: session.

-- name: devices
SELECT s.id, s.device,
  to_char(s.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char(s.used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  s.id = $2::uuid
FROM people.session s
WHERE s.account = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
ORDER BY s.id = $2::uuid DESC, s.used_at DESC, s.id;

-- name: device-end
-- A row when the session is theirs; that it had ended before is fine.
WITH ended AS (
  UPDATE people.session SET revoked_at = now()
  WHERE id = $2::uuid AND account = $1 AND revoked_at IS NULL)
SELECT id FROM people.session WHERE id = $2::uuid AND account = $1;

-- name: password-find
-- Of whom is signed in still.
SELECT a.password_hash FROM people.account a JOIN people.session s ON s.account = a.id
WHERE a.id = $1 AND s.id = $2::uuid AND s.revoked_at IS NULL AND a.disabled_at IS NULL;
