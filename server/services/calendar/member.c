/* member.c: the type CalendarMember: sharing, roles, leaving. A calendar has an owner as long as anybody is in it; the
 * last to leave takes it along. */
#include "server/services/calendar/calendar.h"

#include "server/services/notify/notify.h"
#include "server/services/notify/share.h"

static gboolean
check_invited (TlWrite *write, gint64 calendar, gint64 principal, GError **error)
{
  const gint64 args[] = { calendar, principal };
  g_autoptr (PGresult) known = tl_calendar_query (write, "person-known", 1, &principal, error);
  g_autoptr (PGresult) there =
      known ? tl_calendar_query (write, "member-find", 2, args, error) : NULL;

  if (there == NULL)
    return FALSE;
  if (tl_hook_number (known, 0, 0) != 1)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "principalId: there is nobody with this id");
  return PQntuples (there) == 0 ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "principalId: this person sees the calendar already");
}

static gboolean
check_role (JsonObject *object, GError **error)
{
  return tl_calendar_role (tl_hook_string (object, "role")) != 0 ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "role: “owner”, “member” or “reader” is wanted");
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 calendar = tl_hook_id (object, "calendarId");

  *scope = tl_calendar_lock (write, calendar, error);
  if (*scope == 0)
    return FALSE;
  if (g_strcmp0 (tl_write_role (write, *scope), "owner") != 0)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner shares a calendar");
  if (tl_hook_string (object, "role") == NULL)
    json_object_set_string_member (object, "role", "member");
  tl_hook_set_now (object, "joinedAt");
  return check_role (object, error) &&
         check_invited (write, calendar, tl_hook_id (object, "principalId"), error);
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  gint64 calendar = tl_hook_id (object, "calendarId");
  gint64 principal = tl_hook_id (object, "principalId");
  g_autoptr (PGresult) found = tl_calendar_query (write, "calendar-find", 1, &calendar, error);

  return found && tl_write_join (write, principal, scope, tl_hook_string (object, "role"), error) &&
         tl_notify (write, principal, "invitation", &tl_calendar_type, calendar, write->account,
                    PQgetvalue (found, 0, 1), error) &&
         tl_share_notify (write, principal, &tl_calendar_type, calendar, PQgetvalue (found, 0, 1),
                          NULL, tl_hook_string (object, "role"), error);
}

/* Its name goes along. */
static gboolean
tell_of_role (TlWrite *write, JsonObject *member, const char *role, GError **error)
{
  gint64 calendar = tl_hook_id (member, "calendarId");
  g_autoptr (PGresult) found = tl_calendar_query (write, "calendar-find", 1, &calendar, error);

  return found &&
         tl_share_notify (write, tl_hook_id (member, "principalId"), &tl_calendar_type, calendar,
                          PQgetvalue (found, 0, 1), tl_hook_string (member, "role"), role, error);
}

static gboolean
count_beside (TlWrite *write, const char *statement, gint64 calendar, gint64 principal,
              gint64 *count, GError **error)
{
  const gint64 args[] = { calendar, principal };
  g_autoptr (PGresult) found = tl_calendar_query (write, statement, 2, args, error);

  *count = found ? tl_hook_number (found, 0, 0) : 0;
  return found != NULL;
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  gint64 calendar = tl_hook_id (current, "calendarId");
  gint64 principal = tl_hook_id (current, "principalId"), owners;
  const char *role = tl_hook_string (patch, "role");
  const gint64 args[] = { scope, principal, tl_calendar_role (role) };
  g_autoptr (PGresult) done = NULL;

  if (!json_object_has_member (patch, "role"))
    return TRUE;
  if (tl_calendar_lock (write, calendar, error) == 0 || !check_role (patch, error))
    return FALSE;
  if (g_strcmp0 (tl_write_role (write, scope), "owner") != 0)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner gives roles");
  if (!count_beside (write, "owners-beside", calendar, principal, &owners, error))
    return FALSE;
  if (owners == 0 && !g_str_equal (role, "owner"))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "role: a calendar needs an owner; make somebody else one first");
  done = tl_calendar_query (write, "role-set", 3, args, error);
  return done && tell_of_role (write, current, role, error);
}

static gboolean
delete_calendar (TlWrite *write, gint64 id, gint64 scope, GError **error)
{
  g_autoptr (PGresult) gone = NULL;

  if (!tl_calendar_empty (write, id, scope, error))
    return FALSE;
  gone = tl_calendar_query (write, "calendar-delete", 1, &id, error);
  tl_write_log (write, scope, &tl_calendar_type, id, TL_DESTROYED, NULL);
  return gone != NULL;
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gint64 calendar = tl_hook_id (current, "calendarId");
  gint64 principal = tl_hook_id (current, "principalId"), others, owners;

  if (tl_calendar_lock (write, calendar, error) == 0)
    return FALSE;
  if (principal != write->account && g_strcmp0 (tl_write_role (write, scope), "owner") != 0)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner takes others out");
  if (!count_beside (write, "members-beside", calendar, principal, &others, error) ||
      !count_beside (write, "owners-beside", calendar, principal, &owners, error))
    return FALSE;
  if (others == 0)
    return delete_calendar (write, calendar, scope, error);
  if (owners == 0)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "A calendar needs an owner; make somebody else one first");
  return tell_of_role (write, current, NULL, error) &&
         tl_calendar_leave (write, calendar, scope, principal, error);
}

/* --- being deleted ------------------------------------------------------------------------------- */

static gboolean
hand_over (TlWrite *write, gint64 calendar, gint64 scope, gint64 leaving, GError **error)
{
  const gint64 args[] = { calendar, leaving };
  g_autoptr (PGresult) heir = tl_calendar_query (write, "heir", 2, args, error);
  gint64 id = heir ? tl_hook_number (heir, 0, 0) : 0;
  g_autoptr (PGresult) promoted =
      heir ? tl_calendar_query (write, "member-promote", 1, &id, error) : NULL;
  g_autoptr (PGresult) done = NULL;

  if (!promoted)
    return FALSE;
  tl_write_log (write, scope, &tl_calendar_member_type, id, TL_UPDATED, "role");
  done = tl_calendar_query (
      write, "role-set", 3,
      (const gint64[]){ scope, tl_hook_number (heir, 0, 1), tl_calendar_role ("owner") }, error);
  return done != NULL;
}

static gboolean
forget_calendar (TlWrite *write, gint64 person, gint64 id, gint64 calendar, gint64 scope,
                 GError **error)
{
  gint64 others, owners;
  g_autoptr (PGresult) gone = NULL;

  if (tl_calendar_lock (write, calendar, error) == 0 ||
      !count_beside (write, "members-beside", calendar, person, &others, error) ||
      !count_beside (write, "owners-beside", calendar, person, &owners, error))
    return FALSE;
  if (others == 0)
    return delete_calendar (write, calendar, scope, error);
  if (owners == 0 && !hand_over (write, calendar, scope, person, error))
    return FALSE;
  gone = tl_calendar_query (write, "member-delete", 1, &id, error);
  tl_write_log (write, scope, &tl_calendar_member_type, id, TL_DESTROYED, NULL);
  return gone && tl_calendar_leave (write, calendar, scope, person, error);
}

gboolean
tl_calendar_forget_person (TlWrite *write, gint64 person, GError **error)
{
  g_autoptr (PGresult) calendars = tl_calendar_query (write, "calendars-of", 1, &person, error);
  g_autoptr (PGresult) events = NULL;

  for (int i = 0; calendars && i < PQntuples (calendars); i++)
    if (!forget_calendar (write, person, tl_hook_number (calendars, i, 0),
                          tl_hook_number (calendars, i, 1), tl_hook_number (calendars, i, 2),
                          error))
      return FALSE;
  events = calendars ? tl_calendar_query (write, "uninvite", 1, &person, error) : NULL;
  for (int i = 0; events && i < PQntuples (events); i++)
    tl_write_log (write, tl_hook_number (events, i, 1), &tl_calendar_event_type,
                  tl_hook_number (events, i, 0), TL_UPDATED, "participants");
  return events != NULL;
}

const TlTypeService tl_calendar_member_service = {
  .type = &tl_calendar_member_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "joinedAt",
};
