/* snapshot.c: Snapshot/fetch: everything of some types, newest first, a query a page and type.
 *
 * The cursor is `state|number of types done|id below which the next page begins`. Its state was
 * taken before the first page was read. */
#include "server/jmap/call.h"
#include "server/jmap/state.h"
#include "server/jmap/type-sql.h"

#include <string.h>

typedef struct {
  char *state;
  guint64 done;  /* types */
  guint64 below; /* id */
} Cursor;

static void
cursor_clear (Cursor *self)
{
  g_free (self->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cursor, cursor_clear)

static gboolean
cursor_parse (const char *text, Cursor *cursor)
{
  g_auto (GStrv) parts = g_strsplit (text, "|", 4);
  g_auto (TlState) state = { 0 };

  if (g_strv_length (parts) != 3 || !tl_state_parse (parts[0], &state) || state.until ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, TL_MAX_CALLS, &cursor->done, NULL) ||
      !g_ascii_string_to_unsigned (parts[2], 10, 1, G_MAXINT64, &cursor->below, NULL))
    return FALSE;
  cursor->state = g_strdup (parts[0]);
  return TRUE;
}

static gboolean
begin (TlCall *call, const char *text, Cursor *cursor, GError **error)
{
  if (text)
    return cursor_parse (text, cursor) || tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                                                     "“cursor” is not one of this server's");
  cursor->below = G_MAXINT64;
  cursor->state = tl_jmap_state (call->pg, error);
  return cursor->state != NULL;
}

static GPtrArray *
read_types (JsonObject *args, GError **error)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  JsonArray *names = NULL;

  if (!tl_arg_array (args, "types", &names, error))
    return NULL;
  for (guint i = 0; names && i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));
    const TlType *type = name ? tl_type_served (name) : NULL;

    if (type == NULL || tl_type_service (type) == NULL || g_ptr_array_find (types, type, NULL)) {
      tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“types” holds “%.100s”",
                 name ? name : "");
      return NULL;
    }
    g_ptr_array_add (types, (gpointer)type);
  }
  if (types->len == 0) {
    tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“types” names none");
    return NULL;
  }
  return g_steal_pointer (&types);
}

/* A row an object: libpq's buffer would grow to a value that is a whole page, and stay so. */
static void
append_objects (PGresult *page, GString *out)
{
  for (int i = 0; i < PQntuples (page); i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    g_string_append_len (out, PQgetvalue (page, i, 1), PQgetlength (page, i, 1));
  }
}

/* Takes `wanted` off by what was found, and moves the cursor. */
static gboolean
append_page (TlCall *call, const TlType *type, Cursor *cursor, gint64 *wanted, GString *out,
             GError **error)
{
  g_autofree char *below = g_strdup_printf ("%" G_GUINT64_FORMAT, cursor->below);
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, *wanted);
  const char *args[] = { call->account_number, below, limit };
  g_autoptr (PGresult) page = tl_type_query (call->pg, type, TL_TYPE_PAGE, 3, args, error);
  int found;

  if (page == NULL)
    return FALSE;
  found = PQntuples (page);
  if (found > 0) {
    tl_json_append_comma (out);
    tl_json_append_string (out, type->name);
    g_string_append (out, ":[");
    append_objects (page, out);
    g_string_append_c (out, ']');
    cursor->below = g_ascii_strtoull (PQgetvalue (page, found - 1, 0), NULL, 10);
  }
  if (found < *wanted) {
    cursor->done++;
    cursor->below = G_MAXINT64;
  }
  *wanted -= found;
  return TRUE;
}

gboolean
tl_call_snapshot (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                  GError **error)
{
  g_auto (Cursor) cursor = { 0 };
  g_autoptr (GPtrArray) types = read_types (args, error);
  const char *text = NULL;
  gint64 wanted = TL_MAX_SNAPSHOT;

  if (types == NULL || !tl_arg_string (args, "cursor", &text, error) ||
      !tl_arg_int (args, "limit", 1, G_MAXINT64, &wanted, error) ||
      !begin (call, text, &cursor, error))
    return FALSE;
  wanted = MIN (wanted, TL_MAX_SNAPSHOT);
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"state\":\"%s\",\"objects\":{",
                          call->account_id, cursor.state);
  while (wanted > 0 && cursor.done < types->len)
    if (!append_page (call, types->pdata[cursor.done], &cursor, &wanted, out, error))
      return FALSE;
  g_string_append (out, "},\"cursor\":");
  if (cursor.done < types->len)
    g_string_append_printf (out, "\"%s|%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT "\"}",
                            cursor.state, cursor.done, cursor.below);
  else
    g_string_append (out, "null}");
  return TRUE;
}
