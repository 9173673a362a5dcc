/* feed-date.c: reads dates by what their parts look like, not by where they stand: that covers
 * RFC 822 with all its variants (no weekday, no seconds, long names, two-digit years, any order),
 * asctime, and ISO 8601 with any precision. */
#include "server/services/news/feed-date.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  int year, month, day; /* 0: not seen */
  int hour, minute;
  double second;
  int offset; /* minutes east of UTC */
  gboolean has_time, has_zone;
} Parts;

static const struct {
  const char *name;
  int hours;
} zones[] = { { "UTC", 0 },  { "GMT", 0 },  { "UT", 0 },    { "Z", 0 },     { "EST", -5 },
              { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },  { "MST", -7 },  { "MDT", -6 },
              { "PST", -8 }, { "PDT", -7 }, { "AKST", -9 }, { "HST", -10 }, { "BST", 1 },
              { "CET", 1 },  { "CEST", 2 }, { "MEZ", 1 },   { "EET", 2 },   { "EEST", 3 },
              { "WEST", 1 }, { "MSK", 3 },  { "JST", 9 },   { "AEST", 10 } };

static int
read_digits (const char **text, int at_most)
{
  int value = 0;

  for (int i = 0; i < at_most && g_ascii_isdigit (**text); i++, ++*text)
    value = value < 10000 ? value * 10 + **text - '0' : value;
  return value;
}

static int
count_digits (const char *text)
{
  return (int)strspn (text, "0123456789");
}

/* hh:mm, hh:mm:ss, with a fraction behind either. */
static void
read_time (const char **text, Parts *parts)
{
  parts->hour = read_digits (text, 2);
  if (**text == ':')
    ++*text;
  parts->minute = read_digits (text, 2);
  if (**text == ':') {
    ++*text;
    parts->second = read_digits (text, 2);
  }
  if ((**text == '.' || **text == ',') && g_ascii_isdigit ((*text)[1])) {
    double unit = 0.1;

    for (++*text; g_ascii_isdigit (**text); ++*text, unit /= 10)
      parts->second += unit * (**text - '0');
  }
  parts->has_time = TRUE;
}

/* ±hh, ±hhmm, ±hh:mm */
static void
read_offset (const char **text, Parts *parts)
{
  int sign = **text == '-' ? -1 : 1;
  int hours, minutes;

  ++*text;
  hours = read_digits (text, 2);
  if (**text == ':')
    ++*text;
  minutes = read_digits (text, 2);
  parts->offset = sign * (hours * 60 + minutes);
  parts->has_zone = TRUE;
}

static void
read_word (const char **text, Parts *parts)
{
  static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
  gsize length = 0;
  char word[4] = { 0 };

  while (g_ascii_isalpha ((*text)[length]))
    length++;
  for (gsize i = 0; i < MIN (length, 3); i++)
    word[i] = g_ascii_tolower ((*text)[i]);
  for (gsize i = 0; length >= 3 && parts->month == 0 && i < 12; i++)
    if (strncmp (months + 3 * i, word, 3) == 0)
      parts->month = (int)i + 1;
  for (gsize i = 0; parts->has_time && !parts->has_zone && i < G_N_ELEMENTS (zones); i++)
    if (strlen (zones[i].name) == length &&
        g_ascii_strncasecmp (zones[i].name, *text, length) == 0) {
      parts->offset = zones[i].hours * 60;
      parts->has_zone = TRUE;
    }
  if (parts->has_time && length == 2 && parts->hour <= 12 && strncmp (word, "pm", 2) == 0)
    parts->hour = parts->hour % 12 + 12;
  if (parts->has_time && length == 2 && strncmp (word, "am", 2) == 0)
    parts->hour %= 12;
  *text += length;
}

static void
read_number (const char **text, Parts *parts)
{
  int digits = count_digits (*text);
  int value;

  if (digits <= 2 && (*text)[digits] == ':' && !parts->has_time) {
    read_time (text, parts);
    return;
  }
  value = read_digits (text, digits);
  if (digits <= 2 && parts->day == 0)
    parts->day = value;
  else if (parts->year == 0 && digits <= 2)
    parts->year = value + (value < 70 ? 2000 : 1900);
  else if (parts->year == 0 && digits == 4)
    parts->year = value;
}

/* yyyy, yyyy-mm, yyyy-mm-dd (or / for -), yyyymmdd, then a time behind T or a blank. */
static void
read_iso (const char **text, Parts *parts)
{
  gboolean is_compact = count_digits (*text) == 8;

  parts->year = read_digits (text, 4);
  parts->month = parts->day = 1;
  if (is_compact || **text == '-' || **text == '/') {
    *text += !is_compact;
    parts->month = read_digits (text, 2);
    if (is_compact || **text == '-' || **text == '/') {
      *text += !is_compact;
      parts->day = read_digits (text, 2);
    }
  }
  *text += strspn (*text, "Tt ");
  if (g_ascii_isdigit (**text))
    read_time (text, parts);
}

static gboolean
is_iso (const char *text)
{
  int digits = count_digits (text);

  return digits == 8 || (digits == 4 && strchr ("-/T", text[4]));
}

gboolean
tl_feed_date_parse (const char *text, gint64 *ms)
{
  Parts parts = { 0 };
  g_autoptr (GDateTime) time = NULL;

  text += strspn (text, " \t\r\n");
  if (is_iso (text))
    read_iso (&text, &parts);
  while (*text) {
    if (g_ascii_isdigit (*text))
      read_number (&text, &parts);
    else if (g_ascii_isalpha (*text))
      read_word (&text, &parts);
    else if ((*text == '+' || *text == '-') && parts.has_time && !parts.has_zone &&
             g_ascii_isdigit (text[1]))
      read_offset (&text, &parts);
    else
      text++;
  }
  if (parts.year < 1970 || parts.year > 2200 || parts.second >= 61)
    return FALSE;
  time = g_date_time_new_utc (parts.year, parts.month, parts.day, parts.hour % 24, parts.minute,
                              MIN (parts.second, 59.999));
  if (time == NULL)
    return FALSE;
  *ms = g_date_time_to_unix_usec (time) / 1000 - parts.offset * 60000;
  return TRUE;
}
