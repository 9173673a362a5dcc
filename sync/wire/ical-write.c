/* ical-write.c: an event goes out as it came, with new properties in place of those that say something else by now;
 * one that was made here is the same with nothing to begin from. Any thread. */
#include "sync/wire/ical.h"

#include "sync/wire/ical-event.h"
#include "sync/wire/ical-links.h"
#include "sync/wire/ical-people.h"
#include "sync/wire/recurrence-rule.h"

#include <string.h>

typedef struct {
  JsonObject *now, *before; /* the event as it is, and as its text says */
  GHashTable *zones;        /* those that new lines are in */
  const TlIcalFiles *files; /* NULL: an instance, which has those of all */
} Writing;

/* Null and absent are the same here. */
static JsonNode *
member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

static gboolean
is_true (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static gboolean
differs (const Writing *self, const char *name)
{
  JsonNode *now = member (self->now, name), *before = member (self->before, name);

  return (now == NULL) != (before == NULL) || (now && !json_node_equal (now, before));
}

/* --- properties ---------------------------------------------------------------------------------- */

static void
put (TlIcalPart *part, const char *property, const char *behind)
{
  tl_ical_part_take_line (part, g_strconcat (property, behind, NULL));
}

static void
write_words (const Writing *self, TlIcalPart *part)
{
  static const struct {
    const char *name, *property;
  } texts[] = { { "uid", "UID" },
                { "title", "SUMMARY" },
                { "description", "DESCRIPTION" },
                { "location", "LOCATION" } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *text = text_of (self->now, texts[i].name);
    g_autofree char *value = text && *text ? tl_ical_text_write (text) : NULL;

    if (!differs (self, texts[i].name) && (i > 0 || tl_ical_part_line (part, "UID")))
      continue;
    tl_ical_part_drop_lines (part, texts[i].property);
    if (value)
      tl_ical_part_take_line (part, g_strconcat (texts[i].property, ":", value, NULL));
  }
  if (differs (self, "status")) {
    g_autofree char *status = g_ascii_strup (text_of (self->now, "status"), -1);

    tl_ical_part_drop_lines (part, "STATUS");
    tl_ical_part_take_line (part, g_strconcat ("STATUS:", status, NULL));
  }
  if (differs (self, "freeBusyStatus")) {
    tl_ical_part_drop_lines (part, "TRANSP");
    put (part, "TRANSP",
         g_strcmp0 (text_of (self->now, "freeBusyStatus"), "free") == 0 ? ":TRANSPARENT"
                                                                        : ":OPAQUE");
  }
}

static void
write_end (const Writing *self, TlIcalPart *part, const char *start, gboolean is_date)
{
  const char *duration = text_of (self->now, "duration");
  gint64 length = duration ? tl_duration_to_ms (duration) : -1, ms = 0;
  char local[TL_LOCAL_DATE_TIME_MAX];
  g_autofree char *value = NULL;

  if (length < 0)
    return;
  if (!is_date) {
    tl_ical_part_take_line (part, g_strconcat ("DURATION:", duration, NULL));
    return;
  }
  tl_local_to_ms (start, NULL, &ms);
  tl_local_from_ms (ms + length, NULL, local);
  value = tl_ical_time_write (local, NULL, TRUE);
  put (part, "DTEND", value);
}

static const char *
zone_of (const Writing *self)
{
  return is_true (self->now, "showWithoutTime") ? NULL : text_of (self->now, "timeZone");
}

static void
write_times (const Writing *self, TlIcalPart *part)
{
  const char *start = text_of (self->now, "start"), *zone = zone_of (self);
  gboolean is_date = is_true (self->now, "showWithoutTime");
  g_autofree char *value = NULL;

  if (!differs (self, "start") && !differs (self, "duration") && !differs (self, "timeZone") &&
      is_date == is_true (self->before, "showWithoutTime"))
    return;
  tl_ical_part_drop_lines (part, "DTSTART");
  tl_ical_part_drop_lines (part, "DTEND");
  tl_ical_part_drop_lines (part, "DURATION");
  value = tl_ical_time_write (start, zone, is_date);
  put (part, "DTSTART", value);
  write_end (self, part, start, is_date);
  if (zone)
    g_hash_table_add (self->zones, g_strdup (zone));
}

/* UNTIL is in UTC where the start has a zone, a date where it is one (RFC 5545, 3.3.10). */
static char *
with_until (const Writing *self, char *rule, const char *until)
{
  const char *at = until ? strstr (rule, ";UNTIL=") : NULL;
  g_autofree char *value = NULL;
  g_autofree char *head = NULL;
  g_autofree char *whole = rule;
  char local[TL_LOCAL_DATE_TIME_MAX];
  gint64 ms = 0;

  if (at == NULL)
    return g_steal_pointer (&whole);
  tl_local_to_ms (until, zone_of (self), &ms);
  tl_local_from_ms (ms, NULL, local);
  value = tl_ical_time_write (local, zone_of (self) ? "Etc/UTC" : NULL,
                              is_true (self->now, "showWithoutTime"));
  head = g_strndup (rule, (gsize)(at - rule));
  at += strlen (";UNTIL=");
  return g_strconcat (head, ";UNTIL=", strrchr (value, ':') + 1, at + strcspn (at, ";"), NULL);
}

static void
write_rules (const Writing *self, TlIcalPart *part)
{
  JsonNode *node = member (self->now, "recurrenceRules");
  JsonArray *rules = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!differs (self, "recurrenceRules"))
    return;
  tl_ical_part_drop_lines (part, "RRULE");
  for (guint i = 0; rules && i < json_array_get_length (rules); i++) {
    JsonObject *rule = json_array_get_object_element (rules, i);
    char *text = tl_rule_format (rule, NULL);
    g_autofree char *value = text ? with_until (self, text, text_of (rule, "until")) : NULL;

    if (value)
      tl_ical_part_take_line (part, g_strconcat ("RRULE:", value, NULL));
  }
}

static void
write_all (const Writing *self, TlIcalPart *part)
{
  write_words (self, part);
  write_times (self, part);
  write_rules (self, part);
  if (differs (self, "participants"))
    tl_ical_people_write (part, member (self->now, "participants"),
                          member (self->before, "participants"));
  if (differs (self, "alerts"))
    tl_ical_alerts_write (part, member (self->now, "alerts"));
  if (differs (self, "links") || tl_ical_links_wait (part))
    tl_ical_links_write (part, member (self->now, "links"), self->files);
  if (tl_ical_part_line (part, "DTSTAMP") == NULL) {
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    tl_ical_part_take_line (part, g_date_time_format (now, "DTSTAMP:%Y%m%dT%H%M%SZ"));
  }
}

/* --- instances of their own ---------------------------------------------------------------------- */

static JsonObject *
read_before (TlIcalPart *calendar, TlIcalPart *const *events, guint n)
{
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  JsonObject *before;

  for (guint i = 0; i < n; i++) {
    TlIcalSource *source = g_new (TlIcalSource, 1);

    *source = (TlIcalSource){ calendar, events[i], NULL };
    g_ptr_array_add (sources, source);
  }
  before = n > 0 ? tl_ical_event_read (sources, refused, NULL) : NULL;
  return before ? before : json_object_new ();
}

/* The event as instance `id` of it is. */
static JsonObject *
instance_of (const Writing *self, const char *id, JsonObject *patch)
{
  JsonObject *own = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, self->now);
  while (json_object_iter_next (&iter, &name, &node))
    if (!g_str_has_prefix (name, "recurrence"))
      json_object_set_member (own, name, json_node_copy (node));
  json_object_set_string_member (own, "start", id);
  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (own, name, json_node_copy (node));
  return own;
}

/* Into `part`, which came as this instance, or into a new one. */
static TlIcalPart *
write_exception (const Writing *self, TlIcalPart *calendar, TlIcalPart *part, const char *id,
                 JsonObject *patch)
{
  g_autoptr (JsonObject) own = instance_of (self, id, patch);
  g_autoptr (JsonObject) before = read_before (calendar, &part, part != NULL);
  Writing writing = { own, before, self->zones, NULL };

  if (part == NULL) {
    g_autofree char *value =
        tl_ical_time_write (id, zone_of (self), is_true (self->now, "showWithoutTime"));

    part = tl_ical_part_new ("VEVENT", 0);
    put (part, "RECURRENCE-ID", value);
  }
  write_all (&writing, part);
  return part;
}

static void
write_date (const Writing *self, TlIcalPart *part, const char *id, gboolean is_excluded)
{
  g_autofree char *value =
      tl_ical_time_write (id, zone_of (self), is_true (self->now, "showWithoutTime"));

  put (part, is_excluded ? "EXDATE" : "RDATE", value);
  if (zone_of (self))
    g_hash_table_add (self->zones, g_strdup (zone_of (self)));
}

/* Its exceptions by their instances, taken out of `events`. */
static GHashTable *
take_exceptions (const Writing *self, const TlIcalPart *calendar, GPtrArray *events)
{
  GHashTable *exceptions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tl_ical_part_free);

  while (events->len > 1) {
    TlIcalSource source = { calendar, g_ptr_array_steal_index (events, events->len - 1), NULL };
    char id[TL_LOCAL_DATE_TIME_MAX];

    if (tl_ical_event_id (&source, zone_of (self), id))
      g_hash_table_insert (exceptions, g_strdup (id), source.event);
    else
      tl_ical_part_free (source.event);
  }
  return exceptions;
}

static gboolean
is_as_before (const Writing *self, const char *id, JsonNode *patch)
{
  JsonNode *before = member (self->before, "recurrenceOverrides");
  JsonNode *old = before ? json_object_get_member (json_node_get_object (before), id) : NULL;

  return old && json_node_equal (old, patch);
}

static gboolean
has_range (GPtrArray *events)
{
  for (guint i = 1; i < events->len; i++) {
    const TlIcalLine *id = tl_ical_part_line (events->pdata[i], "RECURRENCE-ID");
    g_autofree char *range = id ? tl_ical_line_param (id, "RANGE") : NULL;
    if (range)
      return TRUE;
  }
  return FALSE;
}

/* Exceptions that came stay, with what changed put in. Where the overrides are as they were their dates are, too;
 * `is_ranged`: some exception stands for all behind it, and is not written out for each. */
static void
write_override (const Writing *self, TlIcalPart *calendar, GPtrArray *events,
                GHashTable *exceptions, gboolean is_ranged, const char *id, JsonNode *node)
{
  JsonObject *patch = json_node_get_object (node);
  gboolean is_excluded = is_true (patch, "excluded"),
           is_old = !differs (self, "recurrenceOverrides");
  g_autofree gpointer key = NULL;
  gpointer part;

  if (!is_excluded && g_hash_table_steal_extended (exceptions, id, &key, &part)) {
    g_ptr_array_add (events, write_exception (self, calendar, part, id, patch));
  } else if (is_old || (is_ranged && !is_excluded && is_as_before (self, id, node))) {
    return;
  } else if (is_excluded || json_object_get_size (patch) == 0) {
    write_date (self, events->pdata[0], id, is_excluded);
  } else {
    g_ptr_array_add (events, write_exception (self, calendar, NULL, id, patch));
  }
}

/* `events`: the event and, behind it, its exceptions. */
static void
write_overrides (const Writing *self, TlIcalPart *calendar, GPtrArray *events)
{
  JsonNode *node = member (self->now, "recurrenceOverrides");
  gboolean is_ranged = has_range (events);
  g_autoptr (GHashTable) exceptions = take_exceptions (self, calendar, events);
  JsonObjectIter iter;
  const char *id;

  if (differs (self, "recurrenceOverrides")) {
    tl_ical_part_drop_lines (events->pdata[0], "EXDATE");
    tl_ical_part_drop_lines (events->pdata[0], "RDATE");
  }
  if (node == NULL)
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &id, &node))
    if (JSON_NODE_HOLDS_OBJECT (node))
      write_override (self, calendar, events, exceptions, is_ranged, id, node);
}

/* --- the whole ----------------------------------------------------------------------------------- */

typedef struct {
  GHashTable *zones; /* TZIDs that are there already */
  GHashTable *lines; /* the calendars' own ones */
  GString *head, *definitions, *events;
  const TlIcalFiles *files;
} Output;

static void
add_definition (Output *self, const TlIcalPart *zone)
{
  const TlIcalLine *id = tl_ical_part_line (zone, "TZID");

  if (id && g_hash_table_add (self->zones, g_strdup (id->value)))
    tl_ical_part_write (zone, self->definitions);
}

/* What a calendar says of itself, once; METHOD is about how it was sent. */
static void
add_head (Output *self, const TlIcalPart *calendar)
{
  static const char *const ours[] = { "VERSION", "PRODID",       "CALSCALE",
                                      "METHOD",  "X-WR-CALNAME", NULL };

  for (guint i = 0; i < calendar->lines->len; i++) {
    const TlIcalLine *line = calendar->lines->pdata[i];

    if (!g_strv_contains (ours, line->name) &&
        g_hash_table_add (self->lines, g_strdup (line->text)))
      tl_ical_line_write (line, self->head);
  }
}

static TlIcalPart *
read_calendar (const char *text)
{
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TlIcalPart) root =
      text ? tl_ical_part_read (text, strlen (text), refused, NULL) : NULL;

  return root ? g_ptr_array_steal_index (root->parts, 0) : tl_ical_part_new ("VCALENDAR", 0);
}

static void
write_event (Output *self, const TlCalendarEvent *event)
{
  g_autoptr (TlIcalPart) calendar = read_calendar (event->ical);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_ical_part_free);
  g_autoptr (JsonObject) now = tl_record_to_json (&tl_calendar_event_type, event);
  g_autoptr (JsonObject) before = NULL;
  Writing writing = { now, NULL, NULL, self->files };
  GHashTableIter iter;
  gpointer zone;

  for (guint i = calendar->parts->len; i > 0; i--)
    if (g_str_equal (((TlIcalPart *)calendar->parts->pdata[i - 1])->name, "VEVENT"))
      g_ptr_array_insert (events, 0, g_ptr_array_steal_index (calendar->parts, i - 1));
  before = writing.before = read_before (calendar, (TlIcalPart *const *)events->pdata, events->len);
  if (events->len == 0)
    g_ptr_array_add (events, tl_ical_part_new ("VEVENT", 0));
  writing.zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  write_all (&writing, events->pdata[0]);
  write_overrides (&writing, calendar, events);
  add_head (self, calendar);
  for (guint i = 0; i < calendar->parts->len; i++)
    if (g_str_equal (((TlIcalPart *)calendar->parts->pdata[i])->name, "VTIMEZONE"))
      add_definition (self, calendar->parts->pdata[i]);
  g_hash_table_iter_init (&iter, writing.zones);
  while (g_hash_table_iter_next (&iter, &zone, NULL)) {
    g_autoptr (TlIcalPart) definition =
        g_hash_table_contains (self->zones, zone) ? NULL : tl_ical_zone_write (zone);
    if (definition)
      add_definition (self, definition);
  }
  g_hash_table_unref (writing.zones);
  for (guint i = 0; i < events->len; i++)
    tl_ical_part_write (events->pdata[i], self->events);
}

char *
tl_ical_format (const TlCalendarEvent *const *events, guint n, const char *name,
                const TlIcalFiles *files)
{
  g_autoptr (GHashTable) zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GString) definitions = g_string_new (NULL);
  g_autoptr (GString) texts = g_string_new (NULL);
  Output output = { zones, lines, head, definitions, texts, files };
  GString *whole = g_string_new ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                                 "PRODID:-//Tideline//Tideline//EN\r\n");

  for (guint i = 0; i < n; i++)
    write_event (&output, events[i]);
  if (name) {
    g_autofree char *value = tl_ical_text_write (name);
    g_autoptr (TlIcalPart) part = tl_ical_part_new ("VCALENDAR", 0);

    tl_ical_part_take_line (part, g_strconcat ("X-WR-CALNAME:", value, NULL));
    tl_ical_line_write (part->lines->pdata[0], whole);
  }
  g_string_append_printf (whole, "%s%s%sEND:VCALENDAR\r\n", head->str, definitions->str,
                          texts->str);
  return g_string_free_and_steal (whole);
}
