-- People, how they sign in, and the directory that shows them to each other.
CREATE SCHEMA people;

-- A principal's id is also its account's number. The directory is one scope with everybody in it.
CREATE TABLE people.principal (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  type text NOT NULL DEFAULT 'individual',
  name text NOT NULL,
  login text NOT NULL,
  description text,
  "timeZone" text,
  "avatarBlobId" text
);
CREATE UNIQUE INDEX principal_login ON people.principal (lower(login));

CREATE TABLE people.account (
  id bigint PRIMARY KEY REFERENCES people.principal,
  private_scope bigint NOT NULL UNIQUE REFERENCES sync.scope,
  password_hash text NOT NULL,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'moderator', 'member')),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A signed-in device. Refresh tokens rotate: only hashes are kept, the one before stays good until
-- the new one was used, so that a lost reply signs nobody out.
CREATE TABLE people.session (
  id uuid PRIMARY KEY,
  account bigint NOT NULL REFERENCES people.account,
  device text NOT NULL,
  refresh_hash bytea NOT NULL,
  previous_hash bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX session_by_account ON people.session (account);

-- Blobs: content-addressed by SHA-256 (hex); who may read one: whoever uploaded it, or sees what refers to it.
CREATE SCHEMA storage;
CREATE TABLE storage.blob (
  id text PRIMARY KEY CHECK (id ~ '^b[0-9a-f]{64}$'),
  size bigint NOT NULL,
  type text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE storage.blob_owner (
  account bigint NOT NULL REFERENCES people.account,
  blob text NOT NULL REFERENCES storage.blob,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account, blob)
);
-- A blob that everyone in a scope may read (an avatar, a feed's picture).
CREATE TABLE storage.blob_scope (
  scope bigint NOT NULL REFERENCES sync.scope,
  blob text NOT NULL REFERENCES storage.blob,
  PRIMARY KEY (scope, blob)
);
