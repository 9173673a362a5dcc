-- name: is-empty
SELECT NOT EXISTS (SELECT 1 FROM people.account);

-- name: base-time
-- When the demo was made: its dates count back from here. Milliseconds.
SELECT (extract(epoch FROM min(created_at)) * 1000)::bigint FROM people.account;

-- name: describe-person
UPDATE people.principal SET "timeZone" = $2, description = $3 WHERE id = $1::bigint;

-- name: date-message
UPDATE chat.message SET "sentAt" = now() - make_interval(mins => $2::int) WHERE id = $1::bigint;

-- name: date-room
UPDATE chat.room SET "createdAt" = now() - make_interval(mins => $2::int) WHERE id = $1::bigint;

-- name: seq-before-unread
-- The seq of the newest message of a room but $2.
SELECT seq FROM chat.message WHERE "roomId" = $1::bigint ORDER BY seq DESC OFFSET $2::int LIMIT 1;

-- name: set-avatar
-- Everybody may see it. $1: a person, $2: a blob.
WITH person AS (UPDATE people.principal SET "avatarBlobId" = $2 WHERE id = $1::bigint RETURNING id, scope)
INSERT INTO storage.blob_scope (scope, blob, object) SELECT scope, $2, id FROM person;

-- name: last-id
SELECT last_value FROM sync.object_id;

-- name: date-follow
UPDATE social.follow SET since = now() - make_interval(mins => $2::int) WHERE id = $1::bigint;

-- name: date-post
UPDATE social.post SET "createdAt" = now() - make_interval(mins => $2::int) WHERE id = $1::bigint;

-- name: date-reaction
UPDATE social.reaction SET "reactedAt" = now() - make_interval(mins => $2::int) WHERE id = $1::bigint;

-- name: date-told
-- What people were told since id $1.
UPDATE notify.notification SET "createdAt" = now() - make_interval(mins => $2::int) WHERE id > $1::bigint;

-- name: read-told
-- What is older than two days was read.
UPDATE notify.notification SET "isRead" = true WHERE "createdAt" < now() - interval '2 days';

-- name: first-calendar
SELECT id FROM calendar.calendar WHERE "createdBy" = $1::bigint ORDER BY id LIMIT 1;
