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
