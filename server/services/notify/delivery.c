/* delivery.c: claims what is due in one short statement, tells it outside of any transaction, and says in another what
 * became of it. A claim is a lease: of a process that dies nobody has to know. Jobs' threads, but for the adding. */
#include "server/services/notify/delivery.h"

#include "server/services/hooks.h"
#include "server/services/notify/email.h"
#include "server/services/notify/topic.h"

#include <math.h>
#include <string.h>

#define SQL "notify/delivery.sql"
#define LEASE_SECONDS 60
#define TURN_SECONDS 20 /* so that others get their turn, too; a mail has 30 more */
#define POLL (5 * G_USEC_PER_SEC)
#define IDLE (60 * G_USEC_PER_SEC)
#define BACKOFF_SECONDS 60.0
#define BACKOFF_MAX_SECONDS (6 * 60 * 60.0)
#define MAX_ATTEMPTS 12 /* within two days */
#define ERROR_MAX 300

static const TlChannel *const channels[] = { &tl_email_channel, &tl_topic_channel };

static PGresult *
ask (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);

  return tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);
}

/* --- adding ------------------------------------------------------------------------------------ */

static gboolean
add_letter (TlWrite *write, const char *where, const char *kind, const char *what, GError **error)
{
  g_autofree char *minutes = g_strdup_printf ("%u", write->server->config->mail.wait_minutes);
  const char *args[] = { where, kind, what, minutes };
  g_autoptr (PGresult) added = ask (write->pg, "add", G_N_ELEMENTS (args), args, error);

  return added != NULL;
}

static gboolean
add_message (TlWrite *write, const char *where, const char *what, GError **error)
{
  const char *args[] = { where, what };
  g_autoptr (PGresult) added = ask (write->pg, "add-message", G_N_ELEMENTS (args), args, error);

  return added != NULL;
}

gboolean
tl_delivery_add (TlWrite *write, gint64 scope, const char *kind, gint64 notification,
                 GError **error)
{
  const TlConfig *config = write->server->config;
  g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, scope);
  g_autofree char *what = g_strdup_printf ("%" G_GINT64_FORMAT, notification);

  return (!tl_email_channel.is_on (config) || add_letter (write, where, kind, what, error)) &&
         (!tl_topic_channel.is_on (config) || add_message (write, where, what, error));
}

gboolean
tl_delivery_add_direct (TlWrite *write, gint64 scope, gint64 message, GError **error)
{
  const TlConfig *config = write->server->config;
  g_autoptr (PGresult) added = NULL;

  if (!tl_email_channel.is_on (config))
    return TRUE;
  added = tl_hook_query (
      write, SQL, "add-direct", 4,
      (const gint64[]){ scope, write->account, message, config->mail.wait_minutes }, error);
  return added != NULL;
}

gboolean
tl_delivery_add_letter (TlServer *server, TlPg *pg, const char *account, const char *letter,
                        GError **error)
{
  const char *args[] = { account, letter };
  g_autoptr (PGresult) added = ask (pg, "add-letter", G_N_ELEMENTS (args), args, error);

  if (!added || !tl_job_enqueue (pg, tl_deliver_job.kind, "email 1", "{}", 0, error))
    return FALSE;
  if (server->jobs)
    tl_jobs_kick (server->jobs);
  return TRUE;
}

/* --- telling ----------------------------------------------------------------------------------- */

static char *
ids_of (PGresult *rows)
{
  GString *array = g_string_new ("{");

  for (int i = 0; i < PQntuples (rows); i++)
    g_string_append_printf (array, "%s%s", i ? "," : "", PQgetvalue (rows, i, TL_DELIVERY_ID));
  g_string_append_c (array, '}');
  return g_string_free_and_steal (array);
}

/* Doubles with each attempt, and spreads those that failed together. */
static char *
backoff (guint attempts)
{
  double seconds = MIN (BACKOFF_SECONDS * exp2 (MIN (attempts, 20)), BACKOFF_MAX_SECONDS);

  return g_strdup_printf ("%.0f", seconds * g_random_double_range (0.75, 1.25) * 1000);
}

static gboolean
put_off (TlPg *pg, const char *ids, guint attempts, const char *why, GError **error)
{
  g_autofree char *delay = backoff (attempts);
  const char *args[] = { ids, delay, why };
  g_autoptr (PGresult) done = ask (pg, "later", G_N_ELEMENTS (args), args, error);

  return done != NULL;
}

static gboolean
mark (TlPg *pg, const char *how, const char *ids, const char *why, GError **error)
{
  const char *args[] = { ids, why };
  g_autoptr (PGresult) done = ask (pg, how, why ? 2 : 1, args, error);

  return done != NULL;
}

/* FALSE: the channel has to wait, or the database. */
static gboolean
judge (TlPg *pg, PGresult *rows, const GError *cause, GError **error)
{
  g_autofree char *ids = ids_of (rows);
  g_autofree char *bounded = g_strndup (cause->message, ERROR_MAX);
  g_autofree char *why = g_utf8_make_valid (bounded, -1);
  guint attempts = 0;

  for (int i = 0; i < PQntuples (rows); i++)
    attempts = MAX (attempts, (guint)tl_hook_number (rows, i, TL_DELIVERY_ATTEMPTS));
  tl_pg_rollback (pg);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BUSY) && attempts < MAX_ATTEMPTS)
    return put_off (pg, ids, attempts - 1, why, error);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BUSY) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_FAILED)) {
    g_message ("Delivery %s is given up", ids);
    return mark (pg, "bury", ids, why, error);
  }
  if (mark (pg, "away", ids, why, error))
    g_propagate_error (error, g_error_copy (cause));
  return FALSE;
}

static gboolean
tell (TlServer *server, TlPg *pg, const TlChannel *channel, PGresult *rows, GError **error)
{
  g_autofree char *ids = ids_of (rows);
  g_autoptr (GError) cause = NULL;

  if (channel->tell (server, pg, rows, &cause))
    return mark (pg, "done", ids, NULL, error);
  return judge (pg, rows, cause, error);
}

static PGresult *
claim (TlPg *pg, const TlChannel *channel, GError **error)
{
  const char *args[] = { channel->name, G_STRINGIFY (LEASE_SECONDS) };

  return ask (pg, "claim", G_N_ELEMENTS (args), args, error);
}

static gboolean
find_next (TlPg *pg, const TlChannel *channel, gint64 *next_run, GError **error)
{
  g_autoptr (PGresult) due = ask (pg, "next-due", 1, &channel->name, error);
  gint64 now = g_get_real_time ();

  if (due == NULL)
    return FALSE;
  *next_run = now + POLL;
  if (!PQgetisnull (due, 0, 0))
    *next_run = CLAMP (tl_hook_number (due, 0, 0), now + G_USEC_PER_SEC / 10, *next_run);
  return TRUE;
}

static const TlChannel *
find_channel (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_str_has_prefix (key, channels[i]->name))
      return channels[i];
  return NULL;
}

static gboolean
run (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  const TlChannel *channel = find_channel (job->key);
  gint64 until = g_get_monotonic_time () + TURN_SECONDS * G_USEC_PER_SEC;

  *next_run = g_get_real_time () + IDLE;
  if (channel == NULL || !channel->is_on (server->config))
    return TRUE;
  while (g_get_monotonic_time () < until) {
    g_autoptr (PGresult) rows = claim (pg, channel, error);

    if (rows == NULL)
      return FALSE;
    if (PQntuples (rows) == 0)
      return find_next (pg, channel, next_run, error);
    if (!tell (server, pg, channel, rows, error))
      return FALSE;
  }
  *next_run = g_get_real_time ();
  return TRUE;
}

const TlJobKind tl_deliver_job = { "deliver", LEASE_SECONDS, run };
