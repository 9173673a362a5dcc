-- What people asked for of themselves, made by a job: an archive that lies among the blobs for a week. While it is made,
-- and when that failed, it has no blob.
CREATE TABLE people.export (
  account bigint PRIMARY KEY REFERENCES people.account ON DELETE CASCADE,
  asked_at timestamptz NOT NULL DEFAULT now(),
  made_at timestamptz,
  blob text REFERENCES storage.blob,
  error text
);
CREATE INDEX export_by_blob ON people.export (blob);
