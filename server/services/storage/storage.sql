-- Who has which blob; the bytes lie in server/stores/blobs.h.

-- name: keep
-- $1: account, $2: blob, $3: size, $4: type.
WITH kept AS (
  INSERT INTO storage.blob (id, size, type) VALUES ($2, $3, $4) ON CONFLICT DO NOTHING)
INSERT INTO storage.blob_owner (account, blob) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: may-read
-- Who uploaded it, or is in a scope that shows it.
SELECT EXISTS (SELECT FROM storage.blob_owner WHERE account = $1 AND blob = $2)
    OR EXISTS (SELECT FROM storage.blob_scope s
               JOIN sync.member m ON m.scope = s.scope AND m.to_xid IS NULL
               WHERE s.blob = $2 AND m.account = $1);

-- name: own-image
-- The type of $2 when $1 uploaded it.
SELECT b.type FROM storage.blob b JOIN storage.blob_owner o ON o.blob = b.id
WHERE o.account = $1::bigint AND b.id = $2;

-- name: show
-- Who is in scope $1 may read blob $2, because object $3 names it.
INSERT INTO storage.blob_scope (scope, blob, object) VALUES ($1::bigint, $2, $3::bigint) ON CONFLICT DO NOTHING;

-- name: show-no-more
DELETE FROM storage.blob_scope WHERE object = $1;
