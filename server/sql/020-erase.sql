-- People who left. Their account stays as a number, so that access tokens of theirs are refused and what they made in
-- company keeps an author; nothing else of it does.
ALTER TABLE people.account ADD COLUMN erased_at timestamptz;

-- All that lies in a person's private scope, belongs to their account, or was kept for it, whatever table has it.
CREATE FUNCTION people.erase_own(person bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own bigint := (SELECT private_scope FROM people.account WHERE id = person);
  r record;
BEGIN
  FOR r IN
    SELECT a.attrelid::regclass AS tab FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attname = 'scope' AND NOT a.attisdropped AND c.relkind = 'r'
      AND n.nspname IN ('people', 'news', 'chat', 'social', 'calendar', 'notify', 'storage')
      AND c.oid NOT IN ('people.principal'::regclass)
    ORDER BY 1
  LOOP
    EXECUTE format('DELETE FROM %s WHERE scope = $1', r.tab) USING own;
  END LOOP;
  FOR r IN
    SELECT k.conrelid::regclass AS tab, a.attname AS col, k.confdeltype = 'n' AS stays
    FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.confrelid = 'people.account'::regclass AND k.conrelid <> 'people.session'::regclass
    ORDER BY 1
  LOOP
    EXECUTE format(CASE WHEN r.stays THEN 'UPDATE %1$s SET %2$I = NULL WHERE %2$I = $1'
                   ELSE 'DELETE FROM %1$s WHERE %2$I = $1' END, r.tab, r.col) USING person;
  END LOOP;
  -- Sessions are known for a while, so that their access tokens are refused.
  UPDATE people.session SET device = '', refresh_hash = '', previous_hash = NULL, revoked_at = coalesce(revoked_at, now())
    WHERE account = person;
  DELETE FROM storage.blob_scope WHERE object IN (person, -person);
  DELETE FROM sync.operation WHERE account = person;
  DELETE FROM sync.job WHERE kind = 'person.export' AND key = person::text;
  UPDATE sync.member SET to_xid = pg_current_xact_id() WHERE account = person AND to_xid IS NULL;
  UPDATE people.account SET password_hash = '', role = 'member', disabled_at = coalesce(disabled_at, now()),
    erased_at = coalesce(erased_at, now()) WHERE id = person;
END $$;

-- Those of the blobs that nobody has or names any more go; they are told, for the store.
CREATE FUNCTION storage.drop_unnamed(blobs text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  b text;
BEGIN
  FOREACH b IN ARRAY blobs LOOP
    IF NOT EXISTS (SELECT FROM storage.blob_owner WHERE blob = b)
      AND NOT EXISTS (SELECT FROM storage.blob_scope WHERE blob = b) THEN
      BEGIN
        DELETE FROM storage.blob WHERE id = b;
        RETURN NEXT b;
      EXCEPTION WHEN foreign_key_violation THEN
        NULL;
      END;
    END IF;
  END LOOP;
END $$;
