-- `folded` (a view in local.db): operations with what they do; marks that do the same share a fold.
-- name: rows
SELECT min(id), 0 FROM local.folded
GROUP BY fold ORDER BY CASE status WHEN 2 THEN 0 WHEN 1 THEN 1 ELSE 2 END, min(id)
-- name: item
SELECT f.type, f.action, (SELECT count(*) FROM local.folded WHERE fold = f.fold), f.status, f.error, f.made_at,
  CASE f.type
    WHEN 3 THEN COALESCE((SELECT COALESCE(s.title, n.title, s.url) FROM subscription AS s
      LEFT JOIN feed AS n ON n.key = s.feedId WHERE s.key = f.key), f.body ->> '$.url',
      (SELECT COALESCE(json ->> '$.title', json ->> '$.url') FROM base WHERE type = 3 AND key = f.key))
    WHEN 5 THEN (SELECT title FROM article WHERE key = f.key)
    WHEN 6 THEN COALESCE(f.body ->> '$.name', (SELECT name FROM room WHERE key = f.key))
    WHEN 8 THEN COALESCE(f.body ->> '$.body', (SELECT body FROM message WHERE key = f.key),
      (SELECT json ->> '$.body' FROM base WHERE type = 8 AND key = f.key))
  END,
  CASE f.type
    WHEN 5 THEN (SELECT COALESCE(s.title, n.title, n.url) FROM article AS a JOIN feed AS n ON n.key = a.feedId
      LEFT JOIN subscription AS s ON s.feedId = n.key WHERE a.key = f.key)
    WHEN 7 THEN (SELECT name FROM room WHERE key = COALESCE((SELECT roomId FROM room_member WHERE key = f.key),
      (SELECT CAST(substr(json ->> '$.roomId', 2) AS INTEGER) FROM base WHERE type = 7 AND key = f.key)))
    WHEN 8 THEN (SELECT name FROM room WHERE key = COALESCE((SELECT roomId FROM message WHERE key = f.key),
      (SELECT CAST(substr(json ->> '$.roomId', 2) AS INTEGER) FROM base WHERE type = 8 AND key = f.key)))
    WHEN 9 THEN (SELECT name FROM room WHERE key = f.key)
  END
FROM local.folded AS f WHERE f.id = ?1
