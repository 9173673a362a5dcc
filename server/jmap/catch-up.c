/* catch-up.c: Sync/changes: what a device that knows a state needs of all types, objects and all, in one call
 * (docs/protocol.md). The same as /changes and /get of each type; a type that nothing happened to costs nothing. */
#include "server/jmap/changes.h"
#include "server/jmap/get.h"
#include "server/jmap/log.h"
#include "server/jmap/state.h"
#include "server/jmap/type-sql.h"

#include <string.h>

#define MAX_ANSWER (8 * 1024 * 1024) /* bytes: types beyond stay at their state */

typedef struct {
  TlCall *call;
  const char *since;
  gint64 max; /* changes of a type */
  GPtrArray *services;
  gboolean touched[256]; /* by type number: the log tells of it */
  char *new_state;       /* of all types but those in `states` */
  GString *objects, *destroyed, *states;
} CatchUp;

static void
catch_up_clear (CatchUp *self)
{
  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_clear_pointer (&self->new_state, g_free);
  g_string_free (self->objects, TRUE);
  g_string_free (self->destroyed, TRUE);
  g_string_free (self->states, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CatchUp, catch_up_clear)

static gboolean
add_type (CatchUp *self, const char *name, GError **error)
{
  const TlType *type = name ? tl_type_served (name) : NULL;
  const TlTypeService *service = type ? tl_type_service (type) : NULL;

  if (service == NULL || g_ptr_array_find (self->services, service, NULL))
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“types” holds “%.100s”",
                      name ? name : "");
  g_ptr_array_add (self->services, (gpointer)service);
  return TRUE;
}

static gboolean
read_args (CatchUp *self, JsonObject *args, GError **error)
{
  JsonArray *names = NULL;

  self->max = TL_MAX_CHANGES;
  self->services = g_ptr_array_new ();
  if (!tl_arg_string (args, "sinceState", &self->since, error) ||
      !tl_arg_int (args, "maxChanges", 1, G_MAXINT64, &self->max, error) ||
      !tl_arg_array (args, "types", &names, error))
    return FALSE;
  if (self->since == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sinceState” is missing");
  self->max = MIN (self->max, TL_MAX_CHANGES);
  for (guint i = 0; names == NULL && tl_type_services[i]; i++)
    g_ptr_array_add (self->services, (gpointer)tl_type_services[i]);
  for (guint i = 0; names && i < json_array_get_length (names); i++)
    if (!add_type (self, tl_node_string (json_array_get_element (names, i)), error))
      return FALSE;
  return TRUE;
}

/* Which types there is something to tell of, and the state after. */
static gboolean
look (CatchUp *self, GError **error)
{
  g_auto (TlState) state = { 0 };
  const TlLog *log;

  if (!tl_state_parse (self->since, &state))
    return tl_changes_cannot (error);
  if (state.until) { /* a page's: each type's own reading says it all */
    memset (self->touched, TRUE, sizeof self->touched);
    self->new_state = g_strdup_printf ("%u.%s", state.epoch, state.until);
    return TRUE;
  }
  log = tl_log_read (self->call, state.since, state.epoch, error);
  if (log == NULL)
    return FALSE;
  if (!log->is_usable)
    return tl_changes_cannot (error);
  self->new_state =
      log->is_current ? g_strdup (self->since) : g_strdup_printf ("%u.%s", state.epoch, log->now);
  if (log->is_partial)
    memset (self->touched, TRUE, sizeof self->touched);
  for (guint i = 0; i < log->rows->len; i++)
    self->touched[g_array_index (log->rows, TlLogRow, i).type] = TRUE;
  return TRUE;
}

/* "Name": in an object that is being written. */
static void
append_name (GString *out, const TlType *type)
{
  tl_json_append_comma (out);
  tl_json_append_string (out, type->name);
  g_string_append_c (out, ':');
}

static void
append_state (CatchUp *self, const TlType *type, const char *state)
{
  append_name (self->states, type);
  tl_json_append_string (self->states, state);
}

static gboolean
add_changes (CatchUp *self, const TlTypeService *service, GError **error)
{
  g_auto (TlChangesPage) page = { 0 };

  if (self->objects->len + self->destroyed->len > MAX_ANSWER) {
    append_state (self, service->type, self->since);
    return TRUE;
  }
  if (!tl_changes_page (self->call, service, self->since, self->max, &page, error))
    return FALSE;
  if (page.has_more)
    append_state (self, service->type, page.new_state);
  if (page.destroyed->len > 0) {
    append_name (self->destroyed, service->type);
    g_string_append_printf (self->destroyed, "%s", page.destroyed->str);
  }
  if (page.present->len == 0)
    return TRUE;
  append_name (self->objects, service->type);
  return tl_get_objects (self->call, service->type, page.present, self->objects, error);
}

gboolean
tl_call_catch_up (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                  GError **error)
{
  g_auto (CatchUp) self = { .call = call,
                            .objects = g_string_new ("{"),
                            .destroyed = g_string_new ("{"),
                            .states = g_string_new ("{") };

  if (!read_args (&self, args, error) || !look (&self, error))
    return FALSE;
  for (guint i = 0; i < self.services->len; i++) {
    const TlTypeService *each = self.services->pdata[i];

    if (self.touched[each->type->number] && !add_changes (&self, each, error))
      return FALSE;
  }
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"oldState\":\"%s\",\"newState\":\"%s\"",
                          call->account_id, self.since, self.new_state);
  g_string_append_printf (out, ",\"objects\":%s},\"destroyed\":%s},\"states\":%s}}",
                          self.objects->str, self.destroyed->str, self.states->str);
  return TRUE;
}
