-- One's own of a post or a person; ?2 is oneself. What is not sent yet has no owner but oneself.
-- name: own-boost
SELECT key FROM main.post WHERE boostOfId = ?1 AND (authorId = ?2 OR key < 0) LIMIT 1
-- name: own-reaction
SELECT key FROM main.reaction WHERE subjectId = ?1 AND emoji = ?3 AND (principalId = ?2 OR key < 0) LIMIT 1
-- name: own-follow
SELECT key FROM main.follow WHERE principalId = ?1 AND (followerId = ?2 OR key < 0) LIMIT 1
-- name: original
-- A boost of a boost is a boost of what that one is of.
SELECT boostOfId FROM main.post WHERE key = ?1
-- name: feed-read-to
SELECT feedReadTo FROM main.settings WHERE key = ?1
