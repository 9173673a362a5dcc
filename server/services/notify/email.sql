-- name: whom
SELECT e.address, e.language, p.name, p.login, e.confirmed_at IS NOT NULL
FROM people.email e JOIN people.principal p ON p.id = e.account JOIN people.account a ON a.id = e.account
WHERE e.account = $1::bigint AND a.disabled_at IS NULL;

-- name: news
-- Of the notifications $1 what nobody has seen yet: by what it is about, who did it first, how many did, what they said;
-- and what was written to $2 in the rooms $3 since the messages $4.
SELECT min(n.id) AS id, n.kind, n."subjectType", n."subjectId", count(DISTINCT n."actorId") - 1,
  (array_agg(p.name ORDER BY n.id))[1], string_agg(n.preview, E'\n' ORDER BY n.id)
FROM notify.notification n LEFT JOIN people.principal p ON p.id = n."actorId"
WHERE n.id = ANY ($1::bigint[]) AND NOT n."isRead"
  AND NOT EXISTS (SELECT FROM notify.inbox_mark m WHERE m.scope = n.scope AND m.id = n.id AND m."isDone")
GROUP BY n.kind, n."subjectType", n."subjectId"
UNION ALL
SELECT min(m.id), 'message', 'Room', m."roomId", 0, min(p.name), string_agg(left(m.body, 200), E'\n' ORDER BY m.id)
FROM unnest($3::bigint[], $4::bigint[]) AS w (room, since)
JOIN chat.message m ON m."roomId" = w.room AND m.id >= w.since AND m."senderId" <> $2::bigint
JOIN people.principal p ON p.id = m."senderId"
JOIN people.account a ON a.id = $2::bigint
JOIN sync.member i ON i.scope = m.scope AND i.account = a.id AND i.to_xid IS NULL
LEFT JOIN chat.read_marker k ON k.scope = a.private_scope AND k.id = m."roomId"
WHERE m.seq > coalesce(k."upTo", 0) AND k."isMuted" IS NOT TRUE AND NOT EXISTS (
  SELECT FROM people.content_filter f
  WHERE f.scope = a.private_scope AND f.action = 'silence' AND f."personId" = m."senderId" AND f.words IS NULL
    AND (f."expiresAt" IS NULL OR f."expiresAt" > now()))
GROUP BY m."roomId" ORDER BY 1;

-- name: password-link
-- $1: account, $2: hash.
INSERT INTO people.password_link (hash, account, expires_at)
VALUES (decode($2, 'hex'), $1::bigint, now() + interval '30 minutes');
