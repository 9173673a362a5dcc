/* conflict.c: /set's ifUnchangedSince (docs/protocol.md): a write is refused when others have changed since
 * what it is about to change. The object is locked: what they do from now on comes after. */
#include "server/jmap/set.h"
#include "server/jmap/state.h"
#include "server/jmap/type-sql.h"

#include <string.h>

#define SQL "jmap/jmap.sql"

enum { USABLE, KIND, PROPS };

/* Is any of the names in `props` a member of `asked`? */
static gboolean
touches (JsonObject *asked, const char *props)
{
  g_auto (GStrv) names = g_strsplit (props, ",", -1);

  for (guint i = 0; names[i]; i++)
    if (json_object_has_member (asked, names[i]))
      return TRUE;
  return FALSE;
}

/* What cannot be told counts as a conflict. An update that does not say of what touches everything. */
static gboolean
is_conflict (PGresult *rows, JsonObject *asked)
{
  if (PQgetvalue (rows, 0, USABLE)[0] != 't')
    return TRUE;
  for (int i = 0; i < PQntuples (rows) && !PQgetisnull (rows, i, KIND); i++)
    if (asked == NULL || PQgetisnull (rows, i, PROPS) ||
        touches (asked, PQgetvalue (rows, i, PROPS)))
      return TRUE;
  return FALSE;
}

static PGresult *
ask (TlSet *set, const TlSetResult *result, const TlState *state, GError **error)
{
  g_autofree char *epoch = g_strdup_printf ("%u", state->epoch);
  g_autofree char *scope = g_strdup_printf ("%" G_GINT64_FORMAT, result->scope);
  g_autofree char *type = g_strdup_printf ("%u", set->service->type->number);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, result->id);
  const char *args[] = { epoch, state->since, scope, type, id, set->call->account_number };

  return tl_pg_query (set->write.pg, "jmap.others", tl_sql (SQL, "changed-by-others"), 6, args,
                      error);
}

/* What stands there now instead of what is asked for; all of it when the object was to go. */
static char *
values_now (JsonObject *current, JsonObject *asked)
{
  g_autoptr (JsonObject) values = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, current);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (asked == NULL || json_object_has_member (asked, name))
      json_object_set_member (values, name, json_node_ref (value));
  json_node_set_object (node, values);
  return json_to_string (node, FALSE);
}

gboolean
tl_set_check_unchanged (TlSet *set, TlSetResult *result, JsonObject *current, JsonObject *asked,
                        GError **error)
{
  JsonNode *since =
      set->if_unchanged ? json_object_get_member (set->if_unchanged, result->name) : NULL;
  g_auto (TlState) state = { 0 };
  g_autoptr (PGresult) rows = NULL;

  if (since == NULL || JSON_NODE_HOLDS_NULL (since))
    return TRUE;
  if (tl_node_string (since) && tl_state_parse (tl_node_string (since), &state)) {
    rows = ask (set, result, &state, error);
    if (rows == NULL)
      return FALSE;
    if (!is_conflict (rows, asked))
      return TRUE;
  }
  result->current = values_now (current, asked);
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_CONFLICT,
               "Somebody else has changed this %s meanwhile", set->service->type->name);
  return FALSE;
}
