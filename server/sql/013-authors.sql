-- Who made a change, so that a write that is not to undo what others did meanwhile can tell (null: the
-- server itself).
ALTER TABLE sync.change ADD COLUMN author bigint;

DROP FUNCTION sync.append(bigint[], smallint[], bigint[], text[], text[]);
CREATE FUNCTION sync.append(scopes bigint[], types smallint[], ids bigint[], kinds text[], props text[],
                            by_whom bigint DEFAULT NULL)
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
    INSERT INTO sync.change (scope, scope_seq, type, id, kind, props, author)
      SELECT s.scope, head + p.k, types[p.n], ids[p.n], kinds[p.n]::"char",
        string_to_array(props[p.n], ','), by_whom
      FROM unnest(s.places) WITH ORDINALITY AS p (n, k);
    -- Message is the one ordered type: its place in the room is its place in the scope.
    IF 8 = ANY (types) THEN
      UPDATE chat.message m SET seq = head + p.k FROM unnest(s.places) WITH ORDINALITY AS p (n, k)
        WHERE types[p.n] = 8 AND kinds[p.n] = 'c' AND m.id = ids[p.n];
    END IF;
    RETURN QUERY SELECT p.n, head + p.k FROM unnest(s.places) WITH ORDINALITY AS p (n, k);
  END LOOP;
END $$;
