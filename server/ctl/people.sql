-- What tidelinectl asks about people. $1: login.

-- name: user-list
SELECT p.login, p.name, a.role, a.disabled_at IS NOT NULL AS disabled,
       (SELECT to_char(max(s.used_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM people.session s WHERE s.account = a.id) AS seen,
       (SELECT count(*) FROM people.session s WHERE s.account = a.id AND s.revoked_at IS NULL
          AND s.expires_at > now()) AS devices,
       coalesce(u.octets, 0) AS bytes
FROM people.account a JOIN people.principal p USING (id)
LEFT JOIN storage.usage u ON u.account = a.id
ORDER BY lower(p.login);

-- name: user-is-last-admin
SELECT a.role = 'admin' AND a.disabled_at IS NULL AND NOT EXISTS (
  SELECT FROM people.account o WHERE o.role = 'admin' AND o.disabled_at IS NULL AND o.id <> a.id)
FROM people.account a JOIN people.principal p USING (id) WHERE lower(p.login) = lower($1);

-- name: user-role
-- $2: role.
UPDATE people.account a SET role = $2
FROM people.principal p WHERE p.id = a.id AND lower(p.login) = lower($1) RETURNING p.login, a.role;

-- name: user-disable
-- Sessions end too, so that being enabled again takes a password.
WITH person AS (
  UPDATE people.account a SET disabled_at = coalesce(a.disabled_at, now())
  FROM people.principal p WHERE p.id = a.id AND lower(p.login) = lower($1) RETURNING a.id, p.login),
ended AS (
  UPDATE people.session s SET revoked_at = now() FROM person
  WHERE s.account = person.id AND s.revoked_at IS NULL RETURNING s.id)
SELECT person.login, (SELECT count(*) FROM ended) AS ended FROM person;

-- name: user-enable
UPDATE people.account a SET disabled_at = NULL
FROM people.principal p WHERE p.id = a.id AND lower(p.login) = lower($1) RETURNING p.login;
