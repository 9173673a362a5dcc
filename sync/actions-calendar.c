/* actions-calendar.c: an instance of its own is an entry of recurrenceOverrides, which is one property: it is read,
 * changed and written whole within one write. */
#include "sync/actions-calendar.h"

#include "sync/act.h"
#include "sync/event-edit.h"
#include "sync/models/agenda.h"
#include "sync/record-sql.h"
#include "sync/wire/recurrence.h"

#include <string.h>

#define SQL "sql/actions.sql"

/* --- rules and reminders ------------------------------------------------------------------------- */

static const struct {
  const char *frequency;
  int interval;
  const char *days; /* as JSON */
} repeats[] = {
  [TL_REPEAT_DAILY] = { "daily", 1, NULL },
  [TL_REPEAT_WEEKDAYS] = { "weekly", 1,
                           "[{\"day\":\"mo\"},{\"day\":\"tu\"},{\"day\":\"we\"},{\"day\":\"th\"},"
                           "{\"day\":\"fr\"}]" },
  [TL_REPEAT_WEEKLY] = { "weekly", 1, NULL },
  [TL_REPEAT_FORTNIGHTLY] = { "weekly", 2, NULL },
  [TL_REPEAT_MONTHLY] = { "monthly", 1, NULL },
  [TL_REPEAT_YEARLY] = { "yearly", 1, NULL },
};

static JsonObject *
only_rule (const char *rules, JsonNode **keep)
{
  JsonArray *array;

  *keep = rules ? json_from_string (rules, NULL) : NULL;
  array = *keep && JSON_NODE_HOLDS_ARRAY (*keep) ? json_node_get_array (*keep) : NULL;
  return array && json_array_get_length (array) == 1 &&
                 JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, 0))
             ? json_array_get_object_element (array, 0)
             : NULL;
}

/* Members beside those that the editor writes make it another rule. */
static gboolean
is_plain (JsonObject *rule)
{
  static const char *const known[] = { "@type", "frequency", "interval", "until", "byDay", NULL };
  g_autoptr (GList) names = json_object_get_members (rule);

  for (GList *at = names; at; at = at->next)
    if (!g_strv_contains (known, at->data))
      return FALSE;
  return TRUE;
}

TlRepeat
tl_repeat_of (const char *rules)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *rule = only_rule (rules, &keep);
  JsonNode *days = rule ? json_object_get_member (rule, "byDay") : NULL;
  g_autofree char *text = days ? json_to_string (days, FALSE) : NULL;

  if (rules == NULL || g_str_equal (rules, "[]"))
    return TL_REPEAT_NEVER;
  if (rule == NULL || !is_plain (rule))
    return TL_REPEAT_OTHER;
  for (guint i = TL_REPEAT_DAILY; i < G_N_ELEMENTS (repeats); i++)
    if (g_strcmp0 (repeats[i].frequency,
                   json_object_get_string_member_with_default (rule, "frequency", "")) == 0 &&
        repeats[i].interval == json_object_get_int_member_with_default (rule, "interval", 1) &&
        g_strcmp0 (repeats[i].days, text) == 0)
      return (TlRepeat)i;
  return TL_REPEAT_OTHER;
}

char *
tl_repeat_until (const char *rules)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *rule = only_rule (rules, &keep);

  return rule ? g_strdup (json_object_get_string_member_with_default (rule, "until", NULL)) : NULL;
}

static JsonNode *
rules_node (TlRepeat repeat, const char *until)
{
  JsonNode *node;
  JsonArray *array;
  JsonObject *rule;

  if (repeat == TL_REPEAT_NEVER)
    return json_node_new (JSON_NODE_NULL);
  rule = json_object_new ();
  json_object_set_string_member (rule, "@type", "RecurrenceRule");
  json_object_set_string_member (rule, "frequency", repeats[repeat].frequency);
  if (repeats[repeat].interval > 1)
    json_object_set_int_member (rule, "interval", repeats[repeat].interval);
  if (repeats[repeat].days)
    json_object_set_member (rule, "byDay", json_from_string (repeats[repeat].days, NULL));
  if (until)
    json_object_set_string_member (rule, "until", until);
  array = json_array_new ();
  json_array_add_object_element (array, rule);
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return node;
}

static const char *
trigger_offset (JsonNode *alert)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (alert) ? json_node_get_object (alert) : NULL;
  JsonNode *trigger = object ? json_object_get_member (object, "trigger") : NULL;

  return trigger && JSON_NODE_HOLDS_OBJECT (trigger)
             ? json_object_get_string_member_with_default (json_node_get_object (trigger), "offset",
                                                           NULL)
             : NULL;
}

int
tl_reminder_of (const char *alerts)
{
  g_autoptr (JsonNode) node = alerts ? json_from_string (alerts, NULL) : NULL;
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObjectIter iter;
  const char *id;
  JsonNode *alert;
  gint64 nearest = -1;

  if (object == NULL)
    return TL_NO_REMINDER;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &id, &alert)) {
    const char *offset = trigger_offset (alert);
    gint64 ms = offset ? tl_duration_to_ms (offset + (*offset == '-')) : -1;

    if (ms >= 0 && (*offset == '-' || ms == 0))
      nearest = nearest < 0 ? ms : MIN (nearest, ms);
  }
  return nearest < 0 ? TL_NO_REMINDER : (int)(nearest / 60000);
}

static JsonNode *
alerts_node (int minutes)
{
  g_autofree char *text = NULL;

  if (minutes < 0)
    return json_node_new (JSON_NODE_NULL);
  text = g_strdup_printf ("{\"1\":{\"@type\":\"Alert\",\"trigger\":{\"@type\":\"OffsetTrigger\","
                          "\"offset\":\"-PT%dM\"}}}",
                          minutes);
  return json_from_string (text, NULL);
}

/* --- events -------------------------------------------------------------------------------------- */

static JsonObject *
body_of (const TlEventSketch *sketch)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "title", sketch->title ? sketch->title : "");
  tl_act_set_text (body, "location", sketch->location);
  tl_act_set_text (body, "description", sketch->description);
  json_object_set_string_member (body, "start", sketch->start);
  tl_act_set_text (body, "duration", sketch->duration);
  tl_act_set_text (body, "timeZone", sketch->is_all_day ? NULL : sketch->time_zone);
  json_object_set_boolean_member (body, "showWithoutTime", sketch->is_all_day);
  if (sketch->repeat != TL_REPEAT_OTHER)
    json_object_set_member (body, "recurrenceRules", rules_node (sketch->repeat, sketch->until));
  json_object_set_member (body, "alerts", alerts_node (sketch->reminder));
  if (sketch->links)
    json_object_set_member (body, "links", json_from_string (sketch->links, NULL));
  return body;
}

DexFuture *
tl_action_new_event (TlReplica *replica, const TlEventSketch *sketch)
{
  TlAct *act = tl_act_new (&tl_calendar_event_type, TL_OP_CREATE, 0, body_of (sketch));
  g_autofree char *uid = g_uuid_string_random ();

  act->draft = g_strdup (sketch->draft);
  tl_act_set_ref (act->body, "calendarId", sketch->calendar);
  json_object_set_string_member (act->body, "uid", uid);
  json_object_set_string_member (act->body, "status", "confirmed");
  json_object_set_string_member (act->body, "freeBusyStatus", "busy");
  if (sketch->made_of)
    tl_act_set_ref (act->body, "madeOfId", sketch->made_of);
  return tl_act_do_for_key (replica, tl_act_run_plain, act);
}

/* tl_record_free; NULL with an error. */
static TlCalendarEvent *
load_event (TlDb *db, gint64 key, GError **error)
{
  g_autoptr (GError) failed = NULL;
  TlCalendarEvent *event = tl_record_load (db, &tl_calendar_event_type, key, &failed);

  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (event == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "The event is not there any more");
  return event;
}

static gboolean
is_same_day (const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strncmp (a, b, strlen ("2026-11-23")) == 0;
}

/* A rule and reminders say more than the editor shows: they stay unless it was changed there. */
static void
keep_unchanged (JsonObject *body, const TlCalendarEvent *event)
{
  g_autoptr (JsonNode) alerts = json_node_ref (json_object_get_member (body, "alerts"));
  JsonNode *rules = json_object_get_member (body, "recurrenceRules");
  g_autofree char *rules_text = rules ? json_to_string (rules, FALSE) : NULL;
  g_autofree char *alerts_text = json_to_string (alerts, FALSE);
  const char *now = rules && !JSON_NODE_HOLDS_NULL (rules) ? rules_text : NULL;
  g_autofree char *until = tl_repeat_until (now),
                  *before = tl_repeat_until (event->recurrence_rules);

  if (tl_reminder_of (event->alerts) == tl_reminder_of (alerts_text))
    json_object_remove_member (body, "alerts");
  if (rules && tl_repeat_of (now) == tl_repeat_of (event->recurrence_rules) &&
      is_same_day (until, before))
    json_object_remove_member (body, "recurrenceRules");
}

static gboolean
add_update (TlDb *db, TlChanges *changes, gint64 key, JsonObject *patch, GError **error)
{
  return tl_outbox_add (db, changes, &tl_calendar_event_type, TL_OP_UPDATE, &key, patch, error);
}

static gboolean
run_edit (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  TlCalendarEvent *event = load_event (db, act->key, error);

  if (event == NULL)
    return FALSE;
  keep_unchanged (act->body, event);
  tl_record_free (&tl_calendar_event_type, event);
  return tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_edit_event (TlReplica *replica, gint64 event, const TlEventSketch *sketch)
{
  return tl_act_do (replica, run_edit,
                    tl_act_new (&tl_calendar_event_type, TL_OP_UPDATE, event, body_of (sketch)));
}

/* --- this one and those behind it ------------------------------------------------------------------ */

/* The rest is made anew, unless it goes (act->body is NULL). */
static gboolean
split (TlDb *db, TlChanges *changes, TlAct *act, const TlCalendarEvent *event, GError **error)
{
  g_autofree char *uid = g_uuid_string_random ();
  JsonObject *rest;
  gint64 made = 0;

  if (!add_update (db, changes, act->key, tl_event_end_before (event, act->text), error))
    return FALSE;
  if (act->body == NULL)
    return TRUE;
  keep_unchanged (act->body, event);
  rest = tl_event_rest (event, act->text, act->body);
  json_object_set_string_member (rest, "uid", uid);
  tl_act_set_ref (rest, "calendarId", event->calendar_id);
  return tl_outbox_add (db, changes, &tl_calendar_event_type, TL_OP_CREATE, &made, rest, error);
}

/* From the first on, that is all of it. */
static gboolean
run_following (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  TlCalendarEvent *event = load_event (db, act->key, error);
  gboolean is_done;

  if (event == NULL)
    return FALSE;
  if (strcmp (event->start, act->text) < 0) {
    is_done = split (db, changes, act, event, error);
  } else {
    act->verb = act->body ? TL_OP_UPDATE : TL_OP_DESTROY;
    if (act->body)
      keep_unchanged (act->body, event);
    is_done = tl_act_run_plain (db, changes, act, error);
  }
  tl_record_free (&tl_calendar_event_type, event);
  return is_done;
}

static DexFuture *
do_following (TlReplica *replica, gint64 event, const char *id, JsonObject *body)
{
  TlAct *act = tl_act_new (&tl_calendar_event_type, TL_OP_UPDATE, event, body);

  act->text = g_strdup (id);
  return tl_act_do (replica, run_following, act);
}

DexFuture *
tl_action_edit_following (TlReplica *replica, gint64 event, const char *id,
                          const TlEventSketch *sketch)
{
  return do_following (replica, event, id, body_of (sketch));
}

DexFuture *
tl_action_delete_following (TlReplica *replica, gint64 event, const char *id)
{
  return do_following (replica, event, id, NULL);
}

/* --- one instance -------------------------------------------------------------------------------- */

/* act->body becomes the override of instance act->text; members that say what the event says are left out. */
static JsonObject *
changed_overrides (const TlCalendarEvent *event, const char *id, JsonObject *own)
{
  g_autoptr (JsonNode) before =
      event->recurrence_overrides ? json_from_string (event->recurrence_overrides, NULL) : NULL;
  JsonObject *overrides = before && JSON_NODE_HOLDS_OBJECT (before)
                              ? json_object_ref (json_node_get_object (before))
                              : json_object_new ();
  JsonObject *old = json_object_has_member (overrides, id) &&
                            JSON_NODE_HOLDS_OBJECT (json_object_get_member (overrides, id))
                        ? json_object_ref (json_object_get_object_member (overrides, id))
                        : json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, own);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (old, name, json_node_copy (value));
  json_object_set_object_member (overrides, id, old);
  return overrides;
}

/* What of `body` an instance may differ in, and does. */
static JsonObject *
difference (const TlCalendarEvent *event, const char *id, JsonObject *body)
{
  static const char *const names[] = { "title", "location", "description", "start", "duration" };
  g_autoptr (JsonObject) whole = tl_record_to_json (&tl_calendar_event_type, event);
  JsonObject *own = json_object_new ();

  json_object_set_string_member (whole, "start", id);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *now = json_object_get_member (body, names[i]);
    JsonNode *before = json_object_get_member (whole, names[i]);

    if (now && (before == NULL || !json_node_equal (now, before)))
      json_object_set_member (own, names[i], json_node_copy (now));
  }
  return own;
}

static gboolean
run_override (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  TlCalendarEvent *event = load_event (db, act->key, error);
  g_autoptr (JsonObject) own = NULL;
  JsonObject *patch;

  if (event == NULL)
    return FALSE;
  own = act->flag ? json_object_ref (act->body) : difference (event, act->text, act->body);
  patch = json_object_new ();
  json_object_set_object_member (patch, "recurrenceOverrides",
                                 changed_overrides (event, act->text, own));
  tl_record_free (&tl_calendar_event_type, event);
  return add_update (db, changes, act->key, patch, error);
}

/* `is_exact`: the body as it is, not only what differs. */
static DexFuture *
override (TlReplica *replica, gint64 event, const char *id, JsonObject *body, gboolean is_exact)
{
  TlAct *act = tl_act_new (&tl_calendar_event_type, TL_OP_UPDATE, event, body);

  act->text = g_strdup (id);
  act->flag = is_exact;
  return tl_act_do (replica, run_override, act);
}

DexFuture *
tl_action_edit_instance (TlReplica *replica, gint64 event, const char *id,
                         const TlEventSketch *sketch)
{
  return override (replica, event, id, body_of (sketch), FALSE);
}

/* By the clock of the zone that the event is in. */
static JsonObject *
times_of (const TlCalendarEvent *event, gint64 start, gint64 end)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 60 * 60 * 1000;
  gboolean is_all_day = event->show_without_time == TL_TRUE;
  g_autofree char *home = tl_agenda_home_zone ();
  g_autofree char *duration =
      is_all_day ? g_strdup_printf ("P%dD", (int)MAX (1, (end - start + day / 2) / day))
                 : tl_duration_from_ms (end - start);
  char local[TL_LOCAL_DATE_TIME_MAX];
  JsonObject *body = json_object_new ();

  tl_local_from_ms (start, event->time_zone && !is_all_day ? event->time_zone : home, local);
  json_object_set_string_member (body, "start", local);
  json_object_set_string_member (body, "duration", duration);
  return body;
}

static gboolean
run_move (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  TlCalendarEvent *event = load_event (db, act->key, error);

  if (event == NULL)
    return FALSE;
  act->body =
      times_of (event, g_array_index (act->keys, gint64, 0), g_array_index (act->keys, gint64, 1));
  tl_record_free (&tl_calendar_event_type, event);
  return *act->text ? run_override (db, changes, act, error)
                    : tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_move_instance (TlReplica *replica, gint64 event, const char *id, gint64 start, gint64 end)
{
  TlAct *act = tl_act_new (&tl_calendar_event_type, TL_OP_UPDATE, event, NULL);
  const gint64 times[] = { start, end };

  act->text = g_strdup (id);
  act->flag = TRUE;
  act->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (act->keys, times, G_N_ELEMENTS (times));
  return tl_act_do (replica, run_move, act);
}

DexFuture *
tl_action_delete_event (TlReplica *replica, gint64 event)
{
  return tl_act_do_plain (replica, &tl_calendar_event_type, TL_OP_DESTROY, event, NULL);
}

DexFuture *
tl_action_delete_instance (TlReplica *replica, gint64 event, const char *id)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "excluded", TRUE);
  return override (replica, event, id, body, TRUE);
}

/* What is shown over an event are whole properties: so is the answer. */
static gboolean
run_answer (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  TlCalendarEvent *event = load_event (db, act->key, error);
  JsonObject *patch = event ? tl_event_answer (event, act->other, act->text) : NULL;

  if (event && patch == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "You are not invited to this event");
  tl_record_free (&tl_calendar_event_type, event);
  return patch && add_update (db, changes, act->key, patch, error);
}

DexFuture *
tl_action_answer (TlReplica *replica, gint64 event, gint64 me, const char *answer)
{
  TlAct *act = tl_act_new (&tl_calendar_event_type, TL_OP_UPDATE, event, NULL);

  act->other = me;
  act->text = g_strdup (answer);
  return tl_act_do (replica, run_answer, act);
}

/* --- reminders ----------------------------------------------------------------------------------- */

static DexFuture *
mark_event (TlReplica *replica, gint64 event, const char *name, gint64 ms)
{
  JsonObject *body = json_object_new ();
  g_autofree char *date = tl_date_format (ms);

  json_object_set_string_member (body, name, date);
  if (g_str_equal (name, "acknowledgedAt"))
    json_object_set_null_member (body, "snoozedUntil");
  return tl_act_do_plain (replica, &tl_event_mark_type, TL_OP_UPDATE, event, body);
}

DexFuture *
tl_action_acknowledge (TlReplica *replica, gint64 event, gint64 up_to)
{
  return mark_event (replica, event, "acknowledgedAt", up_to);
}

DexFuture *
tl_action_snooze_reminder (TlReplica *replica, gint64 event, gint64 until)
{
  return mark_event (replica, event, "snoozedUntil", until);
}

/* --- calendars ----------------------------------------------------------------------------------- */

DexFuture *
tl_action_new_calendar (TlReplica *replica, const char *name, const char *color)
{
  TlAct *act = tl_act_new (&tl_calendar_type, TL_OP_CREATE, 0, json_object_new ());

  json_object_set_string_member (act->body, "name", name);
  json_object_set_string_member (act->body, "color", color);
  return tl_act_do_for_key (replica, tl_act_run_plain, act);
}

DexFuture *
tl_action_edit_calendar (TlReplica *replica, gint64 calendar, const char *name, const char *color)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", name);
  json_object_set_string_member (body, "color", color);
  return tl_act_do_plain (replica, &tl_calendar_type, TL_OP_UPDATE, calendar, body);
}

DexFuture *
tl_action_delete_calendar (TlReplica *replica, gint64 calendar)
{
  return tl_act_do_plain (replica, &tl_calendar_type, TL_OP_DESTROY, calendar, NULL);
}

static DexFuture *
mark_calendar (TlReplica *replica, gint64 calendar, const char *name, gboolean value)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, name, value);
  return tl_act_do_plain (replica, &tl_calendar_mark_type, TL_OP_UPDATE, calendar, body);
}

DexFuture *
tl_action_hide_calendar (TlReplica *replica, gint64 calendar, gboolean hidden)
{
  return mark_calendar (replica, calendar, "isHidden", hidden);
}

DexFuture *
tl_action_default_calendar (TlReplica *replica, gint64 calendar)
{
  return mark_calendar (replica, calendar, "isDefault", TRUE);
}

DexFuture *
tl_action_share_calendar (TlReplica *replica, gint64 calendar, gint64 person, const char *role)
{
  JsonObject *body = json_object_new ();

  tl_act_set_ref (body, "calendarId", calendar);
  tl_act_set_ref (body, "principalId", person);
  json_object_set_string_member (body, "role", role);
  return tl_act_do_plain (replica, &tl_calendar_member_type, TL_OP_CREATE, 0, body);
}
