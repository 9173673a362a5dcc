-- name: newest-pictures
-- The thumbnails of the newest articles, the pictures in their text, those of the newest posts, and faces.
WITH newest AS (SELECT key, image, blocks FROM article ORDER BY publishedAt DESC, key DESC LIMIT ?1)
SELECT image ->> '$.src' FROM newest WHERE image IS NOT NULL
UNION
SELECT b.value ->> '$.src' FROM newest, json_each (newest.blocks) AS b WHERE b.value ->> '$.type' = 'image'
UNION
SELECT i.value ->> '$.blobId'
FROM (SELECT images FROM post WHERE images IS NOT NULL ORDER BY createdAt DESC, key DESC LIMIT ?1) AS p,
  json_each (p.images) AS i
UNION
SELECT avatarBlobId FROM principal WHERE avatarBlobId IS NOT NULL;
