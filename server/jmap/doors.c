/* doors.c: see the header. A session has one set of sockets; most have one socket. */
#include "server/jmap/doors.h"

#include "server/services/oauth/signing-keys.h"
#include "server/services/user/tokens.h"

#include <string.h>

#define SQL "jmap/hub.sql"
#define ALL_EVERY_US (60 * G_USEC_PER_SEC)
#define POLICY_VIOLATION 1008

struct _TlDoors {
  TlTokens *tokens;
  GHashTable *sockets; /* TlSocket, with a reference -> its session, of `sessions` */
  GHashTable *fresh;   /* TlSocket: entered since the last check */
  char *ends;
  gint64 all_at; /* monotonic: when all were looked at */
};

TlDoors *
tl_doors_new (TlTokens *tokens)
{
  TlDoors *self = g_new0 (TlDoors, 1);

  self->tokens = tokens;
  self->sockets = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)tl_socket_unref, g_free);
  self->fresh = g_hash_table_new (NULL, NULL);
  return self;
}

void
tl_doors_free (TlDoors *self)
{
  g_hash_table_unref (self->fresh);
  g_hash_table_unref (self->sockets);
  g_free (self->ends);
  g_free (self);
}

void
tl_doors_enter (TlDoors *self, TlSocket *socket, const char *session)
{
  g_hash_table_insert (self->sockets, tl_socket_ref (socket), g_strdup (session));
  g_hash_table_add (self->fresh, socket);
}

void
tl_doors_leave (TlDoors *self, TlSocket *socket)
{
  g_hash_table_remove (self->fresh, socket);
  g_hash_table_remove (self->sockets, socket);
}

static void
append_session (GString *array, const char *session)
{
  g_string_append_printf (array, "%s%s", array->len > 1 ? "," : "", session);
}

/* The sessions of `of`, as a PostgreSQL array. */
static char *
sessions_of (TlDoors *self, GHashTable *of)
{
  GString *array = g_string_new ("{");
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, of);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    append_session (array, g_hash_table_lookup (self->sockets, socket));
  g_string_append_c (array, '}');
  return g_string_free_and_steal (array);
}

/* They leave when they are closed. */
static void
close_sockets (TlDoors *self, GHashTable *of, PGresult *ended)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer socket;

  for (int i = 0; i < PQntuples (ended); i++)
    g_hash_table_add (gone, PQgetvalue (ended, i, 0));
  g_hash_table_iter_init (&iter, of);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    if (g_hash_table_contains (gone, g_hash_table_lookup (self->sockets, socket)))
      tl_socket_close (socket, POLICY_VIOLATION, "this sign-in has ended");
}

static gboolean
refuse_tokens (TlDoors *self, TlPg *pg, GError **error)
{
  g_autoptr (PGresult) ended =
      tl_pg_query (pg, "hub.refused", tl_sql (SQL, "refused"), 0, NULL, error);
  GHashTable *sessions;

  if (ended == NULL)
    return FALSE;
  sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < PQntuples (ended); i++)
    g_hash_table_add (sessions, g_strdup (PQgetvalue (ended, i, 0)));
  tl_tokens_refuse (self->tokens, sessions);
  return TRUE;
}

gboolean
tl_doors_check (TlDoors *self, TlPg *pg, const char *ends, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  gboolean is_all = g_strcmp0 (self->ends, ends) != 0 || now - self->all_at > ALL_EVERY_US;
  GHashTable *of = is_all ? self->sockets : self->fresh;
  g_autofree char *sessions = NULL;
  g_autoptr (PGresult) ended = NULL;

  if (is_all && !(refuse_tokens (self, pg, error) &&
                  tl_signing_keys_load (tl_tokens_signing (self->tokens), pg, error)))
    return FALSE;
  if (g_hash_table_size (of) > 0) {
    sessions = sessions_of (self, of);
    ended = tl_pg_query (pg, "hub.ended", tl_sql (SQL, "ended"), 1, (const char *[]){ sessions },
                         error);
    if (ended == NULL)
      return FALSE;
    close_sockets (self, of, ended);
  }
  g_hash_table_remove_all (self->fresh);
  g_set_str (&self->ends, ends);
  if (is_all)
    self->all_at = now;
  return TRUE;
}
