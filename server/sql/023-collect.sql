-- Blobs that nothing names go after a while. `touched_at`: when it was last uploaded, made, or named no more.
ALTER TABLE storage.blob ADD touched_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX picture_by_blob ON news.picture (blob);
-- Rows that are gone whose bytes are to be removed.
CREATE TABLE storage.removed (
  blob text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO sync.job (kind, key) VALUES ('collect', 'hourly');

CREATE VIEW storage.unnamed AS
  SELECT b.id, b.size, b.touched_at FROM storage.blob b
  WHERE NOT EXISTS (SELECT FROM storage.blob_scope s WHERE s.blob = b.id)
    AND NOT EXISTS (SELECT FROM news.picture p WHERE p.blob = b.id)
    AND NOT EXISTS (SELECT FROM people.export e WHERE e.blob = b.id)
    AND NOT EXISTS (SELECT FROM storage.scaled s WHERE s.scaled = b.id AND s.blob <> b.id);

-- What names a blob no longer starts its time anew.
CREATE FUNCTION storage.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE storage.blob SET touched_at = now() WHERE id IN (SELECT blob FROM gone);
  RETURN NULL;
END $$;
CREATE TRIGGER touched AFTER DELETE ON storage.blob_scope
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION storage.touch();

-- Takes at most so many unnamed blobs out of the database. Who names or uploads one at the same moment holds its row or
-- waits for it: what is held is left, and what was waited for is looked at again once the rows are ours.
CREATE FUNCTION storage.collect(before timestamptz, at_most integer) RETURNS TABLE (files bigint, octets bigint)
LANGUAGE plpgsql AS $$
DECLARE
  ours text[];
BEGIN
  SELECT array_agg(l.id) INTO ours FROM (
    SELECT b.id FROM storage.blob b
    WHERE b.id IN (SELECT u.id FROM storage.unnamed u WHERE u.touched_at < before LIMIT at_most)
    FOR UPDATE SKIP LOCKED) l;
  SELECT array_agg(u.id) INTO ours FROM storage.unnamed u WHERE u.id = ANY (ours) AND u.touched_at < before;
  DELETE FROM storage.blob_owner WHERE blob = ANY (ours);
  DELETE FROM storage.scaled WHERE blob = ANY (ours);
  RETURN QUERY
    WITH dead AS (DELETE FROM storage.blob WHERE id = ANY (ours) RETURNING id, size),
    noted AS (INSERT INTO storage.removed (blob) SELECT id FROM dead ON CONFLICT DO NOTHING)
    SELECT count(*), coalesce(sum(size), 0)::bigint FROM dead;
END $$;

-- Uploading and what is made smaller touch a blob that is there, so that it stays for a while.
CREATE OR REPLACE FUNCTION storage.keep(a bigint, b text, size bigint, type text, max_files bigint, max_octets bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO storage.usage (account) VALUES (a) ON CONFLICT DO NOTHING;
  PERFORM FROM storage.usage u WHERE u.account = a FOR UPDATE;
  IF NOT storage.has_room(a, b, size, max_files, max_octets) THEN
    RETURN false;
  END IF;
  INSERT INTO storage.blob (id, size, type) VALUES (b, size, type) ON CONFLICT (id) DO UPDATE SET touched_at = now();
  INSERT INTO storage.blob_owner (account, blob) VALUES (a, b) ON CONFLICT DO NOTHING;
  RETURN true;
END $$;

-- A draft holds the files that it names, as far as its writer may read them. It is never refused for one that is gone.
CREATE FUNCTION storage.hold_draft(draft people.kept_draft) RETURNS void LANGUAGE sql AS $$
  WITH held AS (
    SELECT b.id FROM storage.blob b
    WHERE b.id IN (SELECT m[1] FROM regexp_matches(draft.extra::text, '"(b[0-9a-f]{64})"', 'g') m)
      AND (EXISTS (SELECT FROM storage.blob_owner o JOIN people.account a ON a.id = o.account
                   WHERE o.blob = b.id AND a.private_scope = draft.scope)
           OR EXISTS (SELECT FROM storage.blob_scope s
                      JOIN sync.member m ON m.scope = s.scope AND m.to_xid IS NULL
                      JOIN people.account a ON a.id = m.account
                      WHERE s.blob = b.id AND a.private_scope = draft.scope))
    ORDER BY b.id FOR KEY SHARE OF b)
  INSERT INTO storage.blob_scope (scope, blob, object) SELECT draft.scope, held.id, draft.id FROM held
  ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION storage.draft_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op <> 'DELETE' AND new.extra IS NOT NULL THEN
    PERFORM storage.hold_draft(new);
  END IF;
  IF tg_op <> 'INSERT' AND old.extra IS NOT NULL THEN
    DELETE FROM storage.blob_scope s WHERE s.object = old.id
      AND (tg_op = 'DELETE' OR strpos(coalesce(new.extra::text, ''), s.blob) = 0);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER holds_files AFTER INSERT OR DELETE OR UPDATE OF extra ON people.kept_draft
  FOR EACH ROW EXECUTE FUNCTION storage.draft_changed();
SELECT storage.hold_draft(d) FROM people.kept_draft d WHERE d.extra IS NOT NULL;
