-- What the row notify.pipeline asks its own server.

-- name: addresses
INSERT INTO people.email (account, address, confirmed_at)
SELECT id, login || '@example.org', now() FROM people.principal WHERE login LIKE 'told%';

-- name: due
UPDATE notify.delivery SET next_at = now();

-- name: waiting
SELECT count(*) FROM notify.delivery WHERE dead_at IS NULL;
