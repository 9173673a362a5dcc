-- Backup and restore.

-- name: snapshot
SELECT pg_export_snapshot(), current_setting('server_version'),
       (SELECT max(number) FROM public.tideline_migration), (SELECT epoch FROM sync.epoch);

-- name: read-only
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

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

-- name: begin-epoch
-- Seen as another cluster's by the migration that follows, even on the same one; the number is new even
-- when one backup is restored twice (seconds since 2020).
UPDATE sync.epoch
SET system_id = 0, epoch = greatest(epoch, extract(epoch FROM now())::bigint - 1577836800);
