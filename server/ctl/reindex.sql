-- Each index anew, and before it what an interrupted run left: a new one half built, or an old one that
-- was not dropped yet. PostgreSQL wants each of these statements alone.

-- name: clean-articles
DROP INDEX CONCURRENTLY IF EXISTS news.article_search_ccnew;
-- name: clean-old-articles
DROP INDEX CONCURRENTLY IF EXISTS news.article_search_ccold;
-- name: articles
REINDEX INDEX CONCURRENTLY news.article_search;

-- name: clean-messages
DROP INDEX CONCURRENTLY IF EXISTS chat.message_search_ccnew;
-- name: clean-old-messages
DROP INDEX CONCURRENTLY IF EXISTS chat.message_search_ccold;
-- name: messages
REINDEX INDEX CONCURRENTLY chat.message_search;

-- name: clean-posts
DROP INDEX CONCURRENTLY IF EXISTS social.post_search_ccnew;
-- name: clean-old-posts
DROP INDEX CONCURRENTLY IF EXISTS social.post_search_ccold;
-- name: posts
REINDEX INDEX CONCURRENTLY social.post_search;

-- name: clean-events
DROP INDEX CONCURRENTLY IF EXISTS calendar.event_search_ccnew;
-- name: clean-old-events
DROP INDEX CONCURRENTLY IF EXISTS calendar.event_search_ccold;
-- name: events
REINDEX INDEX CONCURRENTLY calendar.event_search;
