-- Keys that sign access tokens.

-- name: keys
-- Newest first. A key is told of until no token that it signed can be good any more.
SELECT k.kid, encode(k.public, 'hex'), encode(k.private, 'hex'), extract(epoch FROM k.use_from)::bigint
FROM people.signing_key k
WHERE NOT EXISTS (
  SELECT FROM people.signing_key n WHERE n.use_from > k.use_from AND n.use_from < now() - interval '20 minutes')
ORDER BY k.use_from DESC;

-- name: lock
-- Whoever makes one takes turns. A statement of its own: the next one sees what was committed while this one waited.
SELECT pg_advisory_xact_lock(hashtext('people.signing_key'));

-- name: newest
-- And may it go on? It signs for thirty days, unless an administrator says that it is over.
SELECT kid, NOT is_over AND use_from > now() - interval '30 days' FROM people.signing_key ORDER BY use_from DESC LIMIT 1;

-- name: add
-- $1: kid, $2: public, $3: private and sealed, $4: at once, as there is none that could sign meanwhile?
INSERT INTO people.signing_key (kid, public, private, use_from)
VALUES ($1, decode($2, 'hex'), decode($3, 'hex'), CASE WHEN $4::boolean THEN now() ELSE now() + interval '5 minutes' END);
