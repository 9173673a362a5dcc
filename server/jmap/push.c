/* push.c: makes the frames that are pushed. A SyncPush is made once for everybody in its scope: it
 * tells nothing that depends on who gets it. The hub's thread, on its connection. */
#include "server/jmap/push.h"

#include "server/jmap/type-sql.h"
#include "server/jmap/type.h"
#include "sync/wire/types.h"

#include <string.h>

#define MAX_ROWS 100
#define MAX_BYTES (200 * 1024)

char *
tl_push_state_change (gint64 account, guint32 types, const char *state)
{
  GString *text = g_string_new ("{\"@type\":\"StateChange\",\"changed\":{");
  char id[TL_ID_MAX];
  gboolean any = FALSE;

  g_string_append_printf (text, "\"%s\":{", tl_id_format (account, id));
  for (guint i = 0; tl_type_services[i]; i++) {
    const TlType *type = tl_type_services[i]->type;

    if (types & TL_TYPE_BIT (type)) {
      g_string_append_printf (text, "%s\"%s\":\"%s\"", any ? "," : "", type->name, state);
      any = TRUE;
    }
  }
  g_string_append_printf (text, "}},\"pushState\":\"%s\"}", state);
  return g_string_free_and_steal (text);
}

/* Does nothing later in `rows` speak of the same object? */
static gboolean
is_last (const TlPushRow *rows, guint n, guint at)
{
  for (guint i = at + 1; i < n; i++)
    if (rows[i].type == rows[at].type && rows[i].id == rows[at].id)
      return FALSE;
  return TRUE;
}

/* The ids of objects of `type` that are gone, or are not. */
static GArray *
ids_of (const TlPushRow *rows, guint n, const TlType *type, gboolean gone)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < n; i++)
    if (rows[i].type == type->number && (rows[i].kind == 'd') == gone && is_last (rows, n, i))
      g_array_append_val (ids, rows[i].id);
  return ids;
}

static void
begin_type (GString *text, const TlType *type)
{
  g_string_append_printf (text, "%s\"%s\":[", text->str[text->len - 1] == '{' ? "" : ",",
                          type->name);
}

static void
append_destroyed (GString *text, const TlType *type, GArray *ids)
{
  char id[TL_ID_MAX];

  begin_type (text, type);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s\"%s\"", i ? "," : "",
                            tl_id_format (g_array_index (ids, gint64, i), id));
  g_string_append_c (text, ']');
}

static gboolean
append_objects (GString *text, TlPg *pg, gint64 scope, const TlType *type, GArray *ids,
                GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, scope);
  g_autofree char *array = tl_pg_array ((const gint64 *)ids->data, ids->len);
  const char *args[] = { number, array };
  g_autoptr (PGresult) rows = tl_type_query (pg, type, TL_TYPE_IN_SCOPE, 2, args, error);

  if (rows == NULL)
    return FALSE;
  begin_type (text, type);
  for (int i = 0; i < PQntuples (rows); i++) {
    if (i)
      g_string_append_c (text, ',');
    g_string_append (text, PQgetvalue (rows, i, 1));
  }
  g_string_append_c (text, ']');
  return TRUE;
}

static gboolean
append_all (GString *text, TlPg *pg, const TlPushRow *rows, guint n, gboolean gone, GError **error)
{
  for (guint i = 0; tl_types[i]; i++) {
    g_autoptr (GArray) ids = ids_of (rows, n, tl_types[i], gone);

    if (ids->len == 0)
      continue;
    if (gone)
      append_destroyed (text, tl_types[i], ids);
    else if (!append_objects (text, pg, rows->scope, tl_types[i], ids, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_for_changes (const TlPushRow *rows, guint n)
{
  for (guint i = 0; i < n; i++)
    if (rows[i].type == 0)
      return TRUE;
  return n > MAX_ROWS;
}

GBytes *
tl_push_objects (TlPg *pg, const TlPushRow *rows, guint n, GError **error)
{
  g_autoptr (GString) text = NULL;
  char id[TL_ID_MAX];

  if (is_for_changes (rows, n))
    return NULL;
  text = g_string_new (NULL);
  g_string_append_printf (text,
                          "{\"@type\":\"SyncPush\",\"scope\":\"%s\",\"scopeSeq\":%" G_GINT64_FORMAT
                          ",\"from\":%" G_GINT64_FORMAT ",\"objects\":{",
                          tl_id_format (rows->scope, id), rows[n - 1].scope_seq, rows->scope_seq);
  if (!append_all (text, pg, rows, n, FALSE, error))
    return NULL;
  g_string_append (text, "},\"destroyed\":{");
  append_all (text, pg, rows, n, TRUE, error);
  g_string_append (text, "}}");
  return text->len <= MAX_BYTES ? tl_socket_frame (text->str, text->len) : NULL;
}
