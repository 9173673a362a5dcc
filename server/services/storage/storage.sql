-- Who has which blob; the bytes lie in server/stores/blobs.h.

-- $1: account, $2: blob, $3: size; then, with keep, $4: its type; at last how many files and octets an
-- account may have.
-- name: has-room
SELECT storage.has_room($1::bigint, $2::text, $3::bigint, $4::bigint, $5::bigint);

-- name: keep
SELECT storage.keep($1::bigint, $2::text, $3::bigint, $4::text, $5::bigint, $6::bigint);

-- name: usage
SELECT u.files, u.octets FROM storage.usage u WHERE u.account = $1::bigint;

-- name: may-read
-- Who uploaded it, or is in a scope that shows it.
SELECT EXISTS (SELECT FROM storage.blob_owner WHERE account = $1 AND blob = $2)
    OR EXISTS (SELECT FROM storage.blob_scope s
               JOIN sync.member m ON m.scope = s.scope AND m.to_xid IS NULL
               WHERE s.blob = $2 AND m.account = $1);

-- name: may-name
-- The same of a blob that stays until the transaction ends.
SELECT EXISTS (
  SELECT FROM storage.blob b WHERE b.id = $2
    AND (EXISTS (SELECT FROM storage.blob_owner o WHERE o.account = $1 AND o.blob = $2)
      OR EXISTS (SELECT FROM storage.blob_scope s
                 JOIN sync.member m ON m.scope = s.scope AND m.to_xid IS NULL
                 WHERE s.blob = $2 AND m.account = $1))
  FOR KEY SHARE OF b);

-- name: own-image
-- The type of $2 when $1 uploaded it; it stays until the transaction ends.
SELECT b.type FROM storage.blob b JOIN storage.blob_owner o ON o.blob = b.id
WHERE o.account = $1::bigint AND b.id = $2 FOR KEY SHARE OF b;

-- name: hold
-- Until the transaction ends the bytes of $1 are not removed (storage.removed).
SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0));

-- name: begin-upload
SELECT id, is_kept, done FROM storage.begin_upload($1::bigint, $2, $3::bigint, $4, $5::bigint, $6::bigint);

-- name: find-upload
SELECT done, size FROM storage.upload WHERE account = $1::bigint AND id = $2::uuid AND expires_at > now();

-- name: end-upload
DELETE FROM storage.upload WHERE account = $1::bigint AND id = $2::uuid RETURNING id;

-- name: append-upload
-- $1: account, $2: upload, $3: where, $4: base64.
SELECT is_appended, done, size, blob, type
FROM storage.append_upload($1::bigint, $2::uuid, $3::bigint, decode($4, 'base64'));

-- name: upload-part
SELECT encode(bytes, 'base64') FROM storage.upload_part WHERE upload = $1::uuid AND at = $2::bigint;

-- name: uploads-expired
DELETE FROM storage.upload WHERE expires_at < now();

-- name: collect
-- $1: hours, $2: at most so many.
SELECT files, octets FROM storage.collect(now() - $1::integer * interval '1 hour', $2::integer);

-- name: collectable
-- $1: hours. What collect would take.
SELECT count(*), coalesce(sum(size), 0)::bigint FROM storage.unnamed
WHERE touched_at < now() - $1::integer * interval '1 hour';

-- name: removed
SELECT blob FROM storage.removed WHERE blob > $1 ORDER BY blob LIMIT 1000;

-- name: take
-- Nobody else holds the bytes of $1, and no backup reads.
SELECT pg_try_advisory_xact_lock(hashtextextended('storage.removed', 0))
   AND pg_try_advisory_xact_lock(hashtextextended($1, 0));

-- name: is-back
SELECT EXISTS (SELECT FROM storage.blob WHERE id = $1);

-- name: forget
DELETE FROM storage.removed WHERE blob = $1;

-- name: show
-- Who is in scope $1 may read blob $2, because object $3 names it.
INSERT INTO storage.blob_scope (scope, blob, object) VALUES ($1::bigint, $2, $3::bigint) ON CONFLICT DO NOTHING;

-- name: show-no-more
DELETE FROM storage.blob_scope WHERE object = $1;

-- The objects of which types show which of the blobs $2, as far as $1 sees them. Which type it is says
-- the table that has the object: ids are unique over all types.
-- name: lookup
SELECT s.blob, k.type, s.object FROM storage.blob_scope s
JOIN sync.member m ON m.scope = s.scope AND m.to_xid IS NULL AND m.account = $1::bigint
JOIN LATERAL (
  SELECT 'Message' AS type FROM chat.message o WHERE o.id = s.object
  UNION ALL SELECT 'Post' FROM social.post o WHERE o.id = s.object
  UNION ALL SELECT 'Principal' FROM people.principal o WHERE o.id = s.object) k ON true
WHERE s.blob = ANY ($2::text[]) ORDER BY s.object;

-- name: scaled
-- $1: blob, $2: size.
SELECT s.scaled, b.type FROM storage.scaled s JOIN storage.blob b ON b.id = s.scaled
WHERE s.blob = $1 AND s.size = $2::integer;

-- name: keep-scaled
-- $1: blob, $2: size, $3: the smaller one, $4: its bytes, $5: its type.
WITH kept AS (
  INSERT INTO storage.blob (id, size, type) VALUES ($3, $4::bigint, $5)
  ON CONFLICT (id) DO UPDATE SET touched_at = now())
INSERT INTO storage.scaled (blob, size, scaled) VALUES ($1, $2::integer, $3) ON CONFLICT DO NOTHING;
