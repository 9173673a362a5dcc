-- What is told by other ways than the protocol (e-mail, a topic of SNS): the outbox of the notification service.
-- A row is written in the transaction that makes what it tells of, and goes when it was told or is read. `entity` is
-- told once; `payload` says {"notification": id} or {"letter": which}.
CREATE TABLE notify.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('email', 'sns')),
  entity text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  last_error text,
  dead_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account, channel, entity)
);
CREATE INDEX delivery_due ON notify.delivery (channel, next_at) WHERE dead_at IS NULL;
INSERT INTO sync.job (kind, key) VALUES ('deliver', 'email 1'), ('deliver', 'email 2'), ('deliver', 'sns 1');

-- Where a person is written to, once they opened the link that was sent there.
CREATE TABLE people.email (
  account bigint PRIMARY KEY REFERENCES people.account ON DELETE CASCADE,
  address text NOT NULL,
  language text NOT NULL DEFAULT 'en',
  confirmed_at timestamptz,
  set_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX email_confirmed ON people.email (lower(address)) WHERE confirmed_at IS NOT NULL;

-- Links by which a forgotten password is changed: hashes.
CREATE TABLE people.password_link (
  hash bytea PRIMARY KEY,
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX password_link_by_account ON people.password_link (account);

-- {"when": "each", "daily" or "never", "hour": 0 to 23, "kinds": {kind: bool}}
ALTER TABLE people.settings ADD COLUMN email json;

CREATE FUNCTION notify.is_mailed(email jsonb, kind text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(email ->> 'when', 'each') <> 'never'
    AND coalesce(email -> 'kinds' ->> kind, CASE WHEN kind IN ('reaction', 'boost', 'follow') THEN 'false' END, 'true')
      <> 'false';

-- When it is mailed: after so many minutes in which it may be read elsewhere, or at the next such hour where the
-- person is. A zone that PostgreSQL does not know is UTC.
CREATE FUNCTION notify.mail_at(email jsonb, zone text, minutes integer) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  here timestamp;
  due timestamp;
BEGIN
  IF coalesce(email ->> 'when', 'each') <> 'daily' THEN
    RETURN now() + minutes * interval '1 minute';
  END IF;
  BEGIN
    here := now() AT TIME ZONE coalesce(zone, 'UTC');
  EXCEPTION WHEN invalid_parameter_value THEN
    zone := 'UTC';
    here := now() AT TIME ZONE zone;
  END;
  due := date_trunc('day', here) + coalesce((email ->> 'hour')::numeric::integer, 8) * interval '1 hour';
  IF due <= here THEN
    due := due + interval '1 day';
  END IF;
  RETURN due AT TIME ZONE coalesce(zone, 'UTC');
END $$;
