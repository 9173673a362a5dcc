-- Roles, and who may sign in. $1: account unless said otherwise.

-- name: lock
-- Whoever changes this takes turns, so that there is always an administrator. A statement of its own: the next ones see
-- what was committed while this one waited.
SELECT pg_advisory_xact_lock(hashtext('people.standing'));

-- name: find
-- $1: login.
SELECT id FROM people.principal WHERE lower(login) = lower($1);

-- name: role
SELECT role FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: person
SELECT p.login, a.role, a.disabled_at IS NOT NULL,
  a.role = 'admin' AND a.disabled_at IS NULL AND NOT EXISTS (
    SELECT FROM people.account o WHERE o.role = 'admin' AND o.disabled_at IS NULL AND o.id <> a.id)
FROM people.account a JOIN people.principal p USING (id) WHERE a.id = $1 AND a.erased_at IS NULL;

-- name: give-role
-- $2: role.
UPDATE people.account a SET role = $2 FROM people.principal p WHERE p.id = a.id AND a.id = $1
RETURNING p.login, a.role;

-- name: suspend
-- Sessions end too, so that being let in again takes a password.
WITH person AS (
  UPDATE people.account a SET disabled_at = coalesce(a.disabled_at, now())
  FROM people.principal p WHERE p.id = a.id AND a.id = $1 RETURNING a.id, p.login),
ended AS (
  UPDATE people.session s SET revoked_at = now() FROM person
  WHERE s.account = person.id AND s.revoked_at IS NULL RETURNING s.id)
SELECT person.login, (SELECT count(*) FROM ended) AS ended FROM person;

-- name: let-in
UPDATE people.account a SET disabled_at = NULL FROM people.principal p WHERE p.id = a.id AND a.id = $1
RETURNING p.login;
