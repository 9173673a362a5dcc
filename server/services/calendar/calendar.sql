-- Calendars. Parameters are ids.

-- name: calendar-lock
SELECT scope FROM calendar.calendar WHERE id = $1 FOR NO KEY UPDATE;

-- name: calendar-find
SELECT scope, name FROM calendar.calendar WHERE id = $1;

-- name: calendar-close
-- Waits for events that are being written, and keeps new ones away.
SELECT 1 FROM calendar.calendar WHERE id = $1 FOR UPDATE;

-- name: person-known
SELECT count(*) FROM people.account WHERE id = $1 AND disabled_at IS NULL;

-- name: member-add
-- $4 is a role: 1 owner, 2 member, 3 reader.
INSERT INTO calendar.calendar_member (scope, "calendarId", "principalId", role)
VALUES ($1, $2, $3, (ARRAY['owner', 'member', 'reader'])[$4::integer]) RETURNING id;

-- name: member-find
SELECT id FROM calendar.calendar_member WHERE "calendarId" = $1 AND "principalId" = $2;

-- name: owners-beside
SELECT count(*) FROM calendar.calendar_member WHERE "calendarId" = $1 AND "principalId" <> $2 AND role = 'owner';

-- name: members-beside
SELECT count(*) FROM calendar.calendar_member WHERE "calendarId" = $1 AND "principalId" <> $2;

-- name: role-set
-- The membership's role follows the member's. $1: scope, $2: account, $3 as in member-add.
UPDATE sync.member SET role = (ARRAY['owner', 'member', 'reader'])[$3::integer]
WHERE scope = $1 AND account = $2 AND to_xid IS NULL;

-- name: members-delete
DELETE FROM calendar.calendar_member WHERE "calendarId" = $1 RETURNING id, "principalId";

-- name: events-of
SELECT id FROM calendar.event WHERE "calendarId" = $1 ORDER BY id FOR UPDATE;

-- name: event-delete
DELETE FROM calendar.event WHERE id = $1;

-- name: event-marks-delete
DELETE FROM calendar.event_mark WHERE id = $1 RETURNING scope;

-- name: marks-of-leaver
-- What $1 marked in calendar $2 goes with their place in it.
WITH own AS (SELECT private_scope AS scope FROM people.account WHERE id = $1),
events AS (DELETE FROM calendar.event_mark t USING own
  WHERE t.scope = own.scope AND t.id IN (SELECT id FROM calendar.event WHERE "calendarId" = $2)
  RETURNING t.scope, t.id),
calendars AS (DELETE FROM calendar.calendar_mark t USING own
  WHERE t.scope = own.scope AND t.id = $2 RETURNING t.scope, t.id)
SELECT scope, id, 18 FROM events UNION ALL SELECT scope, id, 16 FROM calendars;

-- name: calendar-delete
DELETE FROM calendar.calendar WHERE id = $1;

-- name: event-scope
SELECT scope FROM calendar.event WHERE id = $1;

-- name: uid-taken
-- $1: calendar, $2: uid.
SELECT 1 FROM calendar.event WHERE "calendarId" = $1::bigint AND uid = $2;

-- name: event-span
-- From $2 to $3 in ms; null: for ever. What takes no time is there too.
UPDATE calendar.event SET span =
  tstzrange(to_timestamp($2::bigint / 1000.0), to_timestamp($3::bigint / 1000.0), '[]')
WHERE id = $1::bigint;

-- name: defaults-beside
-- There is one calendar that new events go to. $1: private scope, $2: the one that shall be it.
UPDATE calendar.calendar_mark SET "isDefault" = false WHERE scope = $1 AND id <> $2 AND "isDefault" RETURNING id;

-- name: calendars-of
SELECT id, "calendarId", scope FROM calendar.calendar_member WHERE "principalId" = $1 ORDER BY "calendarId";

-- name: heir
-- Who takes calendar $1 over from $2: who writes in it before who reads, the eldest first.
SELECT id, "principalId" FROM calendar.calendar_member
WHERE "calendarId" = $1 AND "principalId" <> $2 ORDER BY role = 'reader', "joinedAt", id LIMIT 1;

-- name: member-promote
UPDATE calendar.calendar_member SET role = 'owner' WHERE id = $1;

-- name: member-delete
DELETE FROM calendar.calendar_member WHERE id = $1;

-- name: uninvite
-- $1 comes to no event any more.
UPDATE calendar.event SET participants = (participants::jsonb - ('t' || $1::bigint))::json
WHERE participants::jsonb ? ('t' || $1::bigint) RETURNING id, scope;
