-- Feeds and their articles; who follows them is in sync.member of the feed's scope.

-- name: feed
-- $1: feed. The last: does anybody follow it, and did an administrator pause it (tidelinectl feeds pause)?
SELECT f.scope, f.url, f.etag, f.last_modified, encode(f.body_hash, 'hex'), f.error, f.interval_minutes,
  f.failures, EXISTS (SELECT FROM sync.member m WHERE m.scope = f.scope AND m.to_xid IS NULL),
  EXISTS (SELECT FROM sync.job j WHERE j.kind = 'feed.paused' AND j.key = f.id::text)
FROM news.feed f WHERE f.id = $1::bigint;

-- name: feed-unchanged
-- $1: feed, $2: etag, $3: last_modified, $4: minutes. For a feed without error: nothing to tell.
UPDATE news.feed SET "fetchedAt" = now(), failures = 0, etag = $2, last_modified = $3,
  interval_minutes = $4::integer
WHERE id = $1::bigint;

-- name: feed-read
-- $1: feed, $2: title, $3: homeUrl, $4: description (null: as they are when $5), $5: was it unchanged,
-- $6: error, $7: etag, $8: last_modified, $9: body hash, $10: minutes, $11: its address from now on,
-- unless another feed has that. What a client sees changed, or null.
UPDATE news.feed f SET
  title = CASE WHEN $5::boolean THEN f.title ELSE $2 END,
  "homeUrl" = CASE WHEN $5::boolean THEN f."homeUrl" ELSE $3 END,
  description = CASE WHEN $5::boolean THEN f.description ELSE $4 END,
  error = $6::text,
  "errorAt" = CASE WHEN $6::text IS NULL THEN NULL WHEN f.error = $6::text THEN f."errorAt" ELSE now() END,
  "fetchedAt" = now(), failures = 0, etag = $7, last_modified = $8, body_hash = decode($9, 'hex'),
  interval_minutes = $10::integer,
  url = CASE WHEN EXISTS (SELECT FROM news.feed o WHERE o.url = $11) THEN f.url ELSE $11 END
FROM (SELECT * FROM news.feed WHERE id = $1::bigint FOR UPDATE) old
WHERE f.id = old.id
RETURNING nullif(concat_ws(',',
  CASE WHEN f.url <> old.url THEN 'url' END,
  CASE WHEN f."homeUrl" IS DISTINCT FROM old."homeUrl" THEN 'homeUrl' END,
  CASE WHEN f.title IS DISTINCT FROM old.title THEN 'title' END,
  CASE WHEN f.description IS DISTINCT FROM old.description THEN 'description' END,
  CASE WHEN f.error IS DISTINCT FROM old.error THEN 'error,errorAt' END), '');

-- name: feed-failed
-- $1: feed, $2: the sentence. What a client sees changed, or null.
UPDATE news.feed f SET error = $2, failures = f.failures + 1,
  "errorAt" = CASE WHEN f.error = $2 THEN f."errorAt" ELSE now() END
FROM (SELECT * FROM news.feed WHERE id = $1::bigint FOR UPDATE) old
WHERE f.id = old.id
RETURNING CASE WHEN old.error IS DISTINCT FROM f.error THEN 'error,errorAt' END;

-- name: known
-- $1: feed, $2: guids as a JSON array.
SELECT guid, encode(content_hash, 'hex') FROM news.article
WHERE "feedId" = $1::bigint AND guid = ANY (ARRAY (SELECT json_array_elements_text($2::json)));

-- name: articles
-- $1: feed, $2: its scope, $3: articles as a JSON array, oldest first. An article that says nothing
-- of its date keeps the one it got first. Gives id and whether it is new, without the unchanged ones.
INSERT INTO news.article AS a ("feedId", scope, guid, content_hash, url, title, author, summary,
  blocks, image, "wordCount", "publishedAt", search)
SELECT $1::bigint, $2::bigint, r.guid, decode(r.hash, 'hex'), r.url, r.title, r.author, r.summary,
  r.blocks, r.image, r.words, coalesce(to_timestamp(r.published / 1000.0), now()),
  search.vector(r.title, r.text)
FROM json_to_recordset($3::json) AS r (n integer, guid text, hash text, url text, title text,
  author text, summary text, blocks json, image json, words bigint, published bigint, text text)
ORDER BY r.n
ON CONFLICT ("feedId", guid) DO UPDATE SET content_hash = excluded.content_hash, url = excluded.url,
  title = excluded.title, author = excluded.author, summary = excluded.summary,
  blocks = excluded.blocks, image = excluded.image, "wordCount" = excluded."wordCount",
  "publishedAt" = CASE WHEN excluded."publishedAt" = now() THEN a."publishedAt"
                       ELSE excluded."publishedAt" END,
  search = excluded.search
WHERE a.content_hash <> excluded.content_hash
RETURNING a.id, a.xmax = 0;

-- name: pictures
-- $1: [hash, address] pairs as a JSON array. In one order, so that two feeds don't wait for each other.
INSERT INTO news.picture (hash, url)
SELECT DISTINCT ON (p->>0) p->>0, p->>1 FROM json_array_elements($1::json) p ORDER BY p->>0
ON CONFLICT DO NOTHING;

-- name: feed-by-url
-- The last: is it worth a look at once?
SELECT id, scope, error IS NOT NULL OR coalesce("fetchedAt" < now() - interval '1 hour', true)
FROM news.feed WHERE url = $1;

-- name: feed-new
-- $1: scope, $2: url. Nothing when somebody else was faster.
INSERT INTO news.feed (scope, url) VALUES ($1::bigint, $2) ON CONFLICT (url) DO NOTHING RETURNING id;

-- name: scope-drop
DELETE FROM sync.scope WHERE id = $1::bigint;

-- name: feed-scope
SELECT scope FROM news.feed WHERE id = $1::bigint;

-- name: is-followed
-- $1: private scope, $2: feed.
SELECT EXISTS (SELECT FROM news.subscription WHERE scope = $1::bigint AND "feedId" = $2::bigint);

-- name: article-scope
SELECT scope FROM news.article WHERE id = $1::bigint;

-- name: picture
-- The last: did it fail less than an hour ago?
SELECT p.url, p.blob, b.type, p.error, coalesce(p.tried_at > now() - interval '1 hour', false)
FROM news.picture p LEFT JOIN storage.blob b ON b.id = p.blob WHERE p.hash = $1;

-- name: picture-keep
-- $1: hash, $2: blob, $3: size, $4: type.
WITH kept AS (
  INSERT INTO storage.blob (id, size, type) VALUES ($2, $3::bigint, $4)
  ON CONFLICT (id) DO UPDATE SET touched_at = now())
UPDATE news.picture SET blob = $2, error = NULL, tried_at = now() WHERE hash = $1;

-- name: picture-failed
UPDATE news.picture SET error = $2, tried_at = now() WHERE hash = $1 AND blob IS NULL;
