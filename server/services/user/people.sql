-- A new person: a principal in the directory, an account with a private scope.

-- name: lock-directory
-- One directory for all: made with the first person, whoever adds it. A statement of its own, so that
-- the next one sees what was committed while this one waited.
SELECT pg_advisory_xact_lock(hashtext('people.directory'));

-- name: find-directory
SELECT id FROM sync.scope WHERE kind = 'directory';

-- name: make-directory
INSERT INTO sync.scope (kind) VALUES ('directory') RETURNING id;

-- name: add
-- $1: directory, $2: login, $3: name, $4: password hash, $5: role.
WITH private AS (
  INSERT INTO sync.scope (kind) VALUES ('private') RETURNING id),
principal AS (
  INSERT INTO people.principal (scope, name, login) VALUES ($1, $3, $2) RETURNING id)
INSERT INTO people.account (id, private_scope, password_hash, role)
SELECT principal.id, private.id, $4, $5 FROM principal, private
RETURNING id, private_scope;

-- name: join
-- $1: account, $2: private scope, $3: directory. Then the log: the principal appears in the directory,
-- the directory in the account.
WITH joined AS MATERIALIZED (
  SELECT sync.join_scope($1, $2, 'owner') AND sync.join_scope($1, $3, 'member') AS done)
SELECT a.* FROM joined, sync.append(ARRAY[$3, $2]::bigint[], ARRAY[1, 0]::smallint[],
  ARRAY[$1, $3]::bigint[], ARRAY['c', 'm'], ARRAY[NULL, NULL]::text[]) AS a
WHERE joined.done;

-- name: first-calendar
SELECT calendar.add_personal($1::bigint, $2::bigint, 'Personal');

-- name: reset
-- $1: login, $2: password hash.
WITH person AS (
  UPDATE people.account a SET password_hash = $2
  FROM people.principal p WHERE p.id = a.id AND lower(p.login) = lower($1) RETURNING a.id),
ended AS (
  UPDATE people.session s SET revoked_at = now() FROM person
  WHERE s.account = person.id AND s.revoked_at IS NULL)
SELECT id FROM person;

-- name: change-password
-- $1: account, $2: the session that goes on, $3: the hash before, $4: the hash from now on.
WITH person AS (
  UPDATE people.account SET password_hash = $4
  WHERE id = $1 AND password_hash = $3 AND disabled_at IS NULL RETURNING id),
ended AS (
  UPDATE people.session s SET revoked_at = now() FROM person
  WHERE s.account = person.id AND s.id <> $2::uuid AND s.revoked_at IS NULL)
SELECT id FROM person;
