-- Leases. A claimed job's run_at is its lease's end; when it lies before that, somebody asked for the
-- job again while it ran, and it runs once more.

-- name: claim
-- $1: kinds, $2: seconds of their leases. attempts counts this run, so that a dying process counts.
WITH due AS (
  SELECT j.id, k.seconds FROM sync.job j
  JOIN unnest($1::text[], $2::integer[]) AS k (kind, seconds) USING (kind)
  WHERE j.run_at <= now() AND (j.leased_until IS NULL OR j.leased_until <= now())
  ORDER BY j.run_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
UPDATE sync.job j
SET run_at = now() + due.seconds * interval '1 second',
    leased_until = now() + due.seconds * interval '1 second',
    leased_by = gen_random_uuid(), attempts = j.attempts + 1
FROM due WHERE j.id = due.id
RETURNING j.id, j.kind, j.key, j.payload, j.attempts - 1, j.leased_by;

-- name: remove
-- $1: job, $2: its lease. The row is locked first: whoever asks for the job just now is waited for, and seen.
WITH mine AS (
  SELECT id, run_at < leased_until AS again FROM sync.job WHERE id = $1 AND leased_by = $2 FOR UPDATE),
gone AS (
  DELETE FROM sync.job j USING mine WHERE j.id = mine.id AND NOT mine.again)
UPDATE sync.job j SET leased_until = NULL, leased_by = NULL, attempts = 0, last_error = NULL
FROM mine WHERE j.id = mine.id AND mine.again;

-- name: repeat
-- $3: when, microseconds since 1970.
UPDATE sync.job
SET run_at = CASE WHEN run_at < leased_until THEN run_at
                  ELSE to_timestamp($3::bigint / 1000000.0) END,
    leased_until = NULL, leased_by = NULL, attempts = 0, last_error = NULL
WHERE id = $1 AND leased_by = $2;

-- name: retry
-- $3: in how many milliseconds, $4: why.
UPDATE sync.job
SET run_at = CASE WHEN run_at < leased_until THEN run_at
                  ELSE now() + $3::bigint * interval '1 millisecond' END,
    leased_until = NULL, leased_by = NULL, last_error = $4
WHERE id = $1 AND leased_by = $2;

-- name: next-due
-- Milliseconds until the next of the kinds $1 can be claimed; null when there is none.
SELECT ceil(extract(epoch FROM min(greatest(run_at, leased_until)) - now()) * 1000)::bigint
FROM sync.job WHERE kind = ANY ($1::text[]);

-- name: enqueue
-- $4: when, microseconds since 1970.
INSERT INTO sync.job (kind, key, payload, run_at)
VALUES ($1, $2, $3::jsonb, to_timestamp($4::bigint / 1000000.0))
ON CONFLICT (kind, key) DO UPDATE
SET run_at = least(job.run_at, excluded.run_at), payload = excluded.payload;
