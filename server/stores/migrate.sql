-- name: lock
SELECT pg_advisory_xact_lock(7205331804121);

-- name: table
CREATE TABLE IF NOT EXISTS public.tideline_migration (
  number integer PRIMARY KEY,
  name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

-- name: newest
SELECT coalesce(max(number), 0) FROM public.tideline_migration;

-- name: applied
INSERT INTO public.tideline_migration (number, name) VALUES ($1, $2);

-- name: epoch_first
INSERT INTO sync.epoch (system_id, timeline)
SELECT s.system_identifier, c.timeline_id FROM pg_control_system() s, pg_control_checkpoint() c
ON CONFLICT DO NOTHING;

-- name: epoch_other_system
UPDATE sync.epoch e SET epoch = e.epoch + 1, system_id = s.system_identifier, timeline = c.timeline_id, log_from = '0'
FROM pg_control_system() s, pg_control_checkpoint() c
WHERE e.system_id <> s.system_identifier
RETURNING e.epoch;

-- name: epoch_timeline
UPDATE sync.epoch e SET timeline = c.timeline_id
FROM pg_control_checkpoint() c WHERE e.timeline <> c.timeline_id;

-- name: forget_log
TRUNCATE sync.change;

-- name: forget_members
DELETE FROM sync.member WHERE to_xid IS NOT NULL;

-- name: renew_members
UPDATE sync.member SET from_xid = pg_current_xact_id();

-- name: renew_scopes
UPDATE sync.scope SET last_xid = pg_current_xact_id();

-- name: skip_ids
-- What was made after a backup is gone, but what waits on devices still names it: no other object may get its id.
SELECT setval('sync.object_id', nextval('sync.object_id') + 1000000000);
