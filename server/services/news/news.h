/* news.h: the news service: its types, its route, its job, and its statements. */
#pragma once

#include "server/jmap/type.h"

extern const TlTypeService tl_feed_service;
extern const TlTypeService tl_article_service;
extern const TlTypeService tl_subscription_service;
extern const TlTypeService tl_article_mark_service;

/* Fetches the feed whose id is the job's key, and says when it is due again. */
#define TL_FEED_FETCH "feed.fetch"
extern const TlJobKind tl_feed_fetch_job;

/* GET /media/{hash}: a picture of an article. */
void tl_news_picture (TlRequest *request);

/* Runs a statement of news.sql. */
PGresult *tl_news_query (TlPg *pg, const char *name, int n, const char *const *args,
                         GError **error);
