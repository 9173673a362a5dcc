-- Calendars: a calendar is a scope; its events keep the iCalendar text that they came as.
CREATE SCHEMA calendar;

CREATE TABLE calendar.calendar (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL UNIQUE REFERENCES sync.scope,
  name text NOT NULL,
  color text NOT NULL DEFAULT 'blue',
  description text,
  "timeZone" text,
  "createdBy" bigint NOT NULL REFERENCES people.principal,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE calendar.calendar_member (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "calendarId" bigint NOT NULL REFERENCES calendar.calendar,
  "principalId" bigint NOT NULL REFERENCES people.principal,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'member', 'reader')),
  "joinedAt" timestamptz NOT NULL DEFAULT now(),
  UNIQUE ("calendarId", "principalId")
);
CREATE INDEX calendar_member_by_scope ON calendar.calendar_member (scope, id);

CREATE TABLE calendar.calendar_mark (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "calendarId" bigint NOT NULL REFERENCES calendar.calendar ON DELETE CASCADE CHECK ("calendarId" = id),
  "isHidden" boolean NOT NULL DEFAULT false,
  "isDefault" boolean NOT NULL DEFAULT false,
  color text,
  PRIMARY KEY (scope, id)
);

-- span: from the first instance's begin to the last one's end, in UTC; unbounded for what goes on for ever.
CREATE TABLE calendar.event (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "calendarId" bigint NOT NULL REFERENCES calendar.calendar,
  uid text NOT NULL,
  title text NOT NULL DEFAULT '',
  description text,
  location text,
  start text NOT NULL,
  duration text,
  "timeZone" text,
  "showWithoutTime" boolean NOT NULL DEFAULT false,
  "recurrenceRules" json,
  "recurrenceOverrides" json,
  participants json,
  alerts json,
  status text NOT NULL DEFAULT 'confirmed',
  "freeBusyStatus" text NOT NULL DEFAULT 'busy',
  links json,
  "madeOfId" bigint,
  ical text,
  "createdBy" bigint NOT NULL REFERENCES people.principal,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz,
  span tstzrange,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple',
    title || ' ' || coalesce(location, '') || ' ' || coalesce(description, ''))) STORED
);
CREATE INDEX event_by_scope ON calendar.event (scope, id);
CREATE INDEX event_by_span ON calendar.event USING gist (span);
CREATE INDEX event_search ON calendar.event USING gin (search);
CREATE UNIQUE INDEX event_by_uid ON calendar.event ("calendarId", uid);

CREATE TABLE calendar.event_mark (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "eventId" bigint NOT NULL REFERENCES calendar.event ON DELETE CASCADE CHECK ("eventId" = id),
  "acknowledgedAt" timestamptz,
  "snoozedUntil" timestamptz,
  PRIMARY KEY (scope, id)
);

-- A person's first calendar.
CREATE FUNCTION calendar.add_personal(account bigint, private_scope bigint, name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  s bigint;
  c bigint;
  m bigint;
BEGIN
  INSERT INTO sync.scope (kind) VALUES ('calendar') RETURNING id INTO s;
  INSERT INTO calendar.calendar (scope, name, "createdBy") VALUES (s, add_personal.name, account) RETURNING id INTO c;
  INSERT INTO calendar.calendar_member (scope, "calendarId", "principalId", role)
    VALUES (s, c, account, 'owner') RETURNING id INTO m;
  PERFORM sync.join_scope(account, s, 'owner');
  PERFORM FROM sync.append(ARRAY[s, s, private_scope], ARRAY[14, 15, 0]::smallint[], ARRAY[c, m, s],
    ARRAY['c', 'c', 'm'], ARRAY[NULL, NULL, NULL]::text[]);
END $$;
SELECT calendar.add_personal(a.id, a.private_scope, 'Personal') FROM people.account a;
