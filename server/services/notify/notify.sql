-- name: private-scope
-- $1: an account. Nobody is told who is not there any more.
SELECT private_scope FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: is-silenced
-- $1: whose private scope, $2: who did it, $3: what it says, or null. Does a filter let nobody be told? Words are found
-- whole, in any case; those of scripts without spaces by their letters.
SELECT EXISTS (
  SELECT FROM people.content_filter f
  WHERE f.scope = $1::bigint AND f.action = 'silence' AND (f."expiresAt" IS NULL OR f."expiresAt" > now())
    AND (f.kinds IS NULL OR f.kinds::jsonb ? 'notifications')
    AND (f."personId" IS NULL OR f."personId" = $2::bigint)
    AND (f.words IS NULL OR EXISTS (
      SELECT FROM regexp_split_to_table(f.words, '\n') AS line
      WHERE trim(line) <> '' AND (
        to_tsvector('simple', $3::text) @@ phraseto_tsquery('simple', line)
        OR line !~ '[\x01-\x7f]' AND position(trim(line) IN $3::text) > 0))));

-- What is told no more goes with its mark in the inbox: id, scope, type.

-- name: about
-- What was told about $1.
WITH gone AS (DELETE FROM notify.notification WHERE "subjectId" = $1 RETURNING id, scope),
marks AS (
  DELETE FROM notify.inbox_mark m USING gone WHERE m.id = gone.id AND m.scope = gone.scope RETURNING m.id, m.scope)
SELECT id, scope, 19 FROM gone UNION ALL SELECT id, scope, 20 FROM marks;

-- name: about-room
-- About the messages in scope $1, before they go.
WITH gone AS (
  DELETE FROM notify.notification n USING chat.message m
  WHERE m.scope = $1 AND n."subjectId" = m.id RETURNING n.id, n.scope),
marks AS (
  DELETE FROM notify.inbox_mark m USING gone WHERE m.id = gone.id AND m.scope = gone.scope RETURNING m.id, m.scope)
SELECT id, scope, 19 FROM gone UNION ALL SELECT id, scope, 20 FROM marks;

-- name: about-lost
-- What $1 was told about what lies in scope $2.
WITH gone AS (
  DELETE FROM notify.notification n USING people.account a
  WHERE a.id = $1 AND n.scope = a.private_scope
    AND (EXISTS (SELECT FROM chat.message m WHERE m.id = n."subjectId" AND m.scope = $2)
      OR EXISTS (SELECT FROM social.post p WHERE p.id = n."subjectId" AND p.scope = $2))
  RETURNING n.id, n.scope),
marks AS (
  DELETE FROM notify.inbox_mark m USING gone WHERE m.id = gone.id AND m.scope = gone.scope RETURNING m.id, m.scope)
SELECT id, scope, 19 FROM gone UNION ALL SELECT id, scope, 20 FROM marks;

-- name: taken-back
-- What $1 was told of kind $2 about $3, done by $4; $5: what it said, or null.
WITH gone AS (
  DELETE FROM notify.notification n USING people.account a
  WHERE a.id = $1::bigint AND n.scope = a.private_scope AND n.kind = $2 AND n."subjectId" = $3::bigint
    AND n."actorId" = $4::bigint AND ($5::text IS NULL OR n.preview = $5)
  RETURNING n.id, n.scope),
marks AS (
  DELETE FROM notify.inbox_mark m USING gone WHERE m.id = gone.id AND m.scope = gone.scope RETURNING m.id, m.scope)
SELECT id, scope, 19 FROM gone UNION ALL SELECT id, scope, 20 FROM marks;

-- name: about-person
-- What anybody was told of $1's doings.
WITH gone AS (DELETE FROM notify.notification WHERE "actorId" = $1 RETURNING id, scope),
marks AS (
  DELETE FROM notify.inbox_mark m USING gone WHERE m.id = gone.id AND m.scope = gone.scope RETURNING m.id, m.scope)
SELECT id, scope, 19 FROM gone UNION ALL SELECT id, scope, 20 FROM marks;

-- name: shares-by
DELETE FROM notify.share_notification WHERE "changedBy"->>'principalId' = 't' || $1::bigint RETURNING id, scope;

-- name: named
-- People with the logins $1, which are in lower case.
SELECT id, lower(login) FROM people.principal WHERE lower(login) = ANY ($1::text[]);

-- name: share-between
-- Where $1 is told that $2 did something, and the name of $2.
SELECT a.private_scope, p.name FROM people.account a, people.principal p
WHERE a.id = $1 AND a.disabled_at IS NULL AND p.id = $2;

-- name: old-shares
DELETE FROM notify.share_notification WHERE scope = $1 AND id <= (
  SELECT id FROM notify.share_notification WHERE scope = $1 ORDER BY id DESC OFFSET 100 LIMIT 1)
RETURNING id;
