-- name: is-read-by-date
SELECT article.receivedAt <= max(subscription.readUpTo) FROM main.article
JOIN main.subscription ON subscription.feedId = article.feedId WHERE article.key = ?1
-- name: subscriptions-to-read
SELECT key FROM main.subscription
WHERE (?1 = 0 OR feedId = ?1) AND (?2 IS NULL OR folder = ?2) AND coalesce(readUpTo < ?3, 1)
-- name: marks-to-read
-- Articles kept unread by hand would stay so.
SELECT article_mark.key FROM main.article_mark JOIN main.article ON article.key = article_mark.key
JOIN main.subscription ON subscription.feedId = article.feedId
WHERE isRead = 0 AND (?1 = 0 OR article.feedId = ?1) AND (?2 IS NULL OR folder = ?2) AND receivedAt <= ?3
-- name: subscription-by-url
SELECT key FROM main.subscription WHERE url = ?1
-- name: direct-room
SELECT room.key FROM main.room JOIN main.room_member ON roomId = room.key
WHERE kind = 'direct' AND principalId = ?1 LIMIT 1
-- name: membership
SELECT key FROM main.room_member WHERE roomId = ?1 AND principalId = ?2
-- name: last-seq
SELECT max(seq) FROM main.message WHERE roomId = ?1
-- name: event-by-uid
SELECT key FROM main.event WHERE calendarId = ?1 AND uid = ?2

-- name: calendar-made
SELECT coalesce ((SELECT key FROM main.calendar WHERE key = ?1),
  (SELECT max (key) FROM main.calendar WHERE name = ?2), 0)
