-- `folded` (a view in local.db): operations with what they do; marks that do the same share a fold.
-- name: rows
SELECT min(id), 0 FROM local.folded
GROUP BY fold ORDER BY CASE status WHEN 2 THEN 0 WHEN 1 THEN 1 ELSE 2 END, min(id)
-- name: item
SELECT f.type,
  CASE WHEN f.action = 'delete-post' AND (SELECT json ->> '$.boostOfId' FROM base WHERE type = 10 AND key = f.key)
    IS NOT NULL THEN 'unboost' ELSE f.action END,
  (SELECT count(*) FROM local.folded WHERE fold = f.fold), f.status, f.error, f.made_at,
  CASE f.type
    WHEN 3 THEN COALESCE((SELECT COALESCE(s.title, n.title, s.url) FROM subscription AS s
      LEFT JOIN feed AS n ON n.key = s.feedId WHERE s.key = f.key), f.body ->> '$.url',
      (SELECT COALESCE(json ->> '$.title', json ->> '$.url') FROM base WHERE type = 3 AND key = f.key))
    WHEN 5 THEN (SELECT title FROM article WHERE key = f.key)
    WHEN 6 THEN COALESCE(f.body ->> '$.name', (SELECT name FROM room WHERE key = f.key))
    WHEN 8 THEN COALESCE(f.body ->> '$.body', (SELECT body FROM message WHERE key = f.key),
      (SELECT json ->> '$.body' FROM base WHERE type = 8 AND key = f.key))
    WHEN 10 THEN COALESCE(f.body ->> '$.text', (SELECT COALESCE(o.text, p.text) FROM post AS p
      LEFT JOIN post AS o ON o.key = p.boostOfId WHERE p.key = f.key), (SELECT COALESCE(b.json ->> '$.text', o.text)
      FROM base AS b LEFT JOIN post AS o ON o.key = CAST(substr(b.json ->> '$.boostOfId', 2) AS INTEGER)
      WHERE b.type = 10 AND b.key = f.key))
    WHEN 11 THEN COALESCE(f.body ->> '$.emoji',
      (SELECT json ->> '$.emoji' FROM base WHERE type = 11 AND key = f.key))
    WHEN 12 THEN (SELECT name FROM principal WHERE key = CAST(substr(COALESCE(f.body ->> '$.principalId',
      (SELECT json ->> '$.principalId' FROM base WHERE type = 12 AND key = f.key)), 2) AS INTEGER))
    WHEN 13 THEN (SELECT text FROM post WHERE key = f.key)
    WHEN 17 THEN COALESCE(f.body ->> '$.title', (SELECT title FROM event WHERE key = f.key),
      (SELECT json ->> '$.title' FROM base WHERE type = 17 AND key = f.key))
    WHEN 22 THEN COALESCE(f.body ->> '$.text', (SELECT text FROM kept_draft WHERE key = f.key))
    WHEN 23 THEN COALESCE(f.body ->> '$.words', (SELECT words FROM content_filter WHERE key = f.key),
      (SELECT json ->> '$.words' FROM base WHERE type = 23 AND key = f.key))
  END,
  CASE f.type
    WHEN 5 THEN (SELECT COALESCE(s.title, n.title, n.url) FROM article AS a JOIN feed AS n ON n.key = a.feedId
      LEFT JOIN subscription AS s ON s.feedId = n.key WHERE a.key = f.key)
    WHEN 7 THEN (SELECT name FROM room WHERE key = COALESCE((SELECT roomId FROM room_member WHERE key = f.key),
      (SELECT CAST(substr(json ->> '$.roomId', 2) AS INTEGER) FROM base WHERE type = 7 AND key = f.key)))
    WHEN 8 THEN (SELECT name FROM room WHERE key = COALESCE((SELECT roomId FROM message WHERE key = f.key),
      (SELECT CAST(substr(json ->> '$.roomId', 2) AS INTEGER) FROM base WHERE type = 8 AND key = f.key)))
    WHEN 9 THEN (SELECT name FROM room WHERE key = f.key)
    WHEN 10 THEN (SELECT a.name FROM post AS p JOIN post AS r ON r.key = p.replyToId
      JOIN principal AS a ON a.key = r.authorId WHERE p.key = f.key)
  END,
  f.status = 2 AND f.error_type = 'conflict'
FROM local.folded AS f WHERE f.id = ?1
