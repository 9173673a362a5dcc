-- What tidelinectl asks about jobs and feeds. $1: a job's or feed's id as text, or what is said.

-- name: jobs
SELECT id, kind, key,
       CASE WHEN leased_until > now() THEN 'runs' WHEN last_error IS NOT NULL THEN 'fails'
            ELSE 'waits' END AS state,
       to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next, attempts,
       last_error AS error
FROM sync.job WHERE kind <> 'feed.paused' ORDER BY run_at, id;

-- name: job-retry
-- One that runs is run once more.
UPDATE sync.job SET run_at = now() WHERE id::text = $1 RETURNING id, kind, key;

-- name: job-drop
-- What has to go on for ever (feeds, the purge) is never dropped.
DELETE FROM sync.job
WHERE id::text = $1 AND last_error IS NOT NULL AND kind NOT IN ('feed.fetch', 'purge', 'deliver')
  AND (leased_until IS NULL OR leased_until <= now())
RETURNING id, kind, key;

-- name: feeds
-- $1: only those that fail.
SELECT f.id, f.url, f.title,
       to_char(f."fetchedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS fetched,
       to_char(j.run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next,
       (SELECT count(*) FROM news.subscription s WHERE s."feedId" = f.id) AS subscribers,
       f.failures, EXISTS (SELECT FROM sync.job p WHERE p.kind = 'feed.paused' AND p.key = f.id::text) AS paused,
       coalesce(f.error, j.last_error) AS error
FROM news.feed f LEFT JOIN sync.job j ON j.kind = 'feed.fetch' AND j.key = f.id::text
WHERE NOT $1::boolean OR j.last_error IS NOT NULL
  OR f.error IS NOT NULL AND NOT EXISTS (SELECT FROM sync.job p WHERE p.kind = 'feed.paused' AND p.key = f.id::text)
ORDER BY f.id;

-- name: feed-refresh
-- $1: id or address.
WITH feed AS (
  SELECT f.id, f.url FROM news.feed f WHERE f.id::text = $1 OR f.url = $1),
asked AS (
  INSERT INTO sync.job (kind, key) SELECT 'feed.fetch', id::text FROM feed
  ON CONFLICT (kind, key) DO UPDATE SET run_at = least(job.run_at, excluded.run_at))
SELECT id, url FROM feed;

-- A paused feed has a job of a kind that nobody runs. Its fetch runs once more, and says so to its readers.

-- name: feed-pause
-- $1: id or address.
WITH feed AS (
  SELECT f.id, f.url FROM news.feed f WHERE f.id::text = $1 OR f.url = $1),
mark AS (
  INSERT INTO sync.job (kind, key, run_at) SELECT 'feed.paused', id::text, 'infinity' FROM feed
  ON CONFLICT (kind, key) DO NOTHING),
asked AS (
  INSERT INTO sync.job (kind, key) SELECT 'feed.fetch', id::text FROM feed
  ON CONFLICT (kind, key) DO UPDATE SET run_at = least(job.run_at, excluded.run_at))
SELECT id, url FROM feed;

-- name: feed-resume
-- $1: id or address. No row: it is not paused.
WITH gone AS (
  DELETE FROM sync.job j USING news.feed f
  WHERE (f.id::text = $1 OR f.url = $1) AND j.kind = 'feed.paused' AND j.key = f.id::text
  RETURNING f.id, f.url),
asked AS (
  INSERT INTO sync.job (kind, key) SELECT 'feed.fetch', id::text FROM gone
  ON CONFLICT (kind, key) DO UPDATE SET run_at = least(job.run_at, excluded.run_at))
SELECT id, url FROM gone;
