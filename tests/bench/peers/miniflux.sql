-- Statements for Miniflux's own database.

-- name: create
CREATE DATABASE miniflux

-- name: extend
CREATE EXTENSION IF NOT EXISTS hstore

-- name: key
-- $1: the token of the one user.
INSERT INTO api_keys (user_id, token, description) SELECT id, $1, 'bench' FROM users

-- name: forget
DELETE FROM feeds

-- name: subscribe
-- $1: how many feeds, $2: where they are served. Each has an icon: otherwise one would be looked for.
WITH icon AS (
  INSERT INTO icons (hash, mime_type, content) VALUES (md5($2), 'image/png', '\x00') RETURNING id),
feeds AS (
  INSERT INTO feeds (user_id, category_id, title, feed_url, site_url, next_check_at)
  SELECT u.id, c.id, 'Feed ' || i, $2 || i, 'https://feed' || i || '.example/', now() - interval '1 hour'
  FROM users u JOIN categories c ON c.user_id = u.id, generate_series(0, $1::integer - 1) i RETURNING id)
INSERT INTO feed_icons (feed_id, icon_id) SELECT feeds.id, icon.id FROM feeds, icon

-- name: due
SELECT count(*) FROM feeds WHERE next_check_at < now()

-- name: entries
SELECT count(*) FROM entries

-- name: newest
SELECT max(id) FROM entries

-- name: analyze
VACUUM ANALYZE
