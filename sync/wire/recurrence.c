/* recurrence.c: instances of an event. libical expands the rules on local time, as if it were UTC; each instance is
 * put on the clock of the event's zone afterwards, so that a change of clocks moves nothing. Bounded in instances and
 * steps. */
#include "sync/wire/recurrence.h"

#include "sync/wire/patch.h"
#include "sync/wire/recurrence-rule.h"

#include <libical/ical.h>
#include <string.h>
#include <time.h>

#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define MOST_RULES 16
#define MOST_STEPS 200000
#define MOST_NS (50 * G_GINT64_CONSTANT (1000000)) /* of the processor, for one rule */
#define MOST_OVERRIDES 5000

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, sentence);
  return FALSE;
}

static gint64
duration_of (const char *duration)
{
  return duration ? tl_duration_to_ms (duration) : 0;
}

static const char *
zone_of (const TlCalendarEvent *event, const char *home)
{
  return event->time_zone && !(event->show_without_time == TL_TRUE) ? event->time_zone : home;
}

static gint64
local_ms (const char *local)
{
  gint64 ms = 0;

  tl_local_to_ms (local, NULL, &ms);
  return ms;
}

/* --- rules --------------------------------------------------------------------------------------- */

static JsonArray *
rules_of (const TlCalendarEvent *event, JsonNode **keep)
{
  *keep = event->recurrence_rules ? json_from_string (event->recurrence_rules, NULL) : NULL;
  return *keep && JSON_NODE_HOLDS_ARRAY (*keep) ? json_node_get_array (*keep) : NULL;
}

static JsonObject *
overrides_of (const TlCalendarEvent *event, JsonNode **keep)
{
  *keep = event->recurrence_overrides ? json_from_string (event->recurrence_overrides, NULL) : NULL;
  return *keep && JSON_NODE_HOLDS_OBJECT (*keep) ? json_node_get_object (*keep) : NULL;
}

static char *
rule_text (JsonArray *rules, guint i, GError **error)
{
  JsonNode *node = json_array_get_element (rules, i);

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    refuse (error, "recurrenceRules: a rule is an object");
    return NULL;
  }
  return tl_rule_format (json_node_get_object (node), error);
}

static gboolean
check_rules (const TlCalendarEvent *event, GError **error)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonArray *rules = rules_of (event, &keep);

  if (event->recurrence_rules == NULL)
    return TRUE;
  if (rules == NULL || json_array_get_length (rules) > MOST_RULES)
    return refuse (error, "recurrenceRules: an array of at most 16 rules is wanted");
  for (guint i = 0; i < json_array_get_length (rules); i++) {
    g_autofree char *text = rule_text (rules, i, error);
    struct icalrecurrencetype rule;

    if (text == NULL)
      return FALSE;
    rule = icalrecurrencetype_from_string (text);
    if (rule.freq == ICAL_NO_RECURRENCE)
      return refuse (error, "recurrenceRules: the rule contradicts itself");
  }
  return TRUE;
}

static gboolean
check_override (const char *id, JsonNode *patch, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (patch) ? json_node_get_object (patch) : NULL;
  const char *start =
      object ? json_object_get_string_member_with_default (object, "start", NULL) : NULL;
  const char *duration =
      object ? json_object_get_string_member_with_default (object, "duration", NULL) : NULL;
  gint64 ms;

  if (object == NULL || !tl_local_to_ms (id, NULL, &ms))
    return refuse (error, "recurrenceOverrides: local times with what differs then are wanted");
  if ((start && !tl_local_to_ms (start, NULL, &ms)) || (duration && duration_of (duration) < 0))
    return refuse (error, "recurrenceOverrides: a start or a duration is not one");
  return TRUE;
}

static gboolean
check_overrides (const TlCalendarEvent *event, GError **error)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *overrides = overrides_of (event, &keep);
  JsonObjectIter iter;
  const char *id;
  JsonNode *patch;

  if (event->recurrence_overrides == NULL)
    return TRUE;
  if (overrides == NULL || json_object_get_size (overrides) > MOST_OVERRIDES)
    return refuse (error, "recurrenceOverrides: an object of at most 5,000 members is wanted");
  json_object_iter_init (&iter, overrides);
  while (json_object_iter_next (&iter, &id, &patch))
    if (!check_override (id, patch, error))
      return FALSE;
  return TRUE;
}

gboolean
tl_event_check (const TlCalendarEvent *event, GError **error)
{
  gint64 ms;

  if (!tl_local_to_ms (event->start, NULL, &ms))
    return refuse (error, "start: a local time such as 2026-11-23T12:30:00 is wanted");
  if (event->duration && duration_of (event->duration) < 0)
    return refuse (error, "duration: one such as PT1H30M, of at most 200 years, is wanted");
  if (event->time_zone && !tl_zone_is_known (event->time_zone)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "timeZone: nobody knows a zone named “%.60s”", event->time_zone);
    return FALSE;
  }
  return check_rules (event, error) && check_overrides (event, error);
}

/* --- expanding ----------------------------------------------------------------------------------- */

typedef struct {
  gint64 first;       /* the event's start, local */
  gint64 from, until; /* local: starts outside of it don't matter */
  GHashTable *seen;   /* of gint64: local starts */
  GArray *starts;     /* of gint64 */
  gboolean is_cut;
} Expansion;

static struct icaltimetype
to_ical (gint64 local)
{
  return icaltime_from_timet_with_zone ((time_t)(local / 1000), 0,
                                        icaltimezone_get_utc_timezone ());
}

static void
add_start (Expansion *self, gint64 local)
{
  if (local < self->from || local >= self->until || g_hash_table_contains (self->seen, &local))
    return;
  if (self->starts->len >= TL_MAX_INSTANCES) {
    self->is_cut = TRUE;
    return;
  }
  g_hash_table_add (self->seen, g_memdup2 (&local, sizeof local));
  g_array_append_val (self->starts, local);
}

/* Of the processor, this thread: a busy machine cuts no rule short. */
static gint64
spent_ns (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * G_GINT64_CONSTANT (1000000000) + spent.tv_nsec;
}

/* A day of the month without months is of every month (RFC 5545, 3.3.10); libical takes the first one's only. */
static struct icalrecurrencetype
to_rule (const char *text)
{
  struct icalrecurrencetype rule = icalrecurrencetype_from_string (text);

  if (rule.freq == ICAL_YEARLY_RECURRENCE && rule.by_month_day[0] != ICAL_RECURRENCE_ARRAY_MAX &&
      rule.by_month[0] == ICAL_RECURRENCE_ARRAY_MAX &&
      rule.by_week_no[0] == ICAL_RECURRENCE_ARRAY_MAX &&
      rule.by_year_day[0] == ICAL_RECURRENCE_ARRAY_MAX) {
    for (short month = 1; month <= 12; month++)
      rule.by_month[month - 1] = month;
    rule.by_month[12] = ICAL_RECURRENCE_ARRAY_MAX;
  }
  return rule;
}

/* A rule that counts has to be followed from its beginning; another one from just before the window. */
static void
expand_rule (Expansion *self, const char *text)
{
  struct icalrecurrencetype rule = to_rule (text);
  icalrecur_iterator *iterator;
  gint64 near = self->from - 2 * DAY_MS, enough = spent_ns () + MOST_NS;
  guint steps = 0;

  if (rule.until.year > 0) /* local like everything here */
    rule.until.zone = icaltimezone_get_utc_timezone ();
  iterator = icalrecur_iterator_new (rule, to_ical (self->first));
  if (iterator == NULL)
    return;
  if (rule.count == 0 && near > self->first)
    icalrecur_iterator_set_start (iterator, to_ical (near));
  for (;;) {
    struct icaltimetype next = icalrecur_iterator_next (iterator);
    gint64 local;

    if (icaltime_is_null_time (next))
      break;
    local = (gint64)icaltime_as_timet_with_zone (next, icaltimezone_get_utc_timezone ()) * 1000;
    if (local >= self->until)
      break;
    if (++steps > MOST_STEPS || self->is_cut || spent_ns () > enough) {
      self->is_cut = TRUE;
      break;
    }
    add_start (self, local);
  }
  icalrecur_iterator_free (iterator);
}

static void
expand (Expansion *self, const TlCalendarEvent *event)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonArray *rules = rules_of (event, &keep);

  add_start (self, self->first); /* always the first instance (RFC 5545, 3.8.5.3) */
  for (guint i = 0; rules && i < MIN (json_array_get_length (rules), MOST_RULES); i++) {
    g_autofree char *text = rule_text (rules, i, NULL);
    if (text)
      expand_rule (self, text);
  }
}

/* --- instances ----------------------------------------------------------------------------------- */

typedef struct {
  const TlCalendarEvent *event;
  const char *zone;
  gint64 from, until, duration;
  gboolean is_recurring;
  GArray *instances;
} Collection;

static void
add_instance (Collection *self, const char *id, const char *start, gint64 duration)
{
  TlInstance instance = { 0 };

  if (!tl_local_to_ms (start, self->zone, &instance.start))
    return;
  if (self->event->show_without_time == TL_TRUE) { /* days are as long as their clocks make them */
    char end[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (local_ms (start) + MAX (duration, DAY_MS), NULL, end);
    tl_local_to_ms (end, self->zone, &instance.end);
  } else {
    instance.end = instance.start + duration;
  }
  if (instance.start >= self->until ||
      (instance.end <= self->from &&
       !(instance.end == instance.start && instance.end == self->from)))
    return;
  if (self->is_recurring)
    g_strlcpy (instance.id, id, sizeof instance.id);
  g_array_append_val (self->instances, instance);
}

/* FALSE when the instance is left out. */
static void
add_overridden (Collection *self, const char *id, JsonObject *patch)
{
  const char *start = json_object_get_string_member_with_default (patch, "start", id);
  const char *duration = json_object_get_string_member_with_default (patch, "duration", NULL);
  gint64 ms = duration ? duration_of (duration) : self->duration;

  if (!json_object_get_boolean_member_with_default (patch, "excluded", FALSE))
    add_instance (self, id, start, ms < 0 ? self->duration : ms);
}

static int
compare_instances (gconstpointer a, gconstpointer b)
{
  const TlInstance *one = a, *other = b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  return strcmp (one->id, other->id);
}

static void
collect (Collection *self, GArray *starts)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *overrides = overrides_of (self->event, &keep);
  JsonObjectIter iter;
  const char *id;
  JsonNode *patch;

  for (guint i = 0; i < starts->len; i++) {
    char local[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (g_array_index (starts, gint64, i), NULL, local);
    if (overrides == NULL || !json_object_has_member (overrides, local))
      add_instance (self, local, local, self->duration);
  }
  if (overrides == NULL)
    return;
  json_object_iter_init (&iter, overrides);
  while (json_object_iter_next (&iter, &id, &patch))
    if (JSON_NODE_HOLDS_OBJECT (patch))
      add_overridden (self, id, json_node_get_object (patch));
}

GArray *
tl_event_instances (const TlCalendarEvent *event, const char *home, gint64 from, gint64 until,
                    gboolean *is_cut)
{
  GArray *instances = g_array_new (FALSE, FALSE, sizeof (TlInstance));
  Collection collection = { event, zone_of (event, home), from, until, 0, FALSE, instances };
  Expansion expansion = { 0 };

  if (is_cut)
    *is_cut = FALSE;
  if (!tl_local_to_ms (event->start, NULL, &expansion.first))
    return instances;
  collection.duration = MAX (duration_of (event->duration), 0);
  collection.is_recurring = event->recurrence_rules || event->recurrence_overrides;
  /* Local clocks are less than a day from UTC; an all-day event lasts at least one. */
  expansion.from = from - MAX (collection.duration, DAY_MS) - DAY_MS;
  expansion.until = until + DAY_MS;
  expansion.seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  expansion.starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  expand (&expansion, event);
  collect (&collection, expansion.starts);
  g_array_sort (instances, compare_instances);
  if (instances->len > TL_MAX_INSTANCES) { /* with those that overrides add */
    g_array_set_size (instances, TL_MAX_INSTANCES);
    expansion.is_cut = TRUE;
  }
  if (is_cut)
    *is_cut = expansion.is_cut;
  g_hash_table_unref (expansion.seen);
  g_array_unref (expansion.starts);
  return instances;
}

/* --- span ---------------------------------------------------------------------------------------- */

/* The last local start that a rule gives; TL_FOR_EVER when it never ends. */
static gint64
last_of_rule (JsonObject *rule, const char *text, gint64 first)
{
  const char *until = json_object_get_string_member_with_default (rule, "until", NULL);
  Expansion expansion = { .first = first, .from = G_MININT64 / 2, .until = G_MAXINT64 / 2 };
  gint64 last = first;

  if (until)
    return MAX (local_ms (until), first);
  if (!json_object_has_member (rule, "count"))
    return TL_FOR_EVER;
  expansion.seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  expansion.starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  expand_rule (&expansion, text);
  for (guint i = 0; i < expansion.starts->len; i++)
    last = MAX (last, g_array_index (expansion.starts, gint64, i));
  if (expansion.is_cut)
    last = TL_FOR_EVER;
  g_hash_table_unref (expansion.seen);
  g_array_unref (expansion.starts);
  return last;
}

static gint64
last_start (const TlCalendarEvent *event, gint64 first)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonArray *rules = rules_of (event, &keep);
  gint64 last = first;

  for (guint i = 0;
       rules && last < TL_FOR_EVER && i < MIN (json_array_get_length (rules), MOST_RULES); i++) {
    g_autofree char *text = rule_text (rules, i, NULL);
    if (text)
      last = MAX (last, last_of_rule (json_array_get_object_element (rules, i), text, first));
  }
  return last;
}

/* Moved and added instances may lie before the first and behind the last. */
static void
widen (const TlCalendarEvent *event, gint64 duration, gint64 *first, gint64 *end)
{
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *overrides = overrides_of (event, &keep);
  JsonObjectIter iter;
  const char *id;
  JsonNode *node;

  if (overrides == NULL)
    return;
  json_object_iter_init (&iter, overrides);
  while (json_object_iter_next (&iter, &id, &node)) {
    JsonObject *patch = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *start, *length;
    gint64 local;

    if (patch == NULL || json_object_get_boolean_member_with_default (patch, "excluded", FALSE))
      continue;
    start = json_object_get_string_member_with_default (patch, "start", id);
    length = json_object_get_string_member_with_default (patch, "duration", NULL);
    if (!tl_local_to_ms (start, NULL, &local))
      continue;
    *first = MIN (*first, local);
    if (*end != TL_FOR_EVER)
      *end = MAX (*end, local + (length ? MAX (duration_of (length), 0) : duration));
  }
}

void
tl_event_span (const TlCalendarEvent *event, gint64 *start, gint64 *end)
{
  gboolean is_floating = event->time_zone == NULL || event->show_without_time == TL_TRUE;
  gint64 duration = MAX (duration_of (event->duration), 0), first = local_ms (event->start);
  gint64 last = last_start (event, first), room;

  if (event->show_without_time == TL_TRUE)
    duration = MAX (duration, DAY_MS);
  *end = last == TL_FOR_EVER ? TL_FOR_EVER : last + duration;
  widen (event, duration, &first, end);
  room = is_floating ? DAY_MS : 0;
  if (!is_floating) {
    char local[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (first, NULL, local);
    tl_local_to_ms (local, event->time_zone, &first);
    if (*end != TL_FOR_EVER) {
      tl_local_from_ms (*end, NULL, local);
      tl_local_to_ms (local, event->time_zone, end);
    }
  }
  *start = first - room;
  if (*end != TL_FOR_EVER)
    *end += room;
}

/* --- one instance -------------------------------------------------------------------------------- */

/* Nulls; and what was made here has no id yet. */
static void
drop_what_is_no_value (JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at; at = at->next)
    if (JSON_NODE_HOLDS_NULL (json_object_get_member (object, at->data)) ||
        g_str_equal (at->data, "calendarId") || g_str_equal (at->data, "madeOfId"))
      json_object_remove_member (object, at->data);
}

TlCalendarEvent *
tl_event_instance (const TlCalendarEvent *event, const char *id)
{
  g_autoptr (JsonObject) object = tl_record_to_json (&tl_calendar_event_type, event);
  g_autoptr (JsonObject) patched = NULL;
  g_autoptr (JsonNode) keep = NULL;
  JsonObject *overrides = overrides_of (event, &keep);
  JsonNode *node = overrides ? json_object_get_member (overrides, id) : NULL;
  TlCalendarEvent *instance = tl_record_new (&tl_calendar_event_type);

  if (*id)
    json_object_set_string_member (object, "start", id);
  drop_what_is_no_value (object);
  if (node && JSON_NODE_HOLDS_OBJECT (node))
    patched = tl_patch_apply (object, json_node_get_object (node), NULL);
  if (patched == NULL || !tl_record_from_json (&tl_calendar_event_type, patched, instance, NULL)) {
    tl_record_clear (&tl_calendar_event_type, instance);
    tl_record_from_json (&tl_calendar_event_type, object, instance, NULL);
  }
  instance->record.key = event->record.key;
  instance->calendar_id = event->calendar_id;
  instance->made_of_id = event->made_of_id;
  return instance;
}
