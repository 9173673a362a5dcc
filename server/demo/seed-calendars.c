/* seed-calendars.c: the circle's calendars, around the day on which the demo is made: an event says how many days from
 * it ("day"), or on which day of which week ("on", "week"), it begins. Its exceptions are named by how many weeks after
 * the first they are. */
#include "server/demo/seed.h"

#include "sync/wire/recurrence.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

/* "2026-11-23T" of the day that `event` begins on, `weeks` later, and the time of day. */
static void
start_of (JsonObject *event, gint64 weeks, const char *at, char start[TL_LOCAL_DATE_TIME_MAX])
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 days = json_object_get_int_member_with_default (event, "day", 0) + 7 * weeks;
  g_autofree char *clock = g_strconcat ("T", at, ":00", NULL);

  if (json_object_has_member (event, "on"))
    days += json_object_get_int_member (event, "on") - g_date_time_get_day_of_week (now) +
            7 * json_object_get_int_member_with_default (event, "week", 0);
  tl_local_from_ms (g_date_time_to_unix (now) * 1000 + days * DAY_MS, NULL, start);
  memcpy (start + 10, clock, MIN (strlen (clock), (gsize)9));
}

static const char *
time_of (JsonObject *event)
{
  return json_object_get_string_member_with_default (event, "at", "00:00");
}

static JsonObject *
make_overrides (JsonObject *event)
{
  JsonObject *except = json_object_get_object_member (event, "except");
  JsonObject *overrides = json_object_new ();
  JsonObjectIter iter;
  const char *weeks;
  JsonNode *node;

  json_object_iter_init (&iter, except);
  while (json_object_iter_next (&iter, &weeks, &node)) {
    JsonObject *patch = json_object_ref (json_node_get_object (node));
    gint64 number = g_ascii_strtoll (weeks, NULL, 10);
    char id[TL_LOCAL_DATE_TIME_MAX], start[TL_LOCAL_DATE_TIME_MAX];

    start_of (event, number, time_of (event), id);
    if (json_object_has_member (patch, "at")) {
      start_of (event, number, time_of (patch), start);
      json_object_set_string_member (patch, "start", start);
      json_object_remove_member (patch, "at");
    }
    json_object_set_object_member (overrides, id, patch);
  }
  return overrides;
}

/* {login: answer} */
static JsonObject *
make_participants (TlSeed *self, JsonObject *event)
{
  JsonObject *people = json_object_get_object_member (event, "people");
  JsonObject *participants = json_object_new ();
  JsonObjectIter iter;
  const char *login;
  JsonNode *answer;

  json_object_iter_init (&iter, people);
  while (json_object_iter_next (&iter, &login, &answer)) {
    JsonObject *person = json_object_new ();
    char id[TL_ID_MAX];

    json_object_set_string_member (person, "role", "attendee");
    json_object_set_string_member (person, "participationStatus", json_node_get_string (answer));
    json_object_set_object_member (participants, tl_id_format (tl_seed_account (self, login), id),
                                   person);
  }
  return participants;
}

static JsonObject *
make_alerts (gint64 minutes)
{
  JsonObject *trigger = json_object_new (), *alert = json_object_new ();
  JsonObject *alerts = json_object_new ();
  g_autofree char *offset = g_strdup_printf ("-PT%" G_GINT64_FORMAT "M", minutes);

  json_object_set_string_member (trigger, "@type", "OffsetTrigger");
  json_object_set_string_member (trigger, "offset", offset);
  json_object_set_string_member (alert, "@type", "Alert");
  json_object_set_object_member (alert, "trigger", trigger);
  json_object_set_object_member (alerts, "1", alert);
  return alerts;
}

/* Members that an event has under its own name are put in as they are. */
static gboolean
seed_event (TlSeed *self, gint64 calendar, const char *owner, JsonObject *event, GError **error)
{
  static const char *const names[] = { "title",    "location",       "description",
                                       "duration", "timeZone",       "recurrenceRules",
                                       "status",   "freeBusyStatus", "links" };
  const char *by = json_object_get_string_member_with_default (event, "by", owner);
  JsonObject *object = json_object_new ();
  char id[TL_ID_MAX], start[TL_LOCAL_DATE_TIME_MAX];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (event, names[i]))
      json_object_set_member (object, names[i],
                              json_node_copy (json_object_get_member (event, names[i])));
  start_of (event, 0, time_of (event), start);
  json_object_set_string_member (object, "calendarId", tl_id_format (calendar, id));
  json_object_set_string_member (object, "start", start);
  json_object_set_boolean_member (object, "showWithoutTime", !json_object_has_member (event, "at"));
  if (json_object_has_member (event, "except"))
    json_object_set_object_member (object, "recurrenceOverrides", make_overrides (event));
  if (json_object_has_member (event, "people"))
    json_object_set_object_member (object, "participants", make_participants (self, event));
  if (json_object_has_member (event, "reminder"))
    json_object_set_object_member (object, "alerts",
                                   make_alerts (json_object_get_int_member (event, "reminder")));
  return tl_seed_create (self, tl_seed_account (self, by), TL_CAP_CALENDARS, "CalendarEvent",
                         object, error) != 0;
}

static gboolean
seed_members (TlSeed *self, gint64 calendar, gint64 owner, JsonObject *members, GError **error)
{
  JsonObjectIter iter;
  const char *login;
  JsonNode *role;

  json_object_iter_init (&iter, members);
  while (json_object_iter_next (&iter, &login, &role)) {
    JsonObject *object = json_object_new ();
    char id[TL_ID_MAX];

    json_object_set_string_member (object, "calendarId", tl_id_format (calendar, id));
    json_object_set_string_member (object, "principalId",
                                   tl_id_format (tl_seed_account (self, login), id));
    json_object_set_string_member (object, "role", json_node_get_string (role));
    if (tl_seed_create (self, owner, TL_CAP_CALENDARS, "CalendarMember", object, error) == 0)
      return FALSE;
  }
  return TRUE;
}

/* Everybody has a first one; further ones are made. */
static gint64
find_calendar (TlSeed *self, gint64 owner, JsonObject *calendar, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, owner);
  const char *args[] = { key };
  g_autoptr (PGresult) first = NULL;
  JsonObject *object;

  if (!json_object_has_member (calendar, "name")) {
    first = tl_pg_query (self->pg, "first-calendar", tl_sql ("demo/demo.sql", "first-calendar"), 1,
                         args, error);
    return first ? g_ascii_strtoll (PQgetvalue (first, 0, 0), NULL, 10) : 0;
  }
  object = json_object_new ();
  json_object_set_string_member (object, "name", json_object_get_string_member (calendar, "name"));
  json_object_set_string_member (object, "color",
                                 json_object_get_string_member (calendar, "color"));
  return tl_seed_create (self, owner, TL_CAP_CALENDARS, "Calendar", object, error);
}

gboolean
tl_seed_calendars (TlSeed *self, GError **error)
{
  JsonArray *calendars = json_object_get_array_member (self->circle, "calendars");

  for (guint i = 0; i < json_array_get_length (calendars); i++) {
    JsonObject *calendar = json_array_get_object_element (calendars, i);
    const char *by = json_object_get_string_member (calendar, "by");
    JsonArray *events = json_object_get_array_member (calendar, "events");
    gint64 owner = tl_seed_account (self, by), id = find_calendar (self, owner, calendar, error);

    if (id == 0 || (json_object_has_member (calendar, "members") &&
                    !seed_members (self, id, owner,
                                   json_object_get_object_member (calendar, "members"), error)))
      return FALSE;
    for (guint j = 0; j < json_array_get_length (events); j++)
      if (!seed_event (self, id, by, json_array_get_object_element (events, j), error))
        return FALSE;
  }
  return TRUE;
}
