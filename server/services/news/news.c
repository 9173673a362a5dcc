/* news.c: the types of the news service. Following a feed is being in its scope: a subscription begins
 * and ends that, and the rest follows. On the thread of the call. */
#include "server/services/news/news.h"

#include "server/services/news/link.h"

#define SQL "news/news.sql"
#define SOON_SECONDS 60

PGresult *
tl_news_query (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat ("news.", name, NULL);

  return tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);
}

/* A statement whose arguments are numbers. */
static PGresult *
query_numbers (TlPg *pg, const char *name, int n, const gint64 *numbers, GError **error)
{
  char texts[2][24];
  const char *args[2];

  for (int i = 0; i < n; i++) {
    g_snprintf (texts[i], sizeof texts[i], "%" G_GINT64_FORMAT, numbers[i]);
    args[i] = texts[i];
  }
  return tl_news_query (pg, name, n, args, error);
}

static gint64
number_at (PGresult *result, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, 0, column), NULL, 10);
}

static gint64
id_of (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, NULL);
  gint64 id = 0;

  return text && tl_id_parse (text, &id) ? id : 0;
}

static gboolean
accept_update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
               GError **error)
{
  return TRUE;
}

/* --- subscriptions ------------------------------------------------------------------------------------ */

typedef struct {
  gint64 id, scope;
  gboolean is_due; /* worth a look at once */
} Feed;

static gboolean
find_feed (TlWrite *write, const char *url, Feed *feed, GError **error)
{
  const char *args[] = { url };
  g_autoptr (PGresult) found = tl_news_query (write->pg, "feed-by-url", 1, args, error);

  if (found == NULL)
    return FALSE;
  *feed = (Feed){ 0 };
  if (PQntuples (found) > 0)
    *feed =
        (Feed){ number_at (found, 0), number_at (found, 1), PQgetvalue (found, 0, 2)[0] == 't' };
  return TRUE;
}

/* Of two who follow the same new feed at the same time one makes it, and the other finds it then. */
static gboolean
make_feed (TlWrite *write, const char *url, Feed *feed, GError **error)
{
  gint64 scope = tl_write_new_scope (write, "feed", error);
  g_autofree char *scope_text = g_strdup_printf ("%" G_GINT64_FORMAT, scope);
  const char *args[] = { scope_text, url };
  g_autoptr (PGresult) made = NULL;
  g_autoptr (PGresult) dropped = NULL;

  if (scope == 0)
    return FALSE;
  made = tl_news_query (write->pg, "feed-new", 2, args, error);
  if (made == NULL)
    return FALSE;
  if (PQntuples (made) > 0) {
    *feed = (Feed){ number_at (made, 0), scope, TRUE };
    tl_write_log (write, scope, &tl_feed_type, feed->id, TL_CREATED, NULL);
    return TRUE;
  }
  dropped = query_numbers (write->pg, "scope-drop", 1, &scope, error);
  return dropped && find_feed (write, url, feed, error);
}

static gboolean
check_not_followed (TlWrite *write, gint64 feed, GError **error)
{
  g_autoptr (PGresult) result = query_numbers (
      write->pg, "is-followed", 2, (const gint64[]){ write->private_scope, feed }, error);

  if (result == NULL)
    return FALSE;
  if (PQgetvalue (result, 0, 0)[0] == 'f')
    return TRUE;
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
               "url: you already follow this");
  return FALSE;
}

static gboolean
create_subscription (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *url = tl_link_normalize (json_object_get_string_member (object, "url"), &why);
  char id[TL_ID_MAX];
  Feed feed;

  if (url == NULL) {
    g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, "url: %s", why->message);
    return FALSE;
  }
  if (!find_feed (write, url, &feed, error) ||
      (feed.id == 0 && !make_feed (write, url, &feed, error)) ||
      !check_not_followed (write, feed.id, error))
    return FALSE;
  json_object_set_string_member (object, "url", url);
  json_object_set_string_member (object, "feedId", tl_id_format (feed.id, id));
  return TRUE;
}

static gboolean
subscribed (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, id_of (object, "feedId"));
  gint64 soon = g_get_real_time () + SOON_SECONDS * G_USEC_PER_SEC;
  Feed feed;

  return find_feed (write, json_object_get_string_member (object, "url"), &feed, error) &&
         tl_write_join (write, write->account, feed.scope, "reader", error) &&
         tl_job_enqueue (write->pg, TL_FEED_FETCH, key, "{}", feed.is_due ? 0 : soon, error);
}

static gboolean
destroy_subscription (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gint64 feed = id_of (current, "feedId");
  g_autoptr (PGresult) found = query_numbers (write->pg, "feed-scope", 1, &feed, error);

  return found && tl_write_leave (write, write->account, number_at (found, 0), error);
}

static void
kick_jobs (TlServer *server)
{
  if (server->jobs)
    tl_jobs_kick (server->jobs);
}

/* --- marks ---------------------------------------------------------------------------------------------- */

static gboolean
create_mark (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 article = id_of (object, "articleId");
  g_autoptr (PGresult) found = query_numbers (write->pg, "article-scope", 1, &article, error);

  if (found == NULL)
    return FALSE;
  if (PQntuples (found) > 0 && tl_write_role (write, number_at (found, 0)))
    return TRUE;
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
               "articleId: there is no such article in what you follow");
  return FALSE;
}

static gboolean
destroy_mark (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  return TRUE;
}

const TlTypeService tl_feed_service = { .type = &tl_feed_type, .changes_silently = TRUE };

const TlTypeService tl_article_service = { .type = &tl_article_type,
                                           .date = "publishedAt",
                                           .text = "summary" };

const TlTypeService tl_subscription_service = { .type = &tl_subscription_type,
                                                .create = create_subscription,
                                                .created = subscribed,
                                                .update = accept_update,
                                                .destroy = destroy_subscription,
                                                .committed = kick_jobs };

const TlTypeService tl_article_mark_service = { .type = &tl_article_mark_type,
                                                .create = create_mark,
                                                .update = accept_update,
                                                .destroy = destroy_mark };
