-- Uploads in pieces (draft-ietf-httpbis-resumable-upload): what came so far, until it is whole or a day has passed. Its
-- room is reserved meanwhile.
CREATE TABLE storage.upload (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account bigint NOT NULL REFERENCES people.account,
  blob text NOT NULL CHECK (blob ~ '^b[0-9a-f]{64}$'),
  size bigint NOT NULL,
  type text NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '1 day',
  UNIQUE (account, blob)
);
CREATE TABLE storage.upload_part (
  upload uuid NOT NULL REFERENCES storage.upload ON DELETE CASCADE,
  at bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (upload, at)
);
ALTER TABLE storage.upload_part ALTER bytes SET STORAGE EXTERNAL;

-- The account has blob b already, or room for it beside what is reserved.
CREATE OR REPLACE FUNCTION storage.has_room(a bigint, b text, size bigint, max_files bigint, max_octets bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH reserved AS (
    SELECT count(*) AS files, coalesce(sum(r.size), 0) AS octets FROM storage.upload r
    WHERE r.account = a AND r.blob <> b AND r.expires_at > now())
  SELECT EXISTS (SELECT FROM storage.blob_owner o WHERE o.account = a AND o.blob = b)
    OR coalesce((SELECT u.files + r.files < max_files AND u.octets + r.octets + size <= max_octets
                 FROM storage.usage u, reserved r WHERE u.account = a), max_files > 0 AND size <= max_octets)
$$;

-- Reserves room; the upload's id. What the account has already stays for a while, and is kept at once; one upload of the
-- same bytes goes on.
CREATE FUNCTION storage.begin_upload(a bigint, b text, bytes bigint, media text, max_files bigint, max_octets bigint)
RETURNS TABLE (id uuid, is_kept boolean, done bigint) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO storage.usage (account) VALUES (a) ON CONFLICT DO NOTHING;
  PERFORM FROM storage.usage u WHERE u.account = a FOR UPDATE;
  IF NOT storage.has_room(a, b, bytes, max_files, max_octets) THEN
    RETURN;
  END IF;
  UPDATE storage.blob k SET touched_at = now() FROM storage.blob_owner o
    WHERE k.id = b AND o.blob = b AND o.account = a AND k.size = bytes;
  IF FOUND THEN
    RETURN QUERY SELECT NULL::uuid, true, bytes;
    RETURN;
  END IF;
  DELETE FROM storage.upload u WHERE u.account = a AND (u.expires_at <= now() OR (u.blob = b AND u.size <> bytes));
  RETURN QUERY
    INSERT INTO storage.upload AS u (account, blob, size, type) VALUES (a, b, bytes, media)
    ON CONFLICT (account, blob) DO UPDATE SET expires_at = excluded.expires_at
    RETURNING u.id, false, u.done;
END $$;

-- Appends at `at`, where the upload is; where it is afterwards. No row: there is no such upload.
CREATE FUNCTION storage.append_upload(a bigint, upload_id uuid, at bigint, bytes bytea)
RETURNS TABLE (is_appended boolean, done bigint, size bigint, blob text, type text) LANGUAGE plpgsql AS $$
DECLARE
  u storage.upload;
  fits boolean;
BEGIN
  SELECT * INTO u FROM storage.upload k WHERE k.id = upload_id AND k.account = a AND k.expires_at > now() FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  fits := u.done = at AND at + length(bytes) <= u.size;
  IF fits AND length(bytes) > 0 THEN
    INSERT INTO storage.upload_part (upload, at, bytes) VALUES (upload_id, append_upload.at, append_upload.bytes);
    u.done := at + length(bytes);
    UPDATE storage.upload k SET done = u.done, expires_at = now() + interval '1 day' WHERE k.id = upload_id;
  END IF;
  RETURN QUERY SELECT fits, u.done, u.size, u.blob, u.type;
END $$;
