-- Who may join: invitations, counted and for a while. Of what an invitation's link says only a hash is kept.
CREATE TABLE people.invitation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'moderator', 'member')),
  uses integer NOT NULL CHECK (uses >= 0),
  made_by bigint REFERENCES people.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX invitation_by_maker ON people.invitation (made_by);

-- What a login looks like at a glance: logins of which this is the same are taken for each other.
CREATE FUNCTION people.look(login text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN replace(replace(translate(lower($1), '01i._-', 'oll'), 'rn', 'm'), 'vv', 'w');
CREATE INDEX principal_look ON people.principal (people.look(login));
