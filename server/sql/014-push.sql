-- Where to push to when nobody listens (RFC 8620, 7.2): it belongs to the session that made it and goes with it.
CREATE TABLE people.push_subscription (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  account bigint NOT NULL REFERENCES people.account ON DELETE CASCADE,
  session uuid NOT NULL REFERENCES people.session ON DELETE CASCADE,
  device text NOT NULL,
  url text NOT NULL,
  p256dh text,
  auth text,
  code text NOT NULL,
  verified boolean NOT NULL DEFAULT false,
  types text[],
  expires timestamptz NOT NULL,
  told text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX push_subscription_by_account ON people.push_subscription (account);
CREATE INDEX push_subscription_by_session ON people.push_subscription (session);
