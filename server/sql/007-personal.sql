-- What is one person's own beside marks: notifications, the inbox, settings, drafts, filters.
CREATE SCHEMA notify;

CREATE TABLE notify.notification (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  kind text NOT NULL,
  "subjectId" bigint NOT NULL,
  "subjectType" text NOT NULL,
  "actorId" bigint,
  preview text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "isRead" boolean NOT NULL DEFAULT false
);
CREATE INDEX notification_by_scope ON notify.notification (scope, id);
CREATE INDEX notification_by_subject ON notify.notification ("subjectId");

CREATE TABLE notify.inbox_mark (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "subjectId" bigint NOT NULL CHECK ("subjectId" = id),
  "isDone" boolean NOT NULL DEFAULT false,
  "snoozedUntil" timestamptz,
  PRIMARY KEY (scope, id)
);

CREATE TABLE people.settings (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "principalId" bigint NOT NULL CHECK ("principalId" = id),
  "doNotDisturbUntil" timestamptz,
  "quietHours" json,
  "quietWhenBusy" boolean NOT NULL DEFAULT false,
  notify json,
  "feedReadTo" bigint,
  "weekStart" bigint NOT NULL DEFAULT 0,
  "secondTimeZone" text,
  "reminderMinutes" bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (scope, id)
);

CREATE TABLE people.kept_draft (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  place text NOT NULL,
  text text NOT NULL DEFAULT '',
  extra json,
  "changedAt" timestamptz NOT NULL DEFAULT now(),
  UNIQUE (scope, place)
);

CREATE TABLE people.content_filter (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  words text,
  kinds json,
  action text NOT NULL DEFAULT 'hide' CHECK (action IN ('hide', 'warn', 'silence')),
  "personId" bigint,
  "expiresAt" timestamptz,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX content_filter_by_scope ON people.content_filter (scope, id);
