-- Signing in at an external provider (OpenID Connect): who is known there by which name, and attempts under way.
CREATE TABLE people.identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_by_account ON people.identity (account);
-- Between leaving for the provider and coming back: for ten minutes, once, in one browser.
CREATE TABLE people.oidc_attempt (
  hash bytea PRIMARY KEY,
  browser bytea NOT NULL,
  nonce text NOT NULL,
  verifier text NOT NULL,
  client text NOT NULL,
  redirect text NOT NULL,
  state text,
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes'
);
CREATE INDEX oidc_attempt_by_end ON people.oidc_attempt (expires_at);
