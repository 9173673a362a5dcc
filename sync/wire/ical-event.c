/* ical-event.c: what of a VEVENT Tideline shows and works with. One reader serves events and their exceptions: an
 * exception's override is what it says differently. THISANDFUTURE is laid over the instances of ten years, as
 * JSCalendar has no such thing. Any thread. */
#include "sync/wire/ical-event.h"

#include "sync/wire/ical-links.h"
#include "sync/wire/ical-people.h"
#include "sync/wire/recurrence-rule.h"

#include <string.h>

#define LONGEST_LINE 1000 /* a title, a place */
#define LONGEST_TEXT 60000
#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define MOST_MOVED 1000
#define MOVED_MS (3653 * DAY_MS)

static gboolean
refuse (GError **error, guint line, const char *why)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "line %u: %s", line, why);
  return FALSE;
}

/* --- plain members ------------------------------------------------------------------------------- */

static void
read_text (const TlIcalPart *part, const char *property, gsize max, JsonObject *object,
           const char *name)
{
  const TlIcalLine *line = tl_ical_part_line (part, property);
  g_autofree char *text = line ? tl_ical_text_read (line->value, max) : NULL;

  if (text)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static gboolean
says (const TlIcalPart *part, const char *property, const char *word)
{
  const TlIcalLine *line = tl_ical_part_line (part, property);

  return line && g_ascii_strcasecmp (line->value, word) == 0;
}

static void
read_words (const TlIcalPart *part, JsonObject *object)
{
  read_text (part, "SUMMARY", LONGEST_LINE, object, "title");
  if (json_object_get_null_member (object, "title"))
    json_object_set_string_member (object, "title", "");
  read_text (part, "DESCRIPTION", LONGEST_TEXT, object, "description");
  read_text (part, "LOCATION", LONGEST_LINE, object, "location");
  json_object_set_string_member (object, "status",
                                 says (part, "STATUS", "CANCELLED")   ? "cancelled"
                                 : says (part, "STATUS", "TENTATIVE") ? "tentative"
                                                                      : "confirmed");
  json_object_set_string_member (object, "freeBusyStatus",
                                 says (part, "TRANSP", "TRANSPARENT") ? "free" : "busy");
}

char *
tl_ical_event_uid (const TlIcalPart *part)
{
  const TlIcalLine *line = tl_ical_part_line (part, "UID");
  g_autoptr (GString) text = NULL;

  if (line && *line->value)
    return tl_ical_text_read (line->value, LONGEST_LINE);
  text = g_string_new (NULL);
  tl_ical_part_write (part, text);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA1, text->str, (gssize)text->len);
}

/* --- times --------------------------------------------------------------------------------------- */

static gboolean
read_end (const TlIcalSource *source, const TlIcalTime *start, gint64 *ms, GError **error)
{
  const TlIcalLine *end = tl_ical_part_line (source->event, "DTEND");
  const TlIcalLine *duration = tl_ical_part_line (source->event, "DURATION");
  TlIcalTime time;

  *ms = start->is_date ? DAY_MS : -1;
  if (end && !tl_ical_time_read (source->calendar, end, end->value, &time))
    return refuse (error, end->line, "DTEND: this is no time");
  if (end && (time.zone == NULL) != (start->zone == NULL))
    tl_ical_time_move (&time, start->zone);
  if (end)
    *ms = MAX (tl_ical_time_ms (&time) - tl_ical_time_ms (start), start->is_date ? DAY_MS : 0);
  else if (duration && !tl_ical_duration_read (duration->value, ms))
    return refuse (error, duration->line, "DURATION: this is no duration");
  else if (duration)
    *ms = MAX (*ms, 0);
  return TRUE;
}

static gboolean
read_times (const TlIcalSource *source, TlIcalTime *start, JsonObject *object, GError **error)
{
  const TlIcalLine *line = tl_ical_part_line (source->event, "DTSTART");
  g_autofree char *duration = NULL;
  gint64 ms;

  if (line == NULL)
    return refuse (error, source->event->line, "this event has no DTSTART");
  if (!tl_ical_time_read (source->calendar, line, line->value, start))
    return refuse (error, line->line, "DTSTART: this is no time");
  if (!read_end (source, start, &ms, error))
    return FALSE;
  json_object_set_string_member (object, "start", start->local);
  json_object_set_boolean_member (object, "showWithoutTime", start->is_date);
  if (start->zone)
    json_object_set_string_member (object, "timeZone", start->zone);
  else
    json_object_set_null_member (object, "timeZone");
  duration = ms >= 0 ? tl_duration_from_ms (ms) : NULL;
  if (duration)
    json_object_set_string_member (object, "duration", duration);
  else
    json_object_set_null_member (object, "duration");
  return TRUE;
}

static gboolean
read_rules (const TlIcalPart *part, const char *zone, JsonObject *object, GError **error)
{
  g_autoptr (JsonArray) rules = json_array_new ();

  for (guint i = 0; i < part->lines->len; i++) {
    const TlIcalLine *line = part->lines->pdata[i];
    g_autoptr (GError) why = NULL;
    JsonObject *rule;

    if (!g_str_equal (line->name, "RRULE"))
      continue;
    rule = tl_rule_parse (line->value, zone, &why);
    if (rule == NULL)
      return refuse (error, line->line, why->message);
    json_array_add_object_element (rules, rule);
  }
  if (json_array_get_length (rules) > 0)
    json_object_set_array_member (object, "recurrenceRules", g_steal_pointer (&rules));
  else
    json_object_set_null_member (object, "recurrenceRules");
  return TRUE;
}

/* --- added and excluded instances ---------------------------------------------------------------- */

/* A date among times is the instance of that day. */
static gboolean
read_instance (const TlIcalPart *calendar, const TlIcalLine *line, const char *value,
               const TlIcalTime *start, TlIcalTime *time)
{
  if (!tl_ical_time_read (calendar, line, value, time))
    return FALSE;
  if (time->is_date && !start->is_date)
    memcpy (time->local + 10, start->local + 10, TL_LOCAL_DATE_TIME_MAX - 10);
  if (start->is_date)
    memcpy (time->local + 10, "T00:00:00", 10);
  else
    tl_ical_time_move (time, start->zone);
  return TRUE;
}

/* "19970819T210000Z/PT1H": its length, as a member of `patch`. */
static void
read_period (const TlIcalPart *calendar, const TlIcalLine *line, const char *rest,
             const TlIcalTime *start, const TlIcalTime *from, JsonObject *patch)
{
  g_autofree char *duration = NULL;
  TlIcalTime end;
  gint64 ms;

  if (!tl_ical_duration_read (rest, &ms)) {
    if (!read_instance (calendar, line, rest, start, &end))
      return;
    ms = tl_ical_time_ms (&end) - tl_ical_time_ms (from);
  }
  duration = tl_duration_from_ms (ms);
  json_object_set_string_member (patch, "duration", duration);
}

static void
read_dates (const TlIcalSource *source, const TlIcalLine *line, const TlIcalTime *start,
            JsonObject *overrides, GPtrArray *refused)
{
  g_auto (GStrv) values = g_strsplit (line->value, ",", -1);
  gboolean is_excluded = g_str_equal (line->name, "EXDATE");

  for (guint i = 0; values[i]; i++) {
    char *rest = strchr (values[i], '/');
    JsonObject *patch;
    TlIcalTime time;

    if (rest)
      *rest++ = '\0';
    if (!read_instance (source->calendar, line, values[i], start, &time)) {
      tl_ical_refuse (refused, line->line, "%s: “%.40s” is no time", line->name, values[i]);
      continue;
    }
    if (!is_excluded && json_object_has_member (overrides, time.local))
      continue; /* an excluded one stays so */
    patch = json_object_new ();
    if (is_excluded)
      json_object_set_boolean_member (patch, "excluded", TRUE);
    else if (rest)
      read_period (source->calendar, line, rest, start, &time, patch);
    json_object_set_object_member (overrides, time.local, patch);
  }
}

static JsonObject *
read_overrides (const TlIcalSource *source, const TlIcalTime *start, GPtrArray *refused)
{
  JsonObject *overrides = json_object_new ();

  for (guint i = 0; i < source->event->lines->len; i++) {
    const TlIcalLine *line = source->event->lines->pdata[i];

    if (g_str_equal (line->name, "EXDATE") || g_str_equal (line->name, "RDATE"))
      read_dates (source, line, start, overrides, refused);
    else if (g_str_equal (line->name, "EXRULE"))
      tl_ical_refuse (refused, line->line, "EXRULE is kept but not followed");
  }
  return overrides;
}

/* --- exceptions ---------------------------------------------------------------------------------- */

gboolean
tl_ical_event_id (const TlIcalSource *source, const char *zone, char id[TL_LOCAL_DATE_TIME_MAX])
{
  const TlIcalLine *line = tl_ical_part_line (source->event, "RECURRENCE-ID");
  TlIcalTime time;

  if (line == NULL || !tl_ical_time_read (source->calendar, line, line->value, &time))
    return FALSE;
  if (!time.is_date)
    tl_ical_time_move (&time, zone);
  g_strlcpy (id, time.local, TL_LOCAL_DATE_TIME_MAX);
  return TRUE;
}

static JsonObject *
read_one (const TlIcalSource *source, TlIcalTime *start, GPtrArray *refused, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *uid = tl_ical_event_uid (source->event);

  json_object_set_string_member (object, "uid", uid);
  read_words (source->event, object);
  if (!read_times (source, start, object, error) ||
      !read_rules (source->event, start->zone, object, error))
    return NULL;
  tl_ical_people_read (source->event, object);
  tl_ical_alerts_read (source->calendar, source->event, object);
  tl_ical_links_read (source->event, source->files, object);
  if (tl_ical_part_line (source->event, "UID") == NULL) /* its lines are others now */
    tl_ical_part_take_line (source->event, g_strconcat ("UID:", uid, NULL));
  return g_steal_pointer (&object);
}

static JsonObject *
difference (JsonObject *event, JsonObject *own, const char *id)
{
  static const char *const names[] = { "title",    "description", "location",       "start",
                                       "duration", "status",      "freeBusyStatus", "participants",
                                       "alerts",   "links" };
  JsonObject *patch = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *now = json_object_get_member (own, names[i]);
    gboolean is_same = g_str_equal (names[i], "start")
                           ? g_str_equal (json_node_get_string (now), id)
                           : json_node_equal (now, json_object_get_member (event, names[i]));

    if (!is_same)
      json_object_set_member (patch, names[i], json_node_copy (now));
  }
  return patch;
}

static gint64
plain_ms (const char *local)
{
  gint64 ms = 0;

  tl_local_to_ms (local, NULL, &ms);
  return ms;
}

static JsonObject *
copy (JsonObject *object)
{
  JsonObject *copied = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (copied, name, json_node_copy (node));
  return copied;
}

/* The patch of `id` for all that come after it, as far from their time as it is from its. */
static void
move_the_rest (JsonObject *event, JsonObject *overrides, const char *id, JsonObject *patch)
{
  TlCalendarEvent *record = tl_record_new (&tl_calendar_event_type);
  const char *start = json_object_get_string_member_with_default (patch, "start", id);
  gint64 shift = plain_ms (start) - plain_ms (id), from = plain_ms (id);

  if (tl_record_from_json (&tl_calendar_event_type, event, record, NULL)) {
    g_autoptr (GArray) instances = NULL;

    g_clear_pointer (&record->time_zone, g_free); /* all on one clock */
    instances = tl_event_instances (record, NULL, from + 1, from + MOVED_MS, NULL);
    for (guint i = 0; i < MIN (instances->len, MOST_MOVED); i++) {
      const TlInstance *instance = &g_array_index (instances, TlInstance, i);
      g_autoptr (JsonObject) own = NULL;
      char local[TL_LOCAL_DATE_TIME_MAX];

      if (strcmp (instance->id, id) <= 0 || json_object_has_member (overrides, instance->id))
        continue;
      own = copy (patch);
      tl_local_from_ms (plain_ms (instance->id) + shift, NULL, local);
      if (shift != 0)
        json_object_set_string_member (own, "start", local);
      json_object_set_object_member (overrides, instance->id, g_steal_pointer (&own));
    }
  }
  tl_record_free (&tl_calendar_event_type, record);
}

static gboolean
add_exception (const TlIcalSource *source, const TlIcalTime *start, JsonObject *event,
               JsonObject *overrides, GPtrArray *refused, GError **error)
{
  const TlIcalLine *line = tl_ical_part_line (source->event, "RECURRENCE-ID");
  g_autofree char *range = tl_ical_line_param (line, "RANGE");
  g_autoptr (JsonObject) own = NULL;
  JsonObject *patch;
  TlIcalTime its;
  char id[TL_LOCAL_DATE_TIME_MAX];

  own = read_one (source, &its, refused, error);
  if (own == NULL)
    return FALSE;
  tl_ical_links_share (event, own);
  if (!tl_ical_event_id (source, start->zone, id))
    return refuse (error, line->line, "RECURRENCE-ID: this is no time");
  tl_ical_time_move (&its, start->zone);
  json_object_set_string_member (own, "start", its.local);
  patch = difference (event, own, id);
  if (range && g_ascii_strcasecmp (range, "THISANDFUTURE") == 0)
    move_the_rest (event, overrides, id, patch);
  json_object_set_object_member (overrides, id, patch);
  return TRUE;
}

JsonObject *
tl_ical_event_read (GPtrArray *sources, GPtrArray *refused, GError **error)
{
  const TlIcalSource *first = sources->pdata[0];
  TlIcalTime start;
  g_autoptr (JsonObject) event = read_one (first, &start, refused, error);
  g_autoptr (JsonObject) overrides = NULL;

  if (event == NULL)
    return NULL;
  overrides = read_overrides (first, &start, refused);
  for (guint i = 1; i < sources->len; i++) {
    const TlIcalSource *source = sources->pdata[i];
    g_autoptr (GError) why = NULL;

    if (!add_exception (source, &start, event, overrides, refused, &why))
      g_ptr_array_add (refused, g_strdup (why->message));
  }
  if (json_object_get_size (overrides) > 0)
    json_object_set_object_member (event, "recurrenceOverrides", g_steal_pointer (&overrides));
  else
    json_object_set_null_member (event, "recurrenceOverrides");
  return g_steal_pointer (&event);
}
