-- Signing in by a browser (RFC 6749): programs that may ask for it, codes that they get, and the keys that sign tokens.
-- The program that comes with the server needs no row.
CREATE TABLE people.oauth_client (
  id text PRIMARY KEY,
  name text NOT NULL,
  redirects text[] NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);
-- A code is a hash here, good once. One that was used is kept a while, so that its second use ends the session that the
-- first one began.
CREATE TABLE people.oauth_code (
  hash bytea PRIMARY KEY,
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  client text NOT NULL,
  redirect text NOT NULL,
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  session uuid
);
CREATE INDEX oauth_code_by_account ON people.oauth_code (account);
-- Which program a session was given to; null: the app's own way of signing in.
ALTER TABLE people.session ADD COLUMN client text;

-- The private half is sealed by the server's secret file. A key signs from `use_from` on, so that every process knows it
-- before it is used, until the next one does.
CREATE TABLE people.signing_key (
  kid text PRIMARY KEY,
  public bytea NOT NULL CHECK (length(public) = 32),
  private bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  use_from timestamptz NOT NULL,
  is_over boolean NOT NULL DEFAULT false
);
