-- name: put-Article
INSERT OR REPLACE INTO main.article_text (rowid, title, body) VALUES (?1, ?2, ?3)
-- name: put-grams-Article
-- Two spaces behind, so that a trigram begins with each letter.
INSERT OR REPLACE INTO main.article_gram (rowid, title, body) VALUES (?1, ?2 || '  ', ?3 || '  ')
-- name: remove-Article
DELETE FROM main.article_text WHERE rowid = ?1
-- name: remove-grams-Article
DELETE FROM main.article_gram WHERE rowid = ?1
-- name: put-Message
INSERT OR REPLACE INTO main.message_text (rowid, body) VALUES (?1, ?3)
-- name: put-grams-Message
INSERT OR REPLACE INTO main.message_gram (rowid, body) VALUES (?1, ?3 || '  ')
-- name: remove-Message
DELETE FROM main.message_text WHERE rowid = ?1
-- name: remove-grams-Message
DELETE FROM main.message_gram WHERE rowid = ?1
-- name: put-Post
INSERT OR REPLACE INTO main.post_text (rowid, body) VALUES (?1, COALESCE(?2 || ' ', '') || ?3)
-- name: put-grams-Post
INSERT OR REPLACE INTO main.post_gram (rowid, body) VALUES (?1, COALESCE(?2 || ' ', '') || ?3 || '  ')
-- name: remove-Post
DELETE FROM main.post_text WHERE rowid = ?1
-- name: remove-grams-Post
DELETE FROM main.post_gram WHERE rowid = ?1
-- name: put-CalendarEvent
INSERT OR REPLACE INTO main.event_text (rowid, title, body) VALUES (?1, ?2, ?3)
-- name: put-grams-CalendarEvent
INSERT OR REPLACE INTO main.event_gram (rowid, title, body) VALUES (?1, ?2 || '  ', ?3 || '  ')
-- name: remove-CalendarEvent
DELETE FROM main.event_text WHERE rowid = ?1
-- name: remove-grams-CalendarEvent
DELETE FROM main.event_gram WHERE rowid = ?1
