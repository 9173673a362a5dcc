-- Deleting a person. $1: account.

-- name: mark
-- Out at once, everywhere, and nobody's administrator any more.
UPDATE people.account SET disabled_at = coalesce(disabled_at, now()), role = 'member' WHERE id = $1;

-- name: end-sessions
UPDATE people.session SET revoked_at = now() WHERE account = $1 AND revoked_at IS NULL;

-- name: lock
-- Was it done before?
SELECT erased_at IS NOT NULL FROM people.account WHERE id = $1 AND disabled_at IS NOT NULL FOR UPDATE;

-- name: blobs
-- What they kept or showed, and what was made of it, that after this.
WITH own AS (
  SELECT blob FROM storage.blob_owner WHERE account = $1
  UNION SELECT blob FROM storage.blob_scope WHERE object IN ($1, -$1)
  UNION SELECT blob FROM people.export WHERE account = $1 AND blob IS NOT NULL)
SELECT coalesce(array_agg(blob ORDER BY place), '{}') FROM (
  SELECT blob, 0 AS place FROM own
  UNION SELECT s.scaled, 1 FROM storage.scaled s JOIN own ON own.blob = s.blob) AS all_of_it;

-- name: own
SELECT people.erase_own($1);

-- name: drop-blobs
-- $1: blobs, an array.
SELECT storage.drop_unnamed($1::text[]);

-- name: nobody
-- What others see of them, where something of others names them still: its scope is told.
UPDATE people.principal p SET name = 'Somebody who left', login = 'left-' || p.id, description = NULL, "timeZone" = NULL,
  "avatarBlobId" = NULL
FROM people.account a WHERE p.id = $1 AND a.id = p.id AND p.scope <> a.private_scope RETURNING p.scope;

-- name: is-named
SELECT EXISTS (SELECT FROM chat.room WHERE "createdBy" = $1)
  OR EXISTS (SELECT FROM chat.room_member WHERE "principalId" = $1)
  OR EXISTS (SELECT FROM calendar.calendar WHERE "createdBy" = $1)
  OR EXISTS (SELECT FROM calendar.event WHERE "createdBy" = $1);

-- name: hide
-- Nobody sees them at all.
UPDATE people.principal p SET scope = a.private_scope FROM people.account a WHERE a.id = p.id AND p.id = $1;
