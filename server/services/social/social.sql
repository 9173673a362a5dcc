-- Posts, reactions, follows. Parameters are ids.

-- name: directory
SELECT scope FROM people.principal WHERE id = $1;

-- name: person-known
SELECT count(*) FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: author-find
SELECT scope FROM social.author WHERE principal = $1;

-- name: author-add
INSERT INTO social.author (principal, scope) VALUES ($1, $2);

-- name: post-find
-- Post $1 as $2 sees it, kept from going.
SELECT t.scope, t."authorId", t."boostOfId", t.visibility FROM social.post t
JOIN sync.member m ON m.scope = t.scope AND m.account = $2 AND m.to_xid IS NULL
WHERE t.id = $1 FOR KEY SHARE OF t;

-- name: post-author
SELECT "authorId" FROM social.post WHERE id = $1;

-- name: post-delete
DELETE FROM social.post WHERE id = $1;

-- name: boosts-of
-- In the order of ids, so that two never wait for each other.
SELECT id, scope FROM social.post WHERE "boostOfId" = $1 ORDER BY id FOR UPDATE;

-- name: boost-by
-- Of post $1 by $2.
SELECT id, scope FROM social.post WHERE "boostOfId" = $1 AND "authorId" = $2 FOR UPDATE;

-- name: marks-delete
DELETE FROM social.post_mark WHERE id = $1 RETURNING scope;

-- name: message-find
-- Message $1 as $2 sees it, kept from going, as is its room.
SELECT t.scope, t."senderId" FROM chat.message t JOIN chat.room r ON r.id = t."roomId"
JOIN sync.member m ON m.scope = t.scope AND m.account = $2 AND m.to_xid IS NULL
WHERE t.id = $1 FOR KEY SHARE OF t, r;

-- name: reaction-replace
-- $1: subject, $2: person, $3: emoji.
DELETE FROM social.reaction
WHERE "subjectId" = $1::bigint AND "principalId" = $2::bigint AND emoji = $3 RETURNING id, scope;

-- name: reactions-delete
DELETE FROM social.reaction WHERE "subjectId" = $1 RETURNING id, scope;

-- name: reactions-delete-room
DELETE FROM social.reaction WHERE scope = $1 RETURNING id, scope;

-- name: subject-author
-- Whose $1 is, a post or a message.
SELECT "authorId" FROM social.post WHERE id = $1
UNION ALL
SELECT "senderId" FROM chat.message WHERE id = $1;

-- name: follow-replace
-- Of $1 by $2.
DELETE FROM social.follow WHERE "principalId" = $1 AND "followerId" = $2 RETURNING id, scope;

-- name: posts-of
-- What $1 posted, and who boosted it.
SELECT id, scope FROM social.post
WHERE "authorId" = $1 OR "boostOfId" IN (SELECT id FROM social.post WHERE "authorId" = $1) ORDER BY id FOR UPDATE;

-- name: reactions-by
DELETE FROM social.reaction WHERE "principalId" = $1 RETURNING id, scope;

-- name: follows-of
-- Of $1 and by $1.
DELETE FROM social.follow WHERE "principalId" = $1 OR "followerId" = $1 RETURNING id, scope;
