-- name: count-people
SELECT count(*) FROM people.account;

-- name: server
SELECT current_setting('server_version'), current_setting('server_version_num')::integer,
       extract(epoch FROM clock_timestamp());

-- name: schema
SELECT coalesce(max(number), 0) FROM public.tideline_migration;

-- name: people
SELECT count(*), count(*) FILTER (WHERE role = 'admin' AND disabled_at IS NULL) FROM people.account;

-- name: failing-jobs
SELECT count(*), max(kind || ' “' || key || '”: ' || last_error) FROM sync.job WHERE attempts >= 5;

-- name: waiting
-- Who waits for a lock, and for whom.
SELECT count(DISTINCT w.pid), min(b.pid), min(b.application_name), min(b.state),
       extract(epoch FROM max(now() - b.xact_start))::bigint
FROM pg_stat_activity w CROSS JOIN unnest(pg_blocking_pids(w.pid)) AS p (pid) JOIN pg_stat_activity b ON b.pid = p.pid
WHERE w.datname = current_database();

-- name: status
-- $1: how the stand-alone server is, NULL when it is none.
SELECT * FROM (VALUES
  ('Stand-alone server', $1::text),
  ('People', (SELECT count(*) FROM people.account WHERE erased_at IS NULL)::text),
  ('Signed-in devices', (SELECT count(*) FROM people.session
                         WHERE revoked_at IS NULL AND expires_at > now())::text),
  ('Feeds', (SELECT count(*) || ' (' || count(*) FILTER (WHERE error IS NOT NULL AND p.key IS NULL) || ' failing, '
                    || count(p.key) || ' paused)'
             FROM news.feed f LEFT JOIN sync.job p ON p.kind = 'feed.paused' AND p.key = f.id::text)),
  ('Articles', (SELECT count(*) FROM news.article)::text),
  ('Rooms', (SELECT count(*) FROM chat.room)::text),
  ('Messages', (SELECT count(*) FROM chat.message)::text),
  ('Files', (SELECT count(*) || ', ' || pg_size_pretty(coalesce(sum(size), 0)) FROM storage.blob)),
  ('Jobs', (SELECT count(*) || ' (' || count(*) FILTER (WHERE last_error IS NOT NULL) || ' failing)'
            FROM sync.job WHERE kind <> 'feed.paused')),
  ('Database', pg_size_pretty(pg_database_size(current_database())))) AS line (what, value)
WHERE value IS NOT NULL;
