-- What each person has uploaded, counted as it comes and goes, so that quotas hold without counting all.
CREATE TABLE storage.usage (
  account bigint PRIMARY KEY REFERENCES people.account,
  files bigint NOT NULL DEFAULT 0,
  octets bigint NOT NULL DEFAULT 0
);
INSERT INTO storage.usage (account, files, octets)
  SELECT o.account, count(*), sum(b.size)
  FROM storage.blob_owner o JOIN storage.blob b ON b.id = o.blob GROUP BY o.account;

CREATE FUNCTION storage.count_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    INSERT INTO storage.usage AS u (account, files, octets)
      SELECT new.account, 1, b.size FROM storage.blob b WHERE b.id = new.blob
      ON CONFLICT (account) DO UPDATE SET files = u.files + 1, octets = u.octets + excluded.octets;
  ELSE
    UPDATE storage.usage u SET files = u.files - 1, octets = u.octets - b.size
      FROM storage.blob b WHERE b.id = old.blob AND u.account = old.account;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER counted AFTER INSERT OR DELETE ON storage.blob_owner
  FOR EACH ROW EXECUTE FUNCTION storage.count_use();

-- The account has blob b already, or room for it.
CREATE FUNCTION storage.has_room(a bigint, b text, size bigint, max_files bigint, max_octets bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM storage.blob_owner o WHERE o.account = a AND o.blob = b)
    OR coalesce((SELECT u.files < max_files AND u.octets + size <= max_octets
                 FROM storage.usage u WHERE u.account = a), max_files > 0 AND size <= max_octets)
$$;

-- Makes blob b one of the account's; false when there is no room. One at a time for each account.
CREATE FUNCTION storage.keep(a bigint, b text, size bigint, type text, max_files bigint, max_octets bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO storage.usage (account) VALUES (a) ON CONFLICT DO NOTHING;
  PERFORM FROM storage.usage u WHERE u.account = a FOR UPDATE;
  IF NOT storage.has_room(a, b, size, max_files, max_octets) THEN
    RETURN false;
  END IF;
  INSERT INTO storage.blob (id, size, type) VALUES (b, size, type) ON CONFLICT DO NOTHING;
  INSERT INTO storage.blob_owner (account, blob) VALUES (a, b) ON CONFLICT DO NOTHING;
  RETURN true;
END $$;
