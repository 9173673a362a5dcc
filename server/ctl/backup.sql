-- Backup and restore.

-- name: snapshot
SELECT pg_export_snapshot(), current_setting('server_version'),
       (SELECT max(number) FROM public.tideline_migration), (SELECT epoch FROM sync.epoch);

-- name: read-only
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

-- name: hold-bytes
-- As long as this connection lasts, no bytes of blobs are removed (server/services/storage/collect.h).
SELECT pg_advisory_lock_shared(hashtextextended('storage.removed', 0));

-- name: blobs
SELECT id, size FROM storage.blob ORDER BY id;

-- name: count-rows
SELECT n.nspname || '.' || c.relname,
       (xpath('/row/n/text()', query_to_xml(
          format('SELECT count(*) AS n FROM %I.%I', n.nspname, c.relname), false, true, '')))[1]::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
ORDER BY 1;

-- name: in-use
SELECT to_regclass('public.tideline_migration') IS NOT NULL;

-- name: others
-- How many of Tideline's programs are at work in this database.
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'tidelined';

-- restore --force: what is there stands aside, under another name, until the other is there.

-- name: set-aside
DO $$
DECLARE s text;
BEGIN
  FOREACH s IN ARRAY ARRAY['sync', 'people', 'storage', 'news', 'chat', 'social', 'calendar', 'notify', 'search'] LOOP
    IF to_regnamespace(s) IS NOT NULL THEN
      EXECUTE format('ALTER SCHEMA %I RENAME TO %I', s, 'before_' || s);
    END IF;
  END LOOP;
  CREATE SCHEMA before_public;
  ALTER TABLE public.tideline_migration SET SCHEMA before_public;
END $$;

-- name: forget-aside
DO $$
DECLARE s text;
BEGIN
  FOR s IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before\_%' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', s);
  END LOOP;
END $$;

-- name: bring-back
DO $$
DECLARE s text;
BEGIN
  DROP TABLE IF EXISTS public.tideline_migration;
  ALTER TABLE before_public.tideline_migration SET SCHEMA public;
  DROP SCHEMA before_public;
  FOR s IN SELECT substr(nspname, 8) FROM pg_namespace WHERE nspname LIKE 'before\_%' LOOP
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', s);
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', 'before_' || s, s);
  END LOOP;
END $$;

-- name: begin-epoch
-- Seen as another cluster's by the migration that follows, even on the same one; the number is new even
-- when one backup is restored twice (seconds since 2020).
UPDATE sync.epoch
SET system_id = 0, epoch = greatest(epoch, extract(epoch FROM now())::bigint - 1577836800);
