-- Chat: a room is a scope; a message's place is its place in the scope.
CREATE SCHEMA chat;

CREATE TABLE chat.room (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL UNIQUE REFERENCES sync.scope,
  name text,
  topic text,
  kind text NOT NULL DEFAULT 'group' CHECK (kind IN ('group', 'direct')),
  "createdBy" bigint NOT NULL REFERENCES people.principal,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE chat.room_member (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "roomId" bigint NOT NULL REFERENCES chat.room,
  "principalId" bigint NOT NULL REFERENCES people.principal,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'moderator', 'member')),
  "joinedAt" timestamptz NOT NULL DEFAULT now(),
  UNIQUE ("roomId", "principalId")
);
CREATE INDEX room_member_by_scope ON chat.room_member (scope, id);

CREATE TABLE chat.message (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "roomId" bigint NOT NULL REFERENCES chat.room,
  "senderId" bigint NOT NULL REFERENCES people.principal,
  body text NOT NULL,
  "replyToId" bigint,
  seq bigint NOT NULL DEFAULT 0,
  "sentAt" timestamptz NOT NULL DEFAULT now(),
  "editedAt" timestamptz,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED
) WITH (fillfactor = 85);
CREATE INDEX message_by_scope ON chat.message (scope, id);
CREATE INDEX message_search ON chat.message USING gin (search);

CREATE TABLE chat.read_marker (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "roomId" bigint NOT NULL REFERENCES chat.room CHECK ("roomId" = id),
  "upTo" bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (scope, id)
);
