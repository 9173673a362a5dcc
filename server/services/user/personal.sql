-- name: draft-at
-- $1: private scope, $2: place. The draft that was there gives way.
DELETE FROM people.kept_draft WHERE scope = $1 AND place = $2 RETURNING id;
