-- Pictures made smaller, by their greatest side in pixels; they go with the original.
CREATE TABLE storage.scaled (
  blob text NOT NULL REFERENCES storage.blob ON DELETE CASCADE,
  size integer NOT NULL,
  scaled text NOT NULL REFERENCES storage.blob,
  PRIMARY KEY (blob, size)
);
CREATE INDEX scaled_by_result ON storage.scaled (scaled);
