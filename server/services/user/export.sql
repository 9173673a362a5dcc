-- Everything of a person. $1: account.

-- name: whole
-- First in the transaction: all of it is told as it was at one moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: account
SELECT json_build_object('accountId', sync.to_id(a.id), 'login', p.login, 'name', p.name, 'role', a.role,
  'joinedAt', sync.to_date(a.created_at), 'exportedAt', sync.to_date(now()),
  'email', (SELECT e.address FROM people.email e WHERE e.account = a.id),
  'devices', coalesce((SELECT json_agg(json_build_object('name', s.device, 'signedInAt', sync.to_date(s.created_at),
      'seenAt', sync.to_date(s.used_at)) ORDER BY s.created_at)
    FROM people.session s WHERE s.account = a.id AND s.revoked_at IS NULL), '[]'),
  'invitations', coalesce((SELECT json_agg(json_build_object('uses', i.uses, 'createdAt', sync.to_date(i.created_at),
      'expiresAt', sync.to_date(i.expires_at)) ORDER BY i.id)
    FROM people.invitation i WHERE i.made_by = a.id), '[]'))::text
FROM people.account a JOIN people.principal p USING (id) WHERE a.id = $1;

-- name: files
SELECT b.id, b.size, b.type FROM storage.blob_owner o JOIN storage.blob b ON b.id = o.blob
WHERE o.account = $1 ORDER BY b.id;

-- name: ask
-- A row when there is something to do: one that is being made already, or was made just now, will do.
INSERT INTO people.export (account) VALUES ($1)
ON CONFLICT (account) DO UPDATE SET asked_at = now(), made_at = NULL, error = NULL
WHERE people.export.made_at IS NOT NULL OR people.export.error IS NOT NULL RETURNING account;

-- name: find
SELECT e.blob, b.size, sync.to_date(e.made_at), sync.to_date(e.made_at + interval '7 days'), e.error IS NOT NULL,
  e.made_at IS NULL AND e.error IS NULL, e.made_at < now() - interval '7 days'
FROM people.export e LEFT JOIN storage.blob b ON b.id = e.blob WHERE e.account = $1;

-- name: failed
UPDATE people.export SET error = $2 WHERE account = $1;

-- name: made
-- $2: blob, $3: bytes. Its owner reads it, and it is none of what they uploaded. The negative id stands for the export:
-- the positive one shows their picture.
WITH kept AS (
  INSERT INTO storage.blob (id, size, type) VALUES ($2, $3::bigint, 'application/zip') ON CONFLICT DO NOTHING),
told AS (UPDATE people.export SET blob = $2, made_at = now(), error = NULL WHERE account = $1 RETURNING account)
INSERT INTO storage.blob_scope (scope, blob, object)
SELECT a.private_scope, $2, -a.id FROM people.account a JOIN told ON told.account = a.id ON CONFLICT DO NOTHING;

-- name: forget
-- The archive that $1 had goes; its blob, for the store.
WITH gone AS (DELETE FROM storage.blob_scope WHERE object = -$1::bigint),
told AS (UPDATE people.export SET blob = NULL WHERE account = $1 AND blob IS NOT NULL)
SELECT blob FROM people.export WHERE account = $1 AND blob IS NOT NULL;

-- name: drop-blob
-- $1: blob. Unless somebody kept the same bytes as a file of theirs.
WITH gone AS (
  DELETE FROM storage.blob b WHERE b.id = $1 AND NOT EXISTS (SELECT FROM storage.blob_owner o WHERE o.blob = b.id)
    AND NOT EXISTS (SELECT FROM storage.blob_scope s WHERE s.blob = b.id) RETURNING id)
INSERT INTO storage.removed (blob) SELECT id FROM gone ON CONFLICT DO NOTHING;

-- name: end
DELETE FROM people.export WHERE account = $1;

-- name: password
SELECT password_hash FROM people.account WHERE id = $1 AND disabled_at IS NULL;
