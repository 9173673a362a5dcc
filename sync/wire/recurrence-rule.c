/* recurrence-rule.c: a table of what is a number, a list or a word on either side. */
#include "sync/wire/recurrence-rule.h"

#include "sync/wire/recurrence.h"

#include <string.h>

#define MOST_IN_LIST 400

typedef enum { NUMBER, NUMBERS, DAYS, TEXTS } PartKind;

static const struct {
  const char *name; /* JSCalendar's */
  const char *part; /* iCalendar's */
  PartKind kind;
  int min, max; /* negative ones count from the end where min is negative */
} parts[] = {
  { "interval", "INTERVAL", NUMBER, 1, 100000 },
  { "count", "COUNT", NUMBER, 1, 100000 },
  { "byDay", "BYDAY", DAYS, -53, 53 },
  { "byMonthDay", "BYMONTHDAY", NUMBERS, -31, 31 },
  { "byMonth", "BYMONTH", TEXTS, 1, 12 },
  { "byYearDay", "BYYEARDAY", NUMBERS, -366, 366 },
  { "byWeekNo", "BYWEEKNO", NUMBERS, -53, 53 },
  { "byHour", "BYHOUR", NUMBERS, 0, 23 },
  { "byMinute", "BYMINUTE", NUMBERS, 0, 59 },
  { "bySecond", "BYSECOND", NUMBERS, 0, 59 },
  { "bySetPosition", "BYSETPOS", NUMBERS, -366, 366 },
};

static const char *const frequencies[] = { "yearly", "monthly",  "weekly",  "daily",
                                           "hourly", "minutely", "secondly" };
static const char *const days[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };

static gboolean
refuse (GError **error, const char *name)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "recurrenceRules: “%s” is not one that can be followed", name);
  return FALSE;
}

static gboolean
is_one_of (const char *word, const char *const *words, guint n)
{
  for (guint i = 0; word && i < n; i++)
    if (g_ascii_strcasecmp (word, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* --- to iCalendar -------------------------------------------------------------------------------- */

static gboolean
append_number (GString *text, JsonNode *node, guint row, GError **error)
{
  gint64 number;

  if (json_node_get_value_type (node) == G_TYPE_STRING) /* months may be texts: "2" */
    number = g_ascii_strtoll (json_node_get_string (node), NULL, 10);
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    number = json_node_get_int (node);
  else
    return refuse (error, parts[row].name);
  if (number < parts[row].min || number > parts[row].max || (number == 0 && parts[row].min < 0))
    return refuse (error, parts[row].name);
  g_string_append_printf (text, "%" G_GINT64_FORMAT, number);
  return TRUE;
}

static gboolean
append_day (GString *text, JsonNode *node, guint row, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *day =
      object ? json_object_get_string_member_with_default (object, "day", NULL) : NULL;
  JsonNode *nth = object ? json_object_get_member (object, "nthOfPeriod") : NULL;
  g_autofree char *upper = NULL;

  if (!is_one_of (day, days, G_N_ELEMENTS (days)))
    return refuse (error, parts[row].name);
  if (nth && !JSON_NODE_HOLDS_NULL (nth) && !append_number (text, nth, row, error))
    return FALSE;
  upper = g_ascii_strup (day, -1);
  g_string_append (text, upper);
  return TRUE;
}

static gboolean
append_list (GString *text, JsonNode *node, guint row, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array ? json_array_get_length (array) : 0;

  if (n == 0 || n > MOST_IN_LIST)
    return refuse (error, parts[row].name);
  for (guint i = 0; i < n; i++) {
    JsonNode *item = json_array_get_element (array, i);

    if (i > 0)
      g_string_append_c (text, ',');
    if (!(parts[row].kind == DAYS ? append_day : append_number) (text, item, row, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
append_parts (GString *text, JsonObject *rule, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    JsonNode *node = json_object_get_member (rule, parts[i].name);

    if (node == NULL || JSON_NODE_HOLDS_NULL (node))
      continue;
    g_string_append_printf (text, ";%s=", parts[i].part);
    if (!(parts[i].kind == NUMBER ? append_number : append_list) (text, node, i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
append_until (GString *text, JsonObject *rule, GError **error)
{
  const char *until = json_object_get_string_member_with_default (rule, "until", NULL);
  gint64 ms;

  if (until == NULL)
    return TRUE;
  if (!tl_local_to_ms (until, NULL, &ms))
    return refuse (error, "until");
  g_string_append (text, ";UNTIL=");
  for (const char *at = until; *at; at++)
    if (*at != '-' && *at != ':')
      g_string_append_c (text, *at);
  return TRUE;
}

static gboolean
is_gregorian (JsonObject *rule)
{
  const char *scale = json_object_get_string_member_with_default (rule, "rscale", "gregorian");
  const char *skip = json_object_get_string_member_with_default (rule, "skip", "omit");

  return g_ascii_strcasecmp (scale, "gregorian") == 0 && g_ascii_strcasecmp (skip, "omit") == 0;
}

char *
tl_rule_format (JsonObject *rule, GError **error)
{
  const char *frequency = json_object_get_string_member_with_default (rule, "frequency", NULL);
  const char *first = json_object_get_string_member_with_default (rule, "firstDayOfWeek", NULL);
  g_autoptr (GString) text = g_string_new ("FREQ=");
  g_autofree char *upper = NULL;

  if (!is_one_of (frequency, frequencies, G_N_ELEMENTS (frequencies)) || !is_gregorian (rule) ||
      (first && !is_one_of (first, days, G_N_ELEMENTS (days)))) {
    refuse (error, frequency == NULL ? "frequency" : first ? "firstDayOfWeek" : frequency);
    return NULL;
  }
  upper = g_ascii_strup (frequency, -1);
  g_string_append (text, upper);
  if (!append_until (text, rule, error) || !append_parts (text, rule, error))
    return NULL;
  if (first) {
    g_autofree char *start = g_ascii_strup (first, -1);
    g_string_append_printf (text, ";WKST=%s", start);
  }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* --- from iCalendar ------------------------------------------------------------------------------ */

static gboolean
parse_number (const char *text, guint row, gint64 *number)
{
  char *end;

  *number = g_ascii_strtoll (text, &end, 10);
  return *text && *end == '\0' && *number >= parts[row].min && *number <= parts[row].max &&
         (*number != 0 || parts[row].min >= 0);
}

static gboolean
add_day (JsonArray *array, const char *text, guint row)
{
  gsize length = strlen (text);
  const char *day = length >= 2 ? text + length - 2 : "";
  JsonObject *object;
  g_autofree char *lower = g_ascii_strdown (day, -1);
  g_autofree char *nth = g_strndup (text, length >= 2 ? length - 2 : 0);
  gint64 number = 0;

  if (!is_one_of (day, days, G_N_ELEMENTS (days)) || (*nth && !parse_number (nth, row, &number)))
    return FALSE;
  object = json_object_new ();
  json_object_set_string_member (object, "day", lower);
  if (*nth)
    json_object_set_int_member (object, "nthOfPeriod", number);
  json_array_add_object_element (array, object);
  return TRUE;
}

static gboolean
add_item (JsonArray *array, const char *text, guint row)
{
  gint64 number;

  if (parts[row].kind == DAYS)
    return add_day (array, text, row);
  if (!parse_number (text, row, &number))
    return FALSE;
  if (parts[row].kind == TEXTS)
    json_array_add_string_element (array, text);
  else
    json_array_add_int_element (array, number);
  return TRUE;
}

static gboolean
set_part (JsonObject *rule, guint row, const char *value)
{
  g_auto (GStrv) items = g_strsplit (value, ",", MOST_IN_LIST + 1);
  g_autoptr (JsonArray) array = json_array_new ();
  gint64 number;

  if (parts[row].kind == NUMBER) {
    if (!parse_number (value, row, &number))
      return FALSE;
    json_object_set_int_member (rule, parts[row].name, number);
    return TRUE;
  }
  if (g_strv_length (items) > MOST_IN_LIST)
    return FALSE;
  for (guint i = 0; items[i]; i++)
    if (!add_item (array, g_strstrip (items[i]), row))
      return FALSE;
  json_object_set_array_member (rule, parts[row].name, g_steal_pointer (&array));
  return TRUE;
}

/* "20261123T123000Z", "20261123": as LocalDateTime in `zone`. */
static gboolean
set_until (JsonObject *rule, const char *value, const char *zone)
{
  char local[TL_LOCAL_DATE_TIME_MAX];
  gint64 ms;

  if (strlen (value) != 8 && strlen (value) != 15 && strlen (value) != 16)
    return FALSE;
  g_snprintf (local, sizeof local, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", value, value + 4, value + 6,
              strlen (value) > 8 ? value + 9 : "23", strlen (value) > 8 ? value + 11 : "59",
              strlen (value) > 8 ? value + 13 : "59");
  if (!tl_local_to_ms (local, NULL, &ms))
    return FALSE;
  if (g_str_has_suffix (value, "Z"))
    tl_local_from_ms (ms, zone, local);
  json_object_set_string_member (rule, "until", local);
  return TRUE;
}

static gboolean
set_word (JsonObject *rule, const char *name, const char *value, const char *const *words, guint n)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  if (!is_one_of (value, words, n))
    return FALSE;
  json_object_set_string_member (rule, name, lower);
  return TRUE;
}

static gboolean
set_member (JsonObject *rule, const char *part, const char *value, const char *zone)
{
  if (g_ascii_strcasecmp (part, "FREQ") == 0)
    return set_word (rule, "frequency", value, frequencies, G_N_ELEMENTS (frequencies));
  if (g_ascii_strcasecmp (part, "WKST") == 0)
    return set_word (rule, "firstDayOfWeek", value, days, G_N_ELEMENTS (days));
  if (g_ascii_strcasecmp (part, "UNTIL") == 0)
    return set_until (rule, value, zone);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_ascii_strcasecmp (part, parts[i].part) == 0)
      return set_part (rule, i, value);
  return g_ascii_strncasecmp (part, "X-", 2) == 0; /* somebody's own: kept in the text only */
}

JsonObject *
tl_rule_parse (const char *rrule, const char *until_zone, GError **error)
{
  g_auto (GStrv) members = g_strsplit (rrule, ";", 64);
  g_autoptr (JsonObject) rule = json_object_new ();

  json_object_set_string_member (rule, "@type", "RecurrenceRule");
  for (guint i = 0; members[i]; i++) {
    char *equals = strchr (members[i], '=');

    if (*g_strstrip (members[i]) == '\0')
      continue;
    if (equals)
      *equals = '\0';
    if (equals == NULL || !set_member (rule, members[i], g_strstrip (equals + 1), until_zone)) {
      refuse (error, members[i]);
      return NULL;
    }
  }
  if (json_object_has_member (rule, "frequency"))
    return g_steal_pointer (&rule);
  refuse (error, "FREQ");
  return NULL;
}
