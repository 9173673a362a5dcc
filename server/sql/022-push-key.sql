-- The key by which push services know this server (RFC 8292); made when it is first needed. Subscriptions are for it.
CREATE TABLE people.push_key (
  is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  private bytea NOT NULL CHECK (length(private) = 32)
);
