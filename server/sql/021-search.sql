-- What is searched is without accents, and every letter of the scripts that put no spaces between words is a word: a
-- word of them is a phrase then. Titles and names count more than what is written below them.
CREATE SCHEMA search;

-- Normalizing takes as long as the parser: only for letters that may have accents, and back only where something else
-- may have been taken apart.
CREATE FUNCTION search.plain(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(t) = length(t) OR t !~ '[\u00C0-\u052F\u1E00-\u1FFF]' THEN t
    WHEN t !~ '[\u0530-\u1DFF\u2C00-\uFFFF\U00010000-\U0010FFFF]'
      THEN regexp_replace(normalize(t, NFD), '[\u0300-\u036F]', '', 'g')
    ELSE normalize(regexp_replace(normalize(t, NFD), '[\u0300-\u036F]', '', 'g'), NFC) END
$$;

CREATE FUNCTION search.words(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(t) = length(t) THEN t
    ELSE regexp_replace(search.plain(t),
      '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u31FF\u3400-\u9FFF\uAC00-\uD7FF\uF900-\uFAFF\U00020000-\U0003FFFF])',
      ' \1 ', 'g') END
$$;

CREATE FUNCTION search.vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('simple'::regconfig, search.words(coalesce(title, ''))), 'A')
    || setweight(to_tsvector('simple'::regconfig, search.words(coalesce(body, ''))), 'B')
$$;

ALTER TABLE chat.message DROP COLUMN search;
ALTER TABLE chat.message ADD search tsvector GENERATED ALWAYS AS (search.vector(NULL, body)) STORED;
CREATE INDEX message_search ON chat.message USING gin (search);

ALTER TABLE social.post DROP COLUMN search;
ALTER TABLE social.post ADD search tsvector
  GENERATED ALWAYS AS (search.vector(NULL, coalesce(warning, '') || ' ' || coalesce(text, ''))) STORED;
CREATE INDEX post_search ON social.post USING gin (search);

ALTER TABLE calendar.event DROP COLUMN search;
ALTER TABLE calendar.event ADD search tsvector
  GENERATED ALWAYS AS (search.vector(title, coalesce(location, '') || ' ' || coalesce(description, ''))) STORED;
CREATE INDEX event_search ON calendar.event USING gin (search);

-- Articles were without weights already; those that say something else now are done again from their text.
UPDATE news.article SET search = search.vector(title, (
  SELECT string_agg(run #>> '{}', ' ') FROM jsonb_path_query(blocks::jsonb, '$.**.t') AS run))
WHERE length(title || blocks::text) <> octet_length(title || blocks::text);
