/* ical.c: a calendar's text becomes events, one a UID: the newest of its versions (SEQUENCE, DTSTAMP) with the newest
 * of each of its exceptions. Each event carries the text it came as (its own components, its calendar's properties and
 * zones), so that it goes out again as it came. What isn't taken is named by its line. */
#include "sync/wire/ical.h"

#include "sync/wire/ical-event.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_ICAL (1000 * 1000) /* of one event */

/* --- one event ----------------------------------------------------------------------------------- */

/* The zones that the lines of `part` name. */
static void
collect_zones (const TlIcalPart *part, GHashTable *zones)
{
  for (guint i = 0; i < part->lines->len; i++) {
    char *zone = tl_ical_line_param (part->lines->pdata[i], "TZID");
    if (zone)
      g_hash_table_add (zones, zone);
  }
}

static void
write_zones (const TlIcalPart *calendar, GHashTable *zones, GString *text)
{
  for (guint i = 0; i < calendar->parts->len; i++) {
    const TlIcalPart *part = calendar->parts->pdata[i];
    const TlIcalLine *id = tl_ical_part_line (part, "TZID");

    if (g_str_equal (part->name, "VTIMEZONE") && id && g_hash_table_remove (zones, id->value))
      tl_ical_part_write (part, text);
  }
}

static char *
text_of (GPtrArray *sources)
{
  g_autoptr (GHashTable) zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *text = g_string_new ("BEGIN:VCALENDAR\r\n");
  const TlIcalPart *calendar = ((TlIcalSource *)sources->pdata[0])->calendar;

  for (guint i = 0; calendar->name && i < calendar->lines->len; i++)
    tl_ical_line_write (calendar->lines->pdata[i], text);
  for (guint i = 0; i < sources->len; i++)
    collect_zones (((TlIcalSource *)sources->pdata[i])->event, zones);
  for (guint i = 0; i < sources->len; i++)
    write_zones (((TlIcalSource *)sources->pdata[i])->calendar, zones, text);
  for (guint i = 0; i < sources->len; i++)
    tl_ical_part_write (((TlIcalSource *)sources->pdata[i])->event, text);
  g_string_append (text, "END:VCALENDAR\r\n");
  return g_string_free_and_steal (text);
}

/* With an event go its exceptions. */
static void
refuse_all (TlIcal *self, GPtrArray *sources, const char *why)
{
  guint line = ((TlIcalSource *)sources->pdata[0])->event->line;

  if (g_str_has_prefix (why, "line "))
    g_ptr_array_add (self->refused, g_strdup (why));
  else
    tl_ical_refuse (self->refused, line, "%s", why);
  for (guint i = 1; i < sources->len; i++)
    tl_ical_refuse (self->refused, ((TlIcalSource *)sources->pdata[i])->event->line,
                    "the event that this is an instance of, line %u, was not taken", line);
}

static void
take_event (TlIcal *self, GPtrArray *sources)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = tl_ical_event_read (sources, self->refused, &error);
  TlCalendarEvent *event;
  g_autofree char *text = NULL;

  if (object == NULL) {
    refuse_all (self, sources, error->message);
    return;
  }
  text = text_of (sources);
  if (strlen (text) > LONGEST_ICAL) {
    refuse_all (self, sources, "this event is longer than 1 MB");
    return;
  }
  json_object_set_string_member (object, "ical", text);
  event = tl_record_new (&tl_calendar_event_type);
  if (tl_record_from_json (&tl_calendar_event_type, object, event, &error) &&
      tl_event_check (event, &error)) {
    g_ptr_array_add (self->events, event);
    return;
  }
  refuse_all (self, sources, error->message);
  tl_record_free (&tl_calendar_event_type, event);
}

/* --- versions ------------------------------------------------------------------------------------ */

static const char *
value_of (const TlIcalPart *part, const char *name)
{
  const TlIcalLine *line = tl_ical_part_line (part, name);

  return line ? line->value : "";
}

static gboolean
is_newer (const TlIcalSource *one, const TlIcalSource *other)
{
  int sequence = atoi (value_of (one->event, "SEQUENCE"));
  int others = atoi (value_of (other->event, "SEQUENCE"));

  if (sequence != others)
    return sequence > others;
  return strcmp (value_of (one->event, "DTSTAMP"), value_of (other->event, "DTSTAMP")) > 0;
}

/* What tells an event from its exceptions and those from each other. */
static char *
version_key (const TlIcalSource *source)
{
  char id[TL_LOCAL_DATE_TIME_MAX];

  if (tl_ical_part_line (source->event, "RECURRENCE-ID") == NULL)
    return g_strdup ("");
  return g_strdup (tl_ical_event_id (source, "Etc/UTC", id) ? id : "?");
}

/* Each version once: the newest; the event itself first, then the exceptions in their order. */
static GPtrArray *
newest (GPtrArray *sources, GPtrArray *refused)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; i < sources->len; i++) {
    TlIcalSource *source = sources->pdata[i], *old;
    g_autofree char *key = version_key (source);
    guint at = 0;

    old = g_hash_table_lookup (seen, key);
    if (old && !is_newer (source, old)) {
      tl_ical_refuse (refused, source->event->line, "this event is there as of line %u already",
                      old->event->line);
      continue;
    }
    if (old) {
      tl_ical_refuse (refused, old->event->line, "there is a newer one of this event, line %u",
                      source->event->line);
      g_ptr_array_find (kept, old, &at);
      kept->pdata[at] = source;
    } else {
      g_ptr_array_insert (kept, *key ? -1 : 0, source);
    }
    g_hash_table_insert (seen, g_steal_pointer (&key), source);
  }
  return kept;
}

/* --- the whole ----------------------------------------------------------------------------------- */

typedef struct {
  TlIcal *ical;
  GHashTable *by_uid; /* of GPtrArray of TlIcalSource */
  GPtrArray *groups;  /* the same, in the order they came */
} Gathering;

static gboolean
is_answer (const TlIcalPart *calendar)
{
  static const char *const methods[] = { "REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER", NULL };

  return calendar->name && g_strv_contains (methods, value_of (calendar, "METHOD"));
}

static void
add_event (Gathering *self, const TlIcalPart *calendar, TlIcalPart *event)
{
  g_autofree char *uid = tl_ical_event_uid (event);
  GPtrArray *sources = g_hash_table_lookup (self->by_uid, uid);
  TlIcalSource *source;

  if (!event->is_whole) {
    tl_ical_refuse (self->ical->refused, event->line, "this event never ends; the text is cut off");
    return;
  }
  if (tl_ical_part_line (event, "DTSTART") == NULL) {
    tl_ical_refuse (self->ical->refused, event->line, "this event has no DTSTART");
    return;
  }
  if (is_answer (calendar)) {
    tl_ical_refuse (self->ical->refused, event->line, "this is an answer to an event, not one");
    return;
  }
  if (sources == NULL) {
    sources = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (self->groups, sources);
    g_hash_table_insert (self->by_uid, g_steal_pointer (&uid), sources);
  }
  source = g_new (TlIcalSource, 1);
  /* One instance has the files of all. */
  *source = (TlIcalSource){ calendar, event,
                            tl_ical_part_line (event, "RECURRENCE-ID") ? NULL : self->ical->files };
  g_ptr_array_add (sources, source);
}

static void
gather (Gathering *self, const TlIcalPart *calendar)
{
  for (guint i = 0; i < calendar->parts->len; i++) {
    TlIcalPart *part = calendar->parts->pdata[i];

    if (g_str_equal (part->name, "VCALENDAR"))
      gather (self, part);
    else if (g_str_equal (part->name, "VEVENT"))
      add_event (self, calendar, part);
    else if (!g_str_equal (part->name, "VTIMEZONE"))
      tl_ical_refuse (self->ical->refused, part->line, "a %.40s is no event; it is left out",
                      part->name);
  }
}

/* --- name and colour ----------------------------------------------------------------------------- */

static const struct {
  const char *name;
  int red, green, blue;
} colors[] = {
  { "blue", 0x35, 0x84, 0xe4 },   { "teal", 0x21, 0x90, 0xa4 },   { "green", 0x3a, 0x94, 0x4a },
  { "yellow", 0xc8, 0x88, 0x00 }, { "orange", 0xed, 0x5b, 0x00 }, { "red", 0xe6, 0x2d, 0x42 },
  { "pink", 0xd5, 0x61, 0x99 },   { "purple", 0x91, 0x41, 0xac }, { "slate", 0x6f, 0x83, 0x96 },
};

static const char *
nearest_color (const char *value)
{
  const char *nearest = NULL;
  guint64 rgb;
  int best = G_MAXINT;

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    if (g_ascii_strcasecmp (colors[i].name, value) == 0)
      return colors[i].name;
  if (*value != '#' || strspn (value + 1, "0123456789abcdefABCDEF") < 6)
    return NULL;
  rgb = g_ascii_strtoull (value + 1, NULL, 16);
  rgb >>= strlen (value) == 9 ? 8 : 0; /* how opaque it is */
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++) {
    int red = (int)(rgb >> 16 & 0xff) - colors[i].red;
    int green = (int)(rgb >> 8 & 0xff) - colors[i].green;
    int blue = (int)(rgb & 0xff) - colors[i].blue;
    int distance = red * red + green * green + blue * blue;

    if (distance < best) {
      best = distance;
      nearest = colors[i].name;
    }
  }
  return nearest;
}

static void
read_looks (TlIcal *self, const TlIcalPart *calendar)
{
  static const char *const names[] = { "X-WR-CALNAME", "NAME" };
  static const char *const shades[] = { "COLOR", "X-APPLE-CALENDAR-COLOR" };

  for (guint i = 0; self->name == NULL && i < G_N_ELEMENTS (names); i++) {
    const char *value = value_of (calendar, names[i]);
    self->name = *value ? tl_ical_text_read (value, 200) : NULL;
  }
  for (guint i = 0; self->color == NULL && i < G_N_ELEMENTS (shades); i++)
    self->color = g_strdup (nearest_color (value_of (calendar, shades[i])));
}

static void
event_free (gpointer event)
{
  tl_record_free (&tl_calendar_event_type, event);
}

TlIcal *
tl_ical_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (TlIcal) self = g_new0 (TlIcal, 1);
  g_autoptr (TlIcalPart) root = NULL;
  g_autoptr (GHashTable) by_uid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  Gathering gathering = { self, by_uid, groups };

  self->events = g_ptr_array_new_with_free_func (event_free);
  self->refused = g_ptr_array_new_with_free_func (g_free);
  self->files =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  if (length > TL_ICAL_MAX) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "line 1: the calendar is longer than 32 MB");
    return NULL;
  }
  root = tl_ical_part_read (text, length, self->refused, error);
  if (root == NULL)
    return NULL;
  gather (&gathering, root);
  for (guint i = 0; i < groups->len; i++) {
    g_autoptr (GPtrArray) kept = newest (groups->pdata[i], self->refused);
    take_event (self, kept);
  }
  for (guint i = 0; i < root->parts->len; i++)
    read_looks (self, root->parts->pdata[i]);
  return g_steal_pointer (&self);
}

void
tl_ical_free (TlIcal *self)
{
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_free (self->name);
  g_free (self->color);
  g_free (self);
}
