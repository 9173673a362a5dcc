-- name: private-scope
-- $1: an account. Nobody is told who is not there any more.
SELECT private_scope FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: about
-- What was told about $1, to be told no more.
DELETE FROM notify.notification WHERE "subjectId" = $1 RETURNING id, scope;
