-- name: newest-pictures
-- The thumbnails of the newest articles, and the pictures in their text.
WITH newest AS (SELECT key, image, blocks FROM article ORDER BY publishedAt DESC, key DESC LIMIT ?1)
SELECT image ->> '$.src' FROM newest WHERE image IS NOT NULL
UNION
SELECT b.value ->> '$.src' FROM newest, json_each (newest.blocks) AS b WHERE b.value ->> '$.type' = 'image';
