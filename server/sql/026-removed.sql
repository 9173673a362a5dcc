-- Bytes of blobs that are gone are removed in one way alone, that who stores the same bytes at that moment waits for.
CREATE OR REPLACE FUNCTION storage.drop_unnamed(blobs text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  b text;
BEGIN
  FOREACH b IN ARRAY blobs LOOP
    IF NOT EXISTS (SELECT FROM storage.blob_owner WHERE blob = b)
      AND NOT EXISTS (SELECT FROM storage.blob_scope WHERE blob = b) THEN
      BEGIN
        DELETE FROM storage.blob WHERE id = b;
        INSERT INTO storage.removed (blob) VALUES (b) ON CONFLICT DO NOTHING;
        RETURN NEXT b;
      EXCEPTION WHEN foreign_key_violation THEN
        NULL;
      END;
    END IF;
  END LOOP;
END $$;
