-- name: deliveries
-- $1: only those that were given up.
SELECT d.id, p.login AS "to", d.channel, d.entity AS about,
       CASE WHEN d.dead_at IS NOT NULL THEN 'dead' WHEN d.leased_until > now() THEN 'leaves'
            WHEN d.last_error IS NOT NULL THEN 'fails' ELSE 'waits' END AS state,
       to_char(CASE WHEN d.dead_at IS NULL THEN d.next_at END AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next,
       d.attempts, d.last_error AS error
FROM notify.delivery d JOIN people.principal p ON p.id = d.account
WHERE d.dead_at IS NOT NULL OR NOT $1::boolean ORDER BY d.id;

-- name: delivery-replay
-- $1: its id, or “all” that were given up.
UPDATE notify.delivery SET dead_at = NULL, attempts = 0, next_at = now(), leased_until = NULL
WHERE CASE WHEN $1 = 'all' THEN dead_at IS NOT NULL ELSE id::text = $1 END RETURNING id, entity AS about;
