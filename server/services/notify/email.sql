-- name: whom
SELECT e.address, e.language, p.name, p.login, e.confirmed_at IS NOT NULL
FROM people.email e JOIN people.principal p ON p.id = e.account JOIN people.account a ON a.id = e.account
WHERE e.account = $1::bigint AND a.disabled_at IS NULL;

-- name: news
-- Of the notifications $1 what nobody has seen yet: by what it is about, who did it first, how many did, what they said.
SELECT min(n.id) AS id, n.kind, n."subjectType", n."subjectId", count(DISTINCT n."actorId") - 1,
  (array_agg(p.name ORDER BY n.id))[1], string_agg(n.preview, E'\n' ORDER BY n.id)
FROM notify.notification n LEFT JOIN people.principal p ON p.id = n."actorId"
WHERE n.id = ANY ($1::bigint[]) AND NOT n."isRead"
  AND NOT EXISTS (SELECT FROM notify.inbox_mark m WHERE m.scope = n.scope AND m.id = n.id AND m."isDone")
GROUP BY n.kind, n."subjectType", n."subjectId" ORDER BY 1;

-- name: password-link
-- $1: account, $2: hash.
INSERT INTO people.password_link (hash, account, expires_at)
VALUES (decode($2, 'hex'), $1::bigint, now() + interval '30 minutes');
