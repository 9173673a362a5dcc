-- name: sees
-- $1: account, $2: scope.
SELECT 1 FROM sync.member WHERE account = $1 AND scope = $2 AND to_xid IS NULL;

-- name: role
-- Of $1 on this server.
SELECT role FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: take-turns
-- What $1 (a person) does about $2 happens one after the other.
SELECT pg_advisory_xact_lock(hashtextextended($1::bigint || ' ' || $2::bigint, 40118));
