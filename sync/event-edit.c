/* event-edit.c: see the header. Rules and overrides as in JSCalendar (RFC 8984, 4.3). */
#include "sync/event-edit.h"

#include "sync/wire/recurrence.h"

#include <string.h>

#define OVERRIDES "recurrenceOverrides"
#define RULES "recurrenceRules"

/* All that a person can set, nulls too. */
static JsonObject *
body_of (const TlCalendarEvent *event)
{
  const TlType *type = &tl_calendar_event_type;
  TlCalendarEvent copy = *event;

  copy.record.key = 0;
  copy.record.present = 0;
  for (guint i = 0; i < type->n_fields; i++)
    if ((type->fields[i].flags & TL_SERVER_SET) == 0)
      copy.record.present |= G_GUINT64_CONSTANT (1) << i;
  return tl_record_to_json (type, &copy);
}

static void
drop_nulls (JsonObject *body)
{
  g_autoptr (GList) names = json_object_get_members (body);

  for (GList *at = names; at; at = at->next)
    if (JSON_NODE_HOLDS_NULL (json_object_get_member (body, at->data)))
      json_object_remove_member (body, at->data);
}

/* --- overrides ---------------------------------------------------------------------------------- */

static JsonObject *
parse_object (const char *json)
{
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();
  return json_object_ref (json_node_get_object (node));
}

static void
lay_over (JsonObject *below, JsonObject *change)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, change);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (below, name, json_node_copy (node));
}

/* Those before `id`, or from it on. */
static JsonObject *
part_of_overrides (const TlCalendarEvent *event, const char *id, gboolean before)
{
  g_autoptr (JsonObject) all = parse_object (event->recurrence_overrides);
  JsonObject *part = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, all);
  while (json_object_iter_next (&iter, &name, &node))
    if ((strcmp (name, id) < 0) == before)
      json_object_set_member (part, name, json_node_copy (node));
  return part;
}

static void
set_overrides (JsonObject *body, JsonObject *overrides)
{
  if (json_object_get_size (overrides) > 0) {
    json_object_set_object_member (body, OVERRIDES, overrides);
    return;
  }
  json_object_set_null_member (body, OVERRIDES);
  json_object_unref (overrides);
}

/* --- splitting ---------------------------------------------------------------------------------- */

static JsonArray *
rules_of (const TlCalendarEvent *event)
{
  g_autoptr (JsonNode) node =
      event->recurrence_rules ? json_from_string (event->recurrence_rules, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return json_array_new ();
  return json_array_ref (json_node_get_array (node));
}

JsonObject *
tl_event_end_before (const TlCalendarEvent *event, const char *id)
{
  JsonObject *patch = json_object_new ();
  JsonArray *rules = rules_of (event);
  char until[TL_LOCAL_DATE_TIME_MAX] = "";
  gint64 ms = 0;

  if (tl_local_to_ms (id, "UTC", &ms))
    tl_local_from_ms (ms - 1000, "UTC", until);
  for (guint i = 0; i < json_array_get_length (rules); i++) {
    JsonObject *rule = json_array_get_object_element (rules, i);

    if (json_object_has_member (rule, "count"))
      json_object_remove_member (rule, "count");
    json_object_set_string_member (rule, "until", until);
  }
  json_object_set_array_member (patch, RULES, rules);
  set_overrides (patch, part_of_overrides (event, id, TRUE));
  return patch;
}

/* How many instances the rule gave before `id`. */
static gint64
count_before (const TlCalendarEvent *event, const char *id)
{
  const char *zone = event->time_zone ? event->time_zone : "UTC";
  TlCalendarEvent bare = *event;
  g_autoptr (GArray) instances = NULL;
  gint64 start = 0, until = 0, count = 0;
  gboolean is_cut;

  bare.recurrence_overrides = NULL;
  if (!tl_local_to_ms (event->start, zone, &start) || !tl_local_to_ms (id, zone, &until))
    return 0;
  instances = tl_event_instances (&bare, zone, start, until, &is_cut);
  for (guint i = 0; i < instances->len; i++)
    count += strcmp (g_array_index (instances, TlInstance, i).id, id) < 0;
  return count;
}

static JsonArray *
rest_of_rules (const TlCalendarEvent *event, const char *id)
{
  JsonArray *rules = rules_of (event);
  gint64 before = count_before (event, id);

  for (guint i = 0; i < json_array_get_length (rules); i++) {
    JsonObject *rule = json_array_get_object_element (rules, i);

    if (json_object_has_member (rule, "count"))
      json_object_set_int_member (rule, "count",
                                  MAX (1, json_object_get_int_member (rule, "count") - before));
  }
  return rules;
}

JsonObject *
tl_event_rest (const TlCalendarEvent *event, const char *id, JsonObject *change)
{
  JsonObject *body = body_of (event);

  json_object_set_string_member (body, "start", id);
  json_object_set_array_member (body, RULES, rest_of_rules (event, id));
  set_overrides (body, part_of_overrides (event, id, FALSE));
  if (change &&
      (json_object_has_member (change, "start") || json_object_has_member (change, RULES)))
    json_object_set_null_member (body, OVERRIDES);
  if (change)
    lay_over (body, change);
  json_object_remove_member (body, "uid");
  json_object_remove_member (body, "ical");
  json_object_remove_member (body, "calendarId");
  drop_nulls (body);
  return body;
}

/* --- answers ------------------------------------------------------------------------------------ */

JsonObject *
tl_event_answer (const TlCalendarEvent *event, gint64 person, const char *answer)
{
  g_autoptr (JsonObject) people = parse_object (event->participants);
  g_autofree char *pointer = NULL;
  char id[TL_ID_MAX];
  JsonNode *own = json_object_get_member (people, tl_id_format (person, id));
  JsonObject *patch;

  if (own == NULL || !JSON_NODE_HOLDS_OBJECT (own))
    return NULL;
  /* One's own answer alone: others may answer meanwhile. */
  pointer = g_strdup_printf ("participants/%s/participationStatus", id);
  patch = json_object_new ();
  json_object_set_string_member (patch, pointer, answer);
  return patch;
}

void
tl_event_answers (const char *participants, guint *going, guint *maybe, guint * not, guint *all)
{
  g_autoptr (JsonObject) people = parse_object (participants);
  JsonObjectIter iter;
  JsonNode *person;

  json_object_iter_init (&iter, people);
  while (json_object_iter_next (&iter, NULL, &person)) {
    JsonObject *one = JSON_NODE_HOLDS_OBJECT (person) ? json_node_get_object (person) : NULL;
    const char *answer =
        one ? json_object_get_string_member_with_default (one, "participationStatus", NULL) : NULL;

    *all += one != NULL;
    *going += g_strcmp0 (answer, "accepted") == 0;
    *maybe += g_strcmp0 (answer, "tentative") == 0;
    *not += g_strcmp0 (answer, "declined") == 0;
  }
}
