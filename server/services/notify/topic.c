/* topic.c: one message for each notification that nobody has read yet. Jobs' threads. */
#include "server/services/notify/topic.h"

#include "server/stores/sns.h"

#define SQL "notify/delivery.sql"

enum { MESSAGE, KIND, ACCOUNT };

static gboolean
is_on (const TlConfig *config)
{
  return config->sns.topic != NULL && *config->sns.topic;
}

static gboolean
tell (TlServer *server, TlPg *pg, PGresult *rows, GError **error)
{
  static const char *const names[] = { "kind", "account", NULL };
  const TlConfig *config = server->config;
  TlSnsAccount account = { config->sns.topic, config->sns.endpoint, config->sns.access_key,
                           config->sns.secret_key };
  const char *id = PQgetvalue (rows, 0, TL_DELIVERY_NOTIFICATION);
  g_autoptr (PGresult) told = tl_pg_query (pg, SQL ".topic", tl_sql (SQL, "topic"), 1, &id, error);

  if (told == NULL || PQntuples (told) == 0)
    return told != NULL;
  return tl_sns_publish (
      &account, PQgetvalue (told, 0, MESSAGE), names,
      (const char *const[]){ PQgetvalue (told, 0, KIND), PQgetvalue (told, 0, ACCOUNT), NULL },
      error);
}

const TlChannel tl_topic_channel = { "sns", is_on, tell };
