/* audience.c: who listens to what. An account is kept while a socket of it listens; it stands in the
 * list of each scope that it was in when its memberships were last read. The hub's thread only. */
#include "server/jmap/audience.h"

#include "server/jmap/type-sql.h"

#define SQL "jmap/hub.sql"

struct _TlAudience {
  GHashTable *accounts; /* id -> TlAudienceAccount, owned */
  GHashTable *scopes;   /* id -> GPtrArray of TlAudienceAccount */
  GHashTable *sockets;  /* TlSocket -> its TlAudienceAccount */
};

static void
clear_listener (gpointer listener)
{
  tl_socket_unref (((TlListener *)listener)->socket);
}

static TlAudienceAccount *
account_new (gint64 id)
{
  TlAudienceAccount *account = g_new0 (TlAudienceAccount, 1);

  account->id = id;
  account->listeners = g_array_new (FALSE, FALSE, sizeof (TlListener));
  g_array_set_clear_func (account->listeners, clear_listener);
  account->scopes = g_array_new (FALSE, FALSE, sizeof (gint64));
  return account;
}

static void
account_free (gpointer data)
{
  TlAudienceAccount *account = data;

  g_array_unref (account->listeners);
  g_array_unref (account->scopes);
  g_free (account);
}

TlAudience *
tl_audience_new (void)
{
  TlAudience *self = g_new0 (TlAudience, 1);

  self->accounts = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, account_free);
  self->scopes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                        (GDestroyNotify)g_ptr_array_unref);
  self->sockets = g_hash_table_new (NULL, NULL);
  return self;
}

void
tl_audience_free (TlAudience *self)
{
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->scopes);
  g_hash_table_unref (self->accounts);
  g_free (self);
}

static void
enter_scope (TlAudience *self, TlAudienceAccount *account, gint64 scope)
{
  GPtrArray *there = g_hash_table_lookup (self->scopes, &scope);

  if (there == NULL) {
    there = g_ptr_array_new ();
    g_hash_table_insert (self->scopes, g_memdup2 (&scope, sizeof scope), there);
  }
  g_ptr_array_add (there, account);
  g_array_append_val (account->scopes, scope);
}

static void
leave_scopes (TlAudience *self, TlAudienceAccount *account)
{
  for (guint i = 0; i < account->scopes->len; i++) {
    gint64 scope = g_array_index (account->scopes, gint64, i);
    GPtrArray *there = g_hash_table_lookup (self->scopes, &scope);

    g_ptr_array_remove_fast (there, account);
    if (there->len == 0)
      g_hash_table_remove (self->scopes, &scope);
  }
  g_array_set_size (account->scopes, 0);
}

void
tl_audience_add (TlAudience *self, TlSocket *socket, gint64 id, guint32 types, gboolean objects)
{
  TlListener listener = { tl_socket_ref (socket), types, objects };
  TlAudienceAccount *account;

  tl_audience_remove (self, socket);
  account = g_hash_table_lookup (self->accounts, &id);
  if (account == NULL) {
    account = account_new (id);
    g_hash_table_insert (self->accounts, &account->id, account);
  }
  g_array_append_val (account->listeners, listener);
  g_hash_table_insert (self->sockets, socket, account);
}

void
tl_audience_remove (TlAudience *self, TlSocket *socket)
{
  TlAudienceAccount *account = g_hash_table_lookup (self->sockets, socket);

  if (account == NULL)
    return;
  g_hash_table_remove (self->sockets, socket);
  for (guint i = 0; i < account->listeners->len; i++)
    if (g_array_index (account->listeners, TlListener, i).socket == socket) {
      g_array_remove_index_fast (account->listeners, i);
      break;
    }
  if (account->listeners->len == 0) {
    leave_scopes (self, account);
    g_hash_table_remove (self->accounts, &account->id);
  }
}

GPtrArray *
tl_audience_of (TlAudience *self, gint64 scope)
{
  return g_hash_table_lookup (self->scopes, &scope);
}

GList *
tl_audience_accounts (TlAudience *self)
{
  return g_hash_table_get_values (self->accounts);
}

gboolean
tl_audience_load (TlAudience *self, TlPg *pg, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (PGresult) rows = NULL;
  g_autofree char *array = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!((TlAudienceAccount *)value)->scopes_known)
      g_array_append_val (ids, ((TlAudienceAccount *)value)->id);
  if (ids->len == 0)
    return TRUE;
  array = tl_pg_array ((const gint64 *)ids->data, ids->len);
  rows =
      tl_pg_query (pg, "hub.scopes", tl_sql (SQL, "scopes"), 1, (const char *[]){ array }, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    TlAudienceAccount *account =
        g_hash_table_lookup (self->accounts, &g_array_index (ids, gint64, i));

    leave_scopes (self, account);
    account->scopes_known = TRUE;
  }
  for (int i = 0; i < PQntuples (rows); i++) {
    gint64 id = g_ascii_strtoll (PQgetvalue (rows, i, 0), NULL, 10);

    enter_scope (self, g_hash_table_lookup (self->accounts, &id),
                 g_ascii_strtoll (PQgetvalue (rows, i, 1), NULL, 10));
  }
  return TRUE;
}
