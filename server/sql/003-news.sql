-- News: feeds are shared, subscriptions and marks are personal.
CREATE SCHEMA news;

CREATE TABLE news.feed (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL UNIQUE REFERENCES sync.scope,
  url text NOT NULL UNIQUE,
  "homeUrl" text,
  title text,
  description text,
  error text,
  "errorAt" timestamptz,
  "fetchedAt" timestamptz,
  etag text,
  last_modified text,
  body_hash bytea,
  interval_minutes integer NOT NULL DEFAULT 60,
  failures integer NOT NULL DEFAULT 0
);

CREATE TABLE news.subscription (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "feedId" bigint NOT NULL REFERENCES news.feed,
  url text NOT NULL,
  title text,
  folder text,
  "order" bigint NOT NULL DEFAULT 0,
  muted boolean NOT NULL DEFAULT false,
  "readUpTo" timestamptz,
  UNIQUE (scope, "feedId")
);

CREATE TABLE news.article (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  "feedId" bigint NOT NULL REFERENCES news.feed,
  guid text NOT NULL,
  content_hash bytea NOT NULL,
  url text,
  title text NOT NULL,
  author text,
  summary text,
  blocks json NOT NULL DEFAULT '[]',
  image json,
  "wordCount" bigint NOT NULL DEFAULT 0,
  "publishedAt" timestamptz NOT NULL,
  "receivedAt" timestamptz NOT NULL DEFAULT now(),
  search tsvector,
  UNIQUE ("feedId", guid)
);
CREATE INDEX article_by_scope ON news.article (scope, id);
CREATE INDEX article_by_date ON news.article (scope, "publishedAt" DESC);
CREATE INDEX article_search ON news.article USING gin (search);

CREATE TABLE news.article_mark (
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  "articleId" bigint NOT NULL REFERENCES news.article ON DELETE CASCADE CHECK ("articleId" = id),
  "isRead" boolean,
  "isStarred" boolean NOT NULL DEFAULT false,
  "isLater" boolean NOT NULL DEFAULT false,
  PRIMARY KEY (scope, id)
);

-- Pictures of articles, fetched when first looked at and kept as blobs. The key is SHA-256 of the address.
CREATE TABLE news.picture (
  hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  url text NOT NULL,
  blob text REFERENCES storage.blob,
  error text,
  tried_at timestamptz
);
