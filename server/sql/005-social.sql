-- Social: posts lie in the scope of their audience; a person's author scope is of those who follow them.
CREATE SCHEMA social;

ALTER TABLE sync.scope DROP CONSTRAINT scope_kind_check;
ALTER TABLE sync.scope ADD CONSTRAINT scope_kind_check
  CHECK (kind IN ('private', 'directory', 'room', 'feed', 'author', 'thread', 'calendar'));

-- Made with the first follower or the first post for followers.
CREATE TABLE social.author (
  principal bigint PRIMARY KEY REFERENCES people.principal,
  scope bigint NOT NULL UNIQUE REFERENCES sync.scope
);

CREATE TABLE social.post (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "authorId" bigint NOT NULL REFERENCES people.principal,
  text text,
  warning text,
  images json,
  card json,
  visibility text NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'followers', 'mentioned')),
  "replyToId" bigint,
  "boostOfId" bigint,
  mentions json,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "editedAt" timestamptz,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(warning, '') || ' ' || coalesce(text, ''))) STORED
) WITH (fillfactor = 90);
CREATE INDEX post_by_scope ON social.post (scope, id);
CREATE INDEX post_by_author ON social.post ("authorId", id);
CREATE INDEX post_by_reply ON social.post ("replyToId") WHERE "replyToId" IS NOT NULL;
CREATE INDEX post_by_boost ON social.post ("boostOfId") WHERE "boostOfId" IS NOT NULL;
CREATE INDEX post_search ON social.post USING gin (search);

CREATE TABLE social.reaction (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "subjectId" bigint NOT NULL,
  "principalId" bigint NOT NULL REFERENCES people.principal,
  emoji text NOT NULL,
  "reactedAt" timestamptz NOT NULL DEFAULT now(),
  UNIQUE ("subjectId", "principalId", emoji)
);
CREATE INDEX reaction_by_scope ON social.reaction (scope, id);

CREATE TABLE social.follow (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "principalId" bigint NOT NULL REFERENCES people.principal,
  "followerId" bigint NOT NULL REFERENCES people.principal CHECK ("followerId" <> "principalId"),
  since timestamptz NOT NULL DEFAULT now(),
  UNIQUE ("principalId", "followerId")
);
CREATE INDEX follow_by_scope ON social.follow (scope, id);
CREATE INDEX follow_by_follower ON social.follow ("followerId");

CREATE TABLE social.post_mark (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "postId" bigint NOT NULL REFERENCES social.post ON DELETE CASCADE CHECK ("postId" = id),
  "isSaved" boolean NOT NULL DEFAULT false,
  PRIMARY KEY (scope, id)
);

-- What is shared into a room, and files that come along.
ALTER TABLE chat.message ADD attachments json, ADD card json;

-- A blob is readable in a scope as long as an object there names it.
ALTER TABLE storage.blob_scope ADD object bigint NOT NULL DEFAULT 0;
ALTER TABLE storage.blob_scope DROP CONSTRAINT blob_scope_pkey;
ALTER TABLE storage.blob_scope ADD PRIMARY KEY (blob, scope, object);
CREATE INDEX blob_scope_by_object ON storage.blob_scope (object);
