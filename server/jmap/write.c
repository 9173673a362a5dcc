/* write.c: what hooks call while they write: the log, memberships, roles; and the transaction around.
 *
 * The log is appended last, because it locks the scopes' rows until the commit. */
#include "server/jmap/write.h"

#include "server/jmap/hub.h"

#define FILE_SQL "jmap/write.sql"

G_DEFINE_QUARK (tl_set_error, tl_set_error)

PGresult *
tl_write_query (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *full = g_strconcat ("write.", name, NULL);

  return tl_pg_query (pg, full, tl_sql (FILE_SQL, name), n, args, error);
}

static void
change_clear (gpointer data)
{
  TlChange *change = data;

  g_free (change->props);
}

GArray *
tl_changes_new (void)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (TlChange));

  g_array_set_clear_func (changes, change_clear);
  return changes;
}

static void
add_change (TlWrite *write, gint64 scope, guint8 type, gint64 id, TlChangeKind kind,
            const char *props)
{
  TlChange change = {
    .scope = scope, .id = id, .type = type, .kind = kind, .props = g_strdup (props)
  };

  g_array_append_val (write->changes, change);
}

void
tl_write_log (TlWrite *write, gint64 scope, const TlType *type, gint64 id, TlChangeKind kind,
              const char *props)
{
  add_change (write, scope, type->number, id, kind, props);
}

static char *
number (gint64 value)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, value);
}

static gint64
number_at (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

static gboolean
change_membership (TlWrite *write, const char *statement, gint64 account, gint64 scope,
                   const char *role, GError **error)
{
  g_autofree char *account_text = number (account);
  g_autofree char *scope_text = number (scope);
  const char *args[] = { account_text, scope_text, role };
  g_autoptr (PGresult) result = tl_write_query (write->pg, statement, role ? 3 : 2, args, error);

  if (result == NULL)
    return FALSE;
  if (PQgetvalue (result, 0, 0)[0] == 't')
    add_change (write, number_at (result, 0, 1), 0, scope, TL_MEMBER, NULL);
  return TRUE;
}

gboolean
tl_write_join (TlWrite *write, gint64 account, gint64 scope, const char *role, GError **error)
{
  return change_membership (write, "join", account, scope, role, error);
}

gboolean
tl_write_leave (TlWrite *write, gint64 account, gint64 scope, GError **error)
{
  return change_membership (write, "leave", account, scope, NULL, error);
}

gint64
tl_write_new_scope (TlWrite *write, const char *kind, GError **error)
{
  const char *args[] = { kind };
  g_autoptr (PGresult) result = tl_write_query (write->pg, "new_scope", 1, args, error);

  return result ? number_at (result, 0, 0) : 0;
}

/* What cannot be looked up is not allowed; the transaction fails at its next statement. */
const char *
tl_write_role (TlWrite *write, gint64 scope)
{
  g_autofree char *account_text = number (write->account);
  g_autofree char *scope_text = number (scope);
  const char *args[] = { account_text, scope_text };
  g_autoptr (PGresult) result = tl_write_query (write->pg, "role", 2, args, NULL);

  if (result == NULL || PQntuples (result) == 0)
    return NULL;
  return g_intern_string (PQgetvalue (result, 0, 0));
}

gboolean
tl_write_open (TlWrite *write, char **epoch, char **snapshot, GError **error)
{
  g_autofree char *account_text = number (write->account);
  const char *args[] = { account_text };
  g_autoptr (PGresult) result = NULL;

  if (!tl_pg_begin (write->pg, error))
    return FALSE;
  result = tl_write_query (write->pg, "context", 1, args, error);
  if (result == NULL)
    return FALSE;
  if (epoch)
    *epoch = g_strdup (PQgetvalue (result, 0, 0));
  if (snapshot)
    *snapshot = g_strdup (PQgetvalue (result, 0, 1));
  write->private_scope = number_at (result, 0, 2);
  return TRUE;
}

/* The five arrays of sync.append(). */
static void
make_arrays (GArray *changes, GString *arrays[5])
{
  for (guint i = 0; i < 5; i++)
    arrays[i] = g_string_new ("{");
  for (guint i = 0; i < changes->len; i++) {
    const TlChange *change = &g_array_index (changes, TlChange, i);
    const char *comma = i ? "," : "";

    g_string_append_printf (arrays[0], "%s%" G_GINT64_FORMAT, comma, change->scope);
    g_string_append_printf (arrays[1], "%s%u", comma, change->type);
    g_string_append_printf (arrays[2], "%s%" G_GINT64_FORMAT, comma, change->id);
    g_string_append_printf (arrays[3], "%s%c", comma, change->kind);
    g_string_append_printf (arrays[4], change->props ? "%s\"%s\"" : "%s%s", comma,
                            change->props ? change->props : "NULL");
  }
  for (guint i = 0; i < 5; i++)
    g_string_append_c (arrays[i], '}');
}

gboolean
tl_write_append (TlWrite *write, GArray *seqs, guint64 *xid, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  GString *arrays[5];
  g_autofree char *author = number (write->account);
  const char *args[6];

  if (write->changes->len == 0)
    return TRUE;
  make_arrays (write->changes, arrays);
  for (guint i = 0; i < 5; i++)
    args[i] = arrays[i]->str;
  args[5] = author;
  result = tl_write_query (write->pg, "append", 6, args, error);
  for (guint i = 0; i < 5; i++)
    g_string_free (arrays[i], TRUE);
  if (result == NULL)
    return FALSE;
  g_array_set_size (seqs, write->changes->len);
  for (int i = 0; i < PQntuples (result); i++)
    g_array_index (seqs, gint64, number_at (result, i, 0) - 1) = number_at (result, i, 1);
  *xid = g_ascii_strtoull (PQgetvalue (result, 0, 2), NULL, 10);
  return TRUE;
}

void
tl_write_clear (TlWrite *write)
{
  g_clear_pointer (&write->changes, g_array_unref);
  g_clear_pointer (&write->created, json_object_unref);
}

gboolean
tl_write_begin (TlWrite *write, TlServer *server, TlPg *pg, gint64 account, GError **error)
{
  *write = (TlWrite){ .server = server,
                      .pg = pg,
                      .account = account,
                      .changes = tl_changes_new (),
                      .created = json_object_new () };
  if (tl_write_open (write, NULL, NULL, error))
    return TRUE;
  tl_write_abort (write);
  return FALSE;
}

gboolean
tl_write_commit (TlWrite *write, GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, TRUE, sizeof (gint64));
  gboolean has_news = write->changes->len > 0;
  guint64 xid;

  if (!tl_write_append (write, seqs, &xid, error)) {
    tl_write_abort (write);
    return FALSE;
  }
  tl_write_clear (write);
  if (!tl_pg_commit (write->pg, error))
    return FALSE;
  if (has_news && write->server->hub)
    tl_hub_committed (write->server->hub);
  return TRUE;
}

void
tl_write_abort (TlWrite *write)
{
  tl_pg_rollback (write->pg);
  tl_write_clear (write);
}
