/* calendar.c: the types Calendar and CalendarMark, and the two ends of being in a calendar. */
#include "server/services/calendar/calendar.h"

#include "server/services/notify/notify.h"
#include "sync/wire/recurrence.h"

#define SQL "calendar/calendar.sql"

static const char *const colors[] = { "blue", "teal",   "green", "yellow", "orange",
                                      "red",  "purple", "pink",  "slate",  NULL };

PGresult *
tl_calendar_query (TlWrite *write, const char *name, int n, const gint64 *args, GError **error)
{
  return tl_hook_query (write, SQL, name, n, args, error);
}

static gint64
scope_of (TlWrite *write, const char *statement, gint64 id, GError **error)
{
  g_autoptr (PGresult) found = tl_calendar_query (write, statement, 1, &id, error);
  gint64 scope;

  if (found == NULL)
    return 0;
  scope = PQntuples (found) == 1 ? tl_hook_number (found, 0, 0) : 0;
  if (scope != 0 && tl_write_role (write, scope))
    return scope;
  tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                  "calendarId: there is no such calendar that you see");
  return 0;
}

gint64
tl_calendar_lock (TlWrite *write, gint64 id, GError **error)
{
  return scope_of (write, "calendar-lock", id, error);
}

gint64
tl_calendar_find (TlWrite *write, gint64 id, GError **error)
{
  return scope_of (write, "calendar-find", id, error);
}

gboolean
tl_calendar_may_write (TlWrite *write, gint64 scope)
{
  static const char *const writers[] = { "owner", "member", NULL };

  return tl_hook_is_one_of (tl_write_role (write, scope), writers);
}

gint64
tl_calendar_role (const char *role)
{
  static const char *const roles[] = { "owner", "member", "reader" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (role, roles[i]) == 0)
      return i + 1;
  return 0;
}

gboolean
tl_calendar_add_member (TlWrite *write, gint64 calendar, gint64 scope, gint64 principal,
                        const char *role, GError **error)
{
  const gint64 args[] = { scope, calendar, principal, tl_calendar_role (role) };
  g_autoptr (PGresult) row = tl_calendar_query (write, "member-add", 4, args, error);

  if (row == NULL || !tl_write_join (write, principal, scope, role, error))
    return FALSE;
  tl_write_log (write, scope, &tl_calendar_member_type, tl_hook_number (row, 0, 0), TL_CREATED,
                NULL);
  return TRUE;
}

gboolean
tl_calendar_leave (TlWrite *write, gint64 calendar, gint64 scope, gint64 principal, GError **error)
{
  const gint64 args[] = { principal, calendar };
  g_autoptr (PGresult) marks = tl_calendar_query (write, "marks-of-leaver", 2, args, error);

  if (marks == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (marks); i++)
    tl_write_log (write, tl_hook_number (marks, i, 0),
                  tl_type_by_number ((guint)tl_hook_number (marks, i, 2)),
                  tl_hook_number (marks, i, 1), TL_DESTROYED, NULL);
  return tl_write_leave (write, principal, scope, error);
}

gboolean
tl_calendar_empty (TlWrite *write, gint64 id, gint64 scope, GError **error)
{
  g_autoptr (PGresult) closed = tl_calendar_query (write, "calendar-close", 1, &id, error);
  g_autoptr (PGresult) events =
      closed ? tl_calendar_query (write, "events-of", 1, &id, error) : NULL;
  g_autoptr (PGresult) members = NULL;

  if (events == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (events); i++) {
    gint64 event = tl_hook_number (events, i, 0);
    g_autoptr (PGresult) gone = tl_calendar_forget_event (write, event, error)
                                    ? tl_calendar_query (write, "event-delete", 1, &event, error)
                                    : NULL;

    if (gone == NULL)
      return FALSE;
    tl_write_log (write, scope, &tl_calendar_event_type, event, TL_DESTROYED, NULL);
  }
  members = tl_calendar_query (write, "members-delete", 1, &id, error);
  for (int i = 0; members && i < PQntuples (members); i++) {
    tl_write_log (write, scope, &tl_calendar_member_type, tl_hook_number (members, i, 0),
                  TL_DESTROYED, NULL);
    if (!tl_calendar_leave (write, id, scope, tl_hook_number (members, i, 1), error))
      return FALSE;
  }
  return members != NULL && tl_notify_forget (write, id, error);
}

/* --- Calendar ------------------------------------------------------------------------------------ */

static gboolean
tidy (JsonObject *object, gboolean is_new, GError **error)
{
  const char *color = tl_hook_string (object, "color");
  const char *zone = tl_hook_string (object, "timeZone");

  if (is_new || json_object_has_member (object, "name")) {
    g_autofree char *name = tl_hook_trimmed (object, "name");

    if (name == NULL)
      return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                             "name: a calendar needs a name");
    json_object_set_string_member (object, "name", name);
  }
  if (color && !tl_hook_is_one_of (color, colors))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "color: blue, teal, green, yellow, orange, red, purple, pink or slate "
                           "is wanted");
  return zone == NULL || tl_zone_is_known (zone) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "timeZone: nobody knows a zone with this name");
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  if (!tidy (object, TRUE, error))
    return FALSE;
  tl_hook_set_id (object, "createdBy", write->account);
  tl_hook_set_now (object, "createdAt");
  *scope = tl_write_new_scope (write, "calendar", error);
  return *scope != 0;
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  return tl_calendar_add_member (write, id, scope, write->account, "owner", error);
}

static gboolean
check_owner (TlWrite *write, gint64 scope, GError **error)
{
  return g_strcmp0 (tl_write_role (write, scope), "owner") == 0 ||
         tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                         "Only an owner changes a calendar or deletes it");
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  return check_owner (write, scope, error) && tidy (patch, FALSE, error);
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  return tl_calendar_lock (write, id, error) != 0 && check_owner (write, scope, error) &&
         tl_calendar_empty (write, id, scope, error);
}

const TlTypeService tl_calendar_service = {
  .type = &tl_calendar_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "createdAt",
};

/* --- CalendarMark -------------------------------------------------------------------------------- */

static gboolean
only_default (TlWrite *write, gint64 id, JsonObject *object, GError **error)
{
  const gint64 args[] = { write->private_scope, id };
  g_autoptr (PGresult) others = NULL;

  if (!json_object_has_member (object, "isDefault") ||
      !json_object_get_boolean_member (object, "isDefault"))
    return TRUE;
  others = tl_calendar_query (write, "defaults-beside", 2, args, error);
  for (int i = 0; others && i < PQntuples (others); i++)
    tl_write_log (write, write->private_scope, &tl_calendar_mark_type,
                  tl_hook_number (others, i, 0), TL_UPDATED, "isDefault");
  return others != NULL;
}

static gboolean
check_color (JsonObject *object, GError **error)
{
  const char *color = tl_hook_string (object, "color");

  return color == NULL || tl_hook_is_one_of (color, colors) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "color: one of the nine colours is wanted");
}

static gboolean
create_mark (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 id = tl_hook_id (object, "calendarId");

  *scope = 0;
  return tl_calendar_find (write, id, error) != 0 && check_color (object, error) &&
         only_default (write, id, object, error);
}

static gboolean
update_mark (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
             GError **error)
{
  return check_color (patch, error) && only_default (write, id, patch, error);
}

const TlTypeService tl_calendar_mark_service = {
  .type = &tl_calendar_mark_type,
  .create = create_mark,
  .update = update_mark,
  .destroy = tl_hook_destroy_own,
};
