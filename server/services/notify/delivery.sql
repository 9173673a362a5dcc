-- The outbox. $1 and so on as in delivery.c.

-- name: add
-- What was told in the private scope $1, of kind $2, as notification $3, is mailed in $4 minutes to whoever wants it.
INSERT INTO notify.delivery (account, channel, entity, payload, next_at)
SELECT a.id, 'email', 'notification:' || $3, jsonb_build_object('notification', $3::bigint),
  notify.mail_at(s.email::jsonb, p."timeZone", $4::integer)
FROM people.account a
JOIN people.email e ON e.account = a.id AND e.confirmed_at IS NOT NULL
JOIN people.principal p ON p.id = a.id
LEFT JOIN people.settings s ON s.scope = a.private_scope AND s.id = a.id
WHERE a.private_scope = $1::bigint AND notify.is_mailed(s.email::jsonb, $2);

-- name: add-direct
-- $1: the scope of a direct room, $2: who wrote, $3: the message, $4: minutes. One letter a room waits; what comes while
-- it leaves is told in the next one.
INSERT INTO notify.delivery AS d (account, channel, entity, payload, next_at)
SELECT a.id, 'email', 'room:' || r.id, jsonb_build_object('room', r.id, 'since', $3::bigint),
  notify.mail_at(s.email::jsonb, p."timeZone", $4::integer)
FROM chat.room r
JOIN sync.member m ON m.scope = r.scope AND m.to_xid IS NULL AND m.account <> $2::bigint
JOIN people.account a ON a.id = m.account AND a.disabled_at IS NULL
JOIN people.email e ON e.account = a.id AND e.confirmed_at IS NOT NULL
JOIN people.principal p ON p.id = a.id
LEFT JOIN people.settings s ON s.scope = a.private_scope AND s.id = a.id
LEFT JOIN chat.read_marker k ON k.scope = a.private_scope AND k.id = r.id
WHERE r.scope = $1::bigint AND r.kind = 'direct' AND k."isMuted" IS NOT TRUE AND notify.is_mailed(s.email::jsonb, 'message')
ON CONFLICT (account, channel, entity) DO UPDATE
SET payload = CASE WHEN d.dead_at IS NULL THEN d.payload || jsonb_build_object('again', $3::bigint)
                   ELSE excluded.payload END,
    next_at = CASE WHEN d.dead_at IS NULL THEN d.next_at ELSE excluded.next_at END,
    attempts = CASE WHEN d.dead_at IS NULL THEN d.attempts ELSE 0 END, dead_at = NULL
WHERE d.dead_at IS NOT NULL OR d.leased_until > now() AND NOT d.payload ? 'again';

-- name: add-message
-- The same for the topic, at once.
INSERT INTO notify.delivery (account, channel, entity, payload)
SELECT a.id, 'sns', 'notification:' || $2, jsonb_build_object('notification', $2::bigint)
FROM people.account a WHERE a.private_scope = $1::bigint;

-- name: topic
-- Of notification $1, unless it is read: what is published.
SELECT jsonb_build_object('id', 't' || n.id, 'account', 't' || a.id, 'kind', n.kind, 'subjectType', n."subjectType",
    'subjectId', 't' || n."subjectId")::text, n.kind, 't' || a.id
FROM notify.notification n JOIN people.account a ON a.private_scope = n.scope
WHERE n.id = $1::bigint AND NOT n."isRead";

-- name: add-letter
-- To $1 letter $2, at once; one that waits is not written twice.
INSERT INTO notify.delivery (account, channel, entity, payload)
VALUES ($1::bigint, 'email', 'letter:' || $2, jsonb_build_object('letter', $2))
ON CONFLICT (account, channel, entity) DO UPDATE
SET attempts = 0, next_at = now(), dead_at = NULL, last_error = NULL;

-- name: claim
-- By channel $1 for $2 seconds: what is due first, and with a notification all others of the same person. attempts
-- counts this try, so that a dying process counts.
WITH first AS (
  SELECT id, account, channel = 'sns' OR payload ? 'letter' AS alone FROM notify.delivery
  WHERE channel = $1 AND dead_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until <= now())
  ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED),
others AS (
  SELECT d.id FROM notify.delivery d, first
  WHERE NOT first.alone AND d.account = first.account AND d.channel = $1 AND d.dead_at IS NULL AND d.id <> first.id
    AND NOT d.payload ? 'letter' AND (d.leased_until IS NULL OR d.leased_until <= now())
  ORDER BY d.id LIMIT 99 FOR UPDATE OF d SKIP LOCKED)
UPDATE notify.delivery d
SET leased_until = now() + $2::integer * interval '1 second', attempts = d.attempts + 1
WHERE d.id IN (SELECT id FROM first UNION ALL SELECT id FROM others)
RETURNING d.id, d.account, d.attempts, d.payload ->> 'notification', d.payload ->> 'letter', d.payload ->> 'room',
  d.payload ->> 'since';

-- name: next-due
-- Microseconds since 1970; null when nothing waits.
SELECT (extract(epoch FROM min(greatest(next_at, leased_until))) * 1000000)::bigint
FROM notify.delivery WHERE channel = $1 AND dead_at IS NULL;

-- name: done
WITH more AS (
  UPDATE notify.delivery
  SET payload = jsonb_build_object('room', payload -> 'room', 'since', payload -> 'again'), attempts = 0,
      leased_until = NULL, last_error = NULL, next_at = now() + interval '1 minute'
  WHERE id = ANY ($1::bigint[]) AND payload ? 'again')
DELETE FROM notify.delivery WHERE id = ANY ($1::bigint[]) AND NOT payload ? 'again';

-- name: later
-- In $2 milliseconds, because of $3.
UPDATE notify.delivery
SET leased_until = NULL, next_at = now() + $2::bigint * interval '1 millisecond', last_error = $3
WHERE id = ANY ($1::bigint[]);

-- name: away
-- Nothing was said of them: the try does not count.
UPDATE notify.delivery SET leased_until = NULL, attempts = attempts - 1, last_error = $2
WHERE id = ANY ($1::bigint[]);

-- name: bury
UPDATE notify.delivery SET leased_until = NULL, dead_at = now(), last_error = $2 WHERE id = ANY ($1::bigint[]);
