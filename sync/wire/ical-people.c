/* ical-people.c: ATTENDEE and ORGANIZER, and VALARM. Any thread. */
#include "sync/wire/ical-people.h"

#include <string.h>

#define MOST_PEOPLE 200
#define MOST_ALERTS 20
#define LONGEST 250

typedef struct {
  const char *ical, *json;
} Word;

static const Word answers[] = { { "NEEDS-ACTION", "needs-action" },
                                { "ACCEPTED", "accepted" },
                                { "DECLINED", "declined" },
                                { "TENTATIVE", "tentative" },
                                { "DELEGATED", "delegated" } };
static const Word roles[] = { { "REQ-PARTICIPANT", "attendee" },
                              { "CHAIR", "chair" },
                              { "OPT-PARTICIPANT", "optional" },
                              { "NON-PARTICIPANT", "informational" } };

/* The first word stands for those that are unknown. */
static const char *
to_json (const Word *words, guint n, const char *ical)
{
  for (guint i = 0; ical && i < n; i++)
    if (g_ascii_strcasecmp (words[i].ical, ical) == 0)
      return words[i].json;
  return words[0].json;
}

static const char *
to_ical (const Word *words, guint n, const char *json)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i].json, json) == 0)
      return words[i].ical;
  return words[0].ical;
}

static JsonObject *
object_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

static void
take_member (JsonObject *object, const char *name, JsonObject *member)
{
  if (json_object_get_size (member) > 0) {
    json_object_set_object_member (object, name, member);
  } else {
    json_object_set_null_member (object, name);
    json_object_unref (member);
  }
}

/* A value that fits into the line it is put into. */
static char *
one_line (const char *text)
{
  return g_strdelimit (g_strdup (text ? text : ""), "\r\n\"", ' ');
}

/* --- people -------------------------------------------------------------------------------------- */

/* "mailto:Ana@example.org" and "Ana@example.org" are one person. */
static char *
address_of (const TlIcalLine *line)
{
  const char *value = line->value;

  if (g_ascii_strncasecmp (value, "mailto:", 7) == 0)
    value += 7;
  return strlen (value) <= LONGEST ? g_ascii_strdown (value, -1) : g_strdup ("");
}

static gboolean
is_person (const TlIcalLine *line)
{
  return g_str_equal (line->name, "ATTENDEE") || g_str_equal (line->name, "ORGANIZER");
}

static void
read_person (const TlIcalLine *line, JsonObject *people)
{
  gboolean is_organizer = g_str_equal (line->name, "ORGANIZER");
  g_autofree char *address = address_of (line);
  g_autofree char *name = tl_ical_line_param (line, "CN");
  g_autofree char *role = tl_ical_line_param (line, "ROLE");
  g_autofree char *answer = tl_ical_line_param (line, "PARTSTAT");
  JsonObject *person = object_of (json_object_get_member (people, address));

  if (*address == '\0' || (person == NULL && json_object_get_size (people) >= MOST_PEOPLE))
    return;
  if (person == NULL) {
    person = json_object_new ();
    json_object_set_string_member (person, "email", address);
    json_object_set_object_member (people, address, person);
  }
  if (name && *name && strlen (name) <= LONGEST)
    json_object_set_string_member (person, "name", name);
  if (is_organizer) {
    json_object_set_string_member (person, "role", "owner");
    return;
  }
  if (!json_object_has_member (person, "role"))
    json_object_set_string_member (person, "role", to_json (roles, G_N_ELEMENTS (roles), role));
  json_object_set_string_member (person, "participationStatus",
                                 to_json (answers, G_N_ELEMENTS (answers), answer));
}

void
tl_ical_people_read (const TlIcalPart *event, JsonObject *object)
{
  JsonObject *people = json_object_new ();

  for (guint i = 0; i < event->lines->len; i++)
    if (is_person (event->lines->pdata[i]))
      read_person (event->lines->pdata[i], people);
  take_member (object, "participants", people);
}

static void
write_person (TlIcalPart *event, const char *id, JsonObject *person)
{
  const char *email = text_of (person, "email"), *role = text_of (person, "role");
  const char *answer = text_of (person, "participationStatus");
  g_autofree char *address = one_line (email ? email : id);
  g_autofree char *name = one_line (text_of (person, "name"));
  g_autoptr (GString) params = g_string_new (NULL);
  const char *scheme = strchr (address, '@') ? "mailto:" : strchr (address, ':') ? "" : "urn:x-id:";

  if (*name)
    g_string_append_printf (params, ";CN=\"%s\"", name);
  if (g_strcmp0 (role, "owner") == 0)
    tl_ical_part_take_line (event,
                            g_strdup_printf ("ORGANIZER%s:%s%s", params->str, scheme, address));
  if (g_strcmp0 (role, "owner") == 0 && answer == NULL)
    return;
  g_string_append_printf (params, ";ROLE=%s;PARTSTAT=%s",
                          to_ical (roles, G_N_ELEMENTS (roles), role),
                          to_ical (answers, G_N_ELEMENTS (answers), answer));
  tl_ical_part_take_line (event, g_strdup_printf ("ATTENDEE%s:%s%s", params->str, scheme, address));
}

static gboolean
is_as_before (JsonObject *people, JsonObject *before, const char *id)
{
  JsonNode *now = people ? json_object_get_member (people, id) : NULL;
  JsonNode *old = before ? json_object_get_member (before, id) : NULL;

  return now && old && json_node_equal (now, old);
}

void
tl_ical_people_write (TlIcalPart *event, JsonNode *node, JsonNode *before)
{
  JsonObject *people = object_of (node), *old = object_of (before);
  JsonObjectIter iter;
  const char *id;
  JsonNode *person;

  for (guint i = event->lines->len; i > 0; i--) {
    const TlIcalLine *line = event->lines->pdata[i - 1];
    g_autofree char *address = is_person (line) ? address_of (line) : NULL;

    if (address && *address && !is_as_before (people, old, address))
      g_ptr_array_remove_index (event->lines, i - 1);
  }
  if (people == NULL)
    return;
  json_object_iter_init (&iter, people);
  while (json_object_iter_next (&iter, &id, &person))
    if (object_of (person) && !is_as_before (people, old, id))
      write_person (event, id, object_of (person));
}

/* --- reminders ----------------------------------------------------------------------------------- */

static JsonObject *
read_trigger (const TlIcalPart *calendar, const TlIcalLine *line)
{
  g_autofree char *related = tl_ical_line_param (line, "RELATED");
  JsonObject *trigger = json_object_new ();
  TlIcalTime time;
  gint64 ms;

  if (tl_ical_duration_read (line->value, &ms)) {
    g_autofree char *length = tl_duration_from_ms (ABS (ms));
    g_autofree char *offset = g_strconcat (ms < 0 ? "-" : "", length, NULL);

    json_object_set_string_member (trigger, "@type", "OffsetTrigger");
    json_object_set_string_member (trigger, "offset", offset);
    if (related && g_ascii_strcasecmp (related, "END") == 0)
      json_object_set_string_member (trigger, "relativeTo", "end");
  } else if (tl_ical_time_read (calendar, line, line->value, &time)) {
    g_autofree char *when = tl_date_format (tl_ical_time_ms (&time));

    json_object_set_string_member (trigger, "@type", "AbsoluteTrigger");
    json_object_set_string_member (trigger, "when", when);
  } else {
    g_clear_pointer (&trigger, json_object_unref);
  }
  return trigger;
}

void
tl_ical_alerts_read (const TlIcalPart *calendar, const TlIcalPart *event, JsonObject *object)
{
  JsonObject *alerts = json_object_new ();

  for (guint i = 0; i < event->parts->len; i++) {
    const TlIcalPart *part = event->parts->pdata[i];
    const TlIcalLine *line = tl_ical_part_line (part, "TRIGGER");
    JsonObject *trigger =
        line && g_str_equal (part->name, "VALARM") && json_object_get_size (alerts) < MOST_ALERTS
            ? read_trigger (calendar, line)
            : NULL;
    g_autofree char *id = g_strdup_printf ("%u", json_object_get_size (alerts) + 1);
    JsonObject *alert;

    if (trigger == NULL)
      continue;
    alert = json_object_new ();
    json_object_set_string_member (alert, "@type", "Alert");
    json_object_set_object_member (alert, "trigger", trigger);
    json_object_set_object_member (alerts, id, alert);
  }
  take_member (object, "alerts", alerts);
}

static char *
trigger_line (JsonObject *trigger)
{
  const char *offset = text_of (trigger, "offset"), *when = text_of (trigger, "when");
  char local[TL_LOCAL_DATE_TIME_MAX];
  g_autofree char *value = NULL;
  gint64 ms;

  if (offset && tl_ical_duration_read (offset, &ms))
    return g_strdup_printf (
        "TRIGGER%s:%s",
        g_strcmp0 (text_of (trigger, "relativeTo"), "end") == 0 ? ";RELATED=END" : "", offset);
  if (when == NULL || !tl_date_parse (when, &ms))
    return NULL;
  tl_local_from_ms (ms, NULL, local);
  value = tl_ical_time_write (local, "Etc/UTC", FALSE);
  return g_strconcat ("TRIGGER;VALUE=DATE-TIME", value, NULL);
}

void
tl_ical_alerts_write (TlIcalPart *event, JsonNode *node)
{
  JsonObject *alerts = object_of (node);
  JsonObjectIter iter;
  const char *id;
  JsonNode *alert;

  tl_ical_part_drop_parts (event, "VALARM");
  if (alerts == NULL)
    return;
  json_object_iter_init (&iter, alerts);
  while (json_object_iter_next (&iter, &id, &alert)) {
    JsonObject *trigger =
        object_of (alert)
            ? object_of (json_object_get_member (json_node_get_object (alert), "trigger"))
            : NULL;
    char *line = trigger ? trigger_line (trigger) : NULL;
    TlIcalPart *alarm;

    if (line == NULL)
      continue;
    alarm = tl_ical_part_new ("VALARM", 0);
    tl_ical_part_take_line (alarm, g_strdup ("ACTION:DISPLAY"));
    tl_ical_part_take_line (alarm, g_strdup ("DESCRIPTION:Reminder"));
    tl_ical_part_take_line (alarm, line);
    g_ptr_array_add (event->parts, alarm);
  }
}
