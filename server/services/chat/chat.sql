-- Chat. Parameters are ids.

-- name: room-lock
SELECT r.scope, r.kind FROM chat.room r WHERE r.id = $1 FOR NO KEY UPDATE;

-- name: room-close
-- Waits for messages that are being written, and keeps new ones away.
SELECT 1 FROM chat.room WHERE id = $1 FOR UPDATE;

-- name: room-find
-- $2: account. Its scope, and what one is in it.
SELECT r.scope, m.role FROM chat.room r
JOIN sync.member m ON m.account = $2 AND m.scope = r.scope AND m.to_xid IS NULL WHERE r.id = $1;

-- name: person-known
SELECT count(*) FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: direct-lock
-- Two people make their room one after the other. $1 is the smaller id.
SELECT pg_advisory_xact_lock(hashtextextended($1::bigint || ' ' || $2::bigint, 40117));

-- name: direct-find
SELECT r.id FROM chat.room_member a
JOIN chat.room_member b ON b."roomId" = a."roomId" AND b."principalId" = $2
JOIN chat.room r ON r.id = a."roomId" AND r.kind = 'direct'
WHERE a."principalId" = $1;

-- name: member-add
-- $4 is a role: 1 owner, 2 moderator, 3 member.
INSERT INTO chat.room_member (scope, "roomId", "principalId", role)
VALUES ($1, $2, $3, (ARRAY['owner', 'moderator', 'member'])[$4::integer]) RETURNING id;

-- name: member-find
SELECT id FROM chat.room_member WHERE "roomId" = $1 AND "principalId" = $2;

-- name: members
-- Eldest first.
SELECT id, "principalId", role FROM chat.room_member WHERE "roomId" = $1 ORDER BY "joinedAt", id;

-- name: role-set
-- The membership's role follows the member's. $1: scope, $2: account, $3 as in member-add.
UPDATE sync.member SET role = (ARRAY['owner', 'moderator', 'member'])[$3::integer]
WHERE scope = $1 AND account = $2 AND to_xid IS NULL;

-- name: member-promote
UPDATE chat.room_member SET role = 'owner' WHERE id = $1;

-- name: members-delete
DELETE FROM chat.room_member WHERE "roomId" = $1 RETURNING id, "principalId";

-- name: messages-delete
DELETE FROM chat.message WHERE scope = $1 RETURNING id;

-- name: marker-delete
DELETE FROM chat.read_marker t USING people.account a
WHERE a.id = $1 AND t.scope = a.private_scope AND t.id = $2 RETURNING t.scope;

-- name: room-delete
DELETE FROM chat.room WHERE id = $1;

-- name: message-in
SELECT 1 FROM chat.message WHERE id = $1 AND scope = $2;

-- name: messages-by
SELECT id, scope FROM chat.message WHERE "senderId" = $1 ORDER BY id FOR UPDATE;

-- name: message-delete
DELETE FROM chat.message WHERE id = $1;

-- name: rooms-of
-- Where $1 is, and whether it is a direct room with somebody who is there still.
SELECT m.id, r.id, r.scope, r.kind = 'direct' AND EXISTS (
    SELECT FROM chat.room_member o JOIN people.account a ON a.id = o."principalId"
    WHERE o."roomId" = r.id AND o."principalId" <> $1 AND a.erased_at IS NULL),
  r.kind = 'direct'
FROM chat.room_member m JOIN chat.room r ON r.id = m."roomId"
WHERE m."principalId" = $1 ORDER BY r.id FOR NO KEY UPDATE OF r;

-- name: member-delete
DELETE FROM chat.room_member WHERE id = $1;
