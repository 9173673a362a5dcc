-- name: private-scope
-- $1: an account. Nobody is told who is not there any more.
SELECT private_scope FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: about
-- What was told about $1, to be told no more.
DELETE FROM notify.notification WHERE "subjectId" = $1 RETURNING id, scope;

-- name: about-room
-- The same for the messages in scope $1.
DELETE FROM notify.notification n USING chat.message m
WHERE m.scope = $1 AND n."subjectId" = m.id RETURNING n.id, n.scope;

-- name: taken-back
-- What $1 was told of kind $2 about $3, done by $4; $5: what it said, or null.
DELETE FROM notify.notification n USING people.account a
WHERE a.id = $1::bigint AND n.scope = a.private_scope AND n.kind = $2 AND n."subjectId" = $3::bigint
  AND n."actorId" = $4::bigint AND ($5::text IS NULL OR n.preview = $5)
RETURNING n.id, n.scope;

-- name: named
-- People with the logins $1, which are in lower case.
SELECT id, lower(login) FROM people.principal WHERE lower(login) = ANY ($1::text[]);
