-- A person's second factor: the secret that codes of the time are made of, the step of the newest code that was taken,
-- and wrong ones in a row, which make one wait. It asks for nothing until it was confirmed.
CREATE TABLE people.factor (
  account bigint PRIMARY KEY REFERENCES people.account ON DELETE CASCADE,
  secret bytea NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  confirmed_at timestamptz,
  set_at timestamptz NOT NULL DEFAULT now()
);
-- What signs in when the telephone is gone, each once: hashes.
CREATE TABLE people.recovery_code (
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  hash bytea NOT NULL,
  PRIMARY KEY (account, hash)
);
