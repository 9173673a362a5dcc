-- The spine: scopes, who is in them, the change log, operations, jobs. See docs/protocol.md.
CREATE SCHEMA sync;

-- One row: which cluster and timeline states were made on (docs/protocol.md, "Epoch").
CREATE TABLE sync.epoch (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch integer NOT NULL DEFAULT 1,
  system_id bigint NOT NULL,
  timeline integer NOT NULL,
  -- The log holds every change since this transaction; older states get cannotCalculateChanges.
  log_from xid8 NOT NULL DEFAULT '0'
);

-- Every object has an id of its own across all types.
CREATE SEQUENCE sync.object_id;

-- A set of objects with one audience. `seq` is gapless; `last_xid` lets an idle scope be skipped.
CREATE TABLE sync.scope (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  kind text NOT NULL CHECK (kind IN ('private', 'directory', 'room', 'feed')),
  seq bigint NOT NULL DEFAULT 0,
  last_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (fillfactor = 70);

-- Who sees a scope since when. `to_xid` is null while it lasts.
CREATE TABLE sync.member (
  account bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'moderator', 'member', 'reader')),
  from_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  to_xid xid8,
  PRIMARY KEY (account, scope, from_xid)
);
CREATE UNIQUE INDEX member_now ON sync.member (account, scope) INCLUDE (role, from_xid) WHERE to_xid IS NULL;
CREATE INDEX member_of_scope ON sync.member (scope) WHERE to_xid IS NULL;

-- Extra scopes of an object that lies in more than its own (a boosted post).
CREATE TABLE sync.placement (
  type smallint NOT NULL,
  id bigint NOT NULL,
  scope bigint NOT NULL REFERENCES sync.scope,
  PRIMARY KEY (scope, type, id)
);

-- The change log. kind: c(reated), u(pdated), d(estroyed), m(embership of the private scope's owner).
-- props: the properties an update touched.
CREATE TABLE sync.change (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  scope bigint NOT NULL,
  scope_seq bigint NOT NULL,
  type smallint NOT NULL,
  id bigint NOT NULL,
  kind "char" NOT NULL,
  props text[],
  at timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (xid);
CREATE INDEX change_by_xid ON sync.change (xid);
CREATE INDEX change_by_scope ON sync.change (scope, xid);
CREATE TABLE sync.change_rest PARTITION OF sync.change DEFAULT;

-- The first result of each operation, given again to a retry.
CREATE TABLE sync.operation (
  account bigint NOT NULL,
  op_id uuid NOT NULL,
  result jsonb,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account, op_id)
);
CREATE INDEX operation_by_age ON sync.operation USING brin (at);

-- Work for later. Claimed with a lease in one short transaction, worked on outside, finished in another.
CREATE TABLE sync.job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  run_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  leased_by uuid,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  UNIQUE (kind, key)
);
CREATE INDEX job_due ON sync.job (run_at);

-- These are simple enough to be inlined into the statements that make JSON.
-- Ids on the wire are "t" and the number.
CREATE FUNCTION sync.to_id(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN 't' || $1::text;
CREATE FUNCTION sync.from_id(text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN substr($1, 2)::bigint;
-- UTCDate: no fraction when it is zero (RFC 8620, 1.4).
CREATE FUNCTION sync.to_date(timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN replace(to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z');

-- Appends to the log, last thing in a transaction: takes the scopes' row locks in sorted order.
-- Arrays of one length, one element a change; props: comma-separated names or null.
-- Returns the scope_seq of each, in the order given.
CREATE FUNCTION sync.append(scopes bigint[], types smallint[], ids bigint[], kinds text[], props text[])
RETURNS TABLE (n bigint, scope_seq bigint) LANGUAGE plpgsql AS $$
DECLARE
  s record;
  head bigint;
BEGIN
  FOR s IN
    SELECT u.scope, array_agg(u.n ORDER BY u.n) AS places
    FROM unnest(scopes) WITH ORDINALITY AS u (scope, n) GROUP BY u.scope ORDER BY u.scope
  LOOP
    UPDATE sync.scope SET seq = seq + cardinality(s.places), last_xid = pg_current_xact_id()
      WHERE id = s.scope RETURNING seq - cardinality(s.places) INTO head;
    INSERT INTO sync.change (scope, scope_seq, type, id, kind, props)
      SELECT s.scope, head + p.k, types[p.n], ids[p.n], kinds[p.n]::"char", string_to_array(props[p.n], ',')
      FROM unnest(s.places) WITH ORDINALITY AS p (n, k);
    -- Message is the one ordered type: its place in the room is its place in the scope.
    IF 8 = ANY (types) THEN
      UPDATE chat.message m SET seq = head + p.k FROM unnest(s.places) WITH ORDINALITY AS p (n, k)
        WHERE types[p.n] = 8 AND kinds[p.n] = 'c' AND m.id = ids[p.n];
    END IF;
    RETURN QUERY SELECT p.n, head + p.k FROM unnest(s.places) WITH ORDINALITY AS p (n, k);
  END LOOP;
END $$;

-- Begins or ends a membership; the change is seen in the account's private scope.
-- The caller appends the 'm' row (scope: the private one, type 0, id: the scope that changed).
CREATE FUNCTION sync.join_scope(account bigint, scope bigint, role text) RETURNS boolean LANGUAGE sql AS $$
  WITH gained AS (
    INSERT INTO sync.member (account, scope, role) VALUES ($1, $2, $3)
    ON CONFLICT (account, scope) WHERE to_xid IS NULL DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM gained)
$$;
CREATE FUNCTION sync.leave_scope(account bigint, scope bigint) RETURNS boolean LANGUAGE sql AS $$
  WITH lost AS (
    UPDATE sync.member SET to_xid = pg_current_xact_id()
    WHERE account = $1 AND scope = $2 AND to_xid IS NULL RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM lost)
$$;
