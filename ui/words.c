/* words.c: wording of times and texts; any thread. */
#include "ui/words.h"

#include "sync/wire/recurrence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static GDateTime *
time_now (void)
{
  return tl_time_here (g_get_real_time () / 1000);
}

/* Whole days from `then` to `now`, by the calendar. */
static int
days_between (GDateTime *then, GDateTime *now)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, (GDateDay)g_date_time_get_day_of_month (then),
                  (GDateMonth)g_date_time_get_month (then), (GDateYear)g_date_time_get_year (then));
  g_date_set_dmy (&b, (GDateDay)g_date_time_get_day_of_month (now),
                  (GDateMonth)g_date_time_get_month (now), (GDateYear)g_date_time_get_year (now));
  return g_date_days_between (&a, &b);
}

char *
tl_words_clock (gint64 ms)
{
  g_autoptr (GDateTime) time = tl_time_here (ms);

  /* Translators: a clock time in strftime's language; use %l:%M %p where that is usual */
  return g_date_time_format (time, _ ("%H:%M"));
}

char *
tl_words_clock_in (const char *time_zone)
{
  g_autoptr (GTimeZone) zone = time_zone ? g_time_zone_new_identifier (time_zone) : NULL;
  g_autoptr (GDateTime) there = zone ? g_date_time_new_now (zone) : NULL;

  return there ? g_date_time_format (there, _ ("%H:%M")) : NULL;
}

char *
tl_words_short_time (gint64 ms)
{
  g_autoptr (GDateTime) time = tl_time_here (ms);
  g_autoptr (GDateTime) now = time_now ();
  int days = days_between (time, now);

  if (days == 0)
    return tl_words_clock (ms);
  if (days > 0 && days < 7)
    return g_date_time_format (time, "%a");
  /* Translators: a short date in this year, strftime */
  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    return g_date_time_format (time, _ ("%-d %b"));
  /* Translators: a short date of another year, strftime */
  return g_date_time_format (time, _ ("%-d %b %Y"));
}

char *
tl_words_day (gint64 ms)
{
  g_autoptr (GDateTime) time = tl_time_here (ms);
  g_autoptr (GDateTime) now = time_now ();
  int days = days_between (time, now);

  if (days == 0)
    return g_strdup (_ ("Today"));
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days > 1 && days < 7)
    return g_date_time_format (time, "%A");
  /* Translators: a date in this year, strftime */
  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    return g_date_time_format (time, _ ("%-d %B"));
  /* Translators: a date of another year, strftime */
  return g_date_time_format (time, _ ("%-d %B %Y"));
}

gboolean
tl_words_is_same_day (gint64 a, gint64 b)
{
  g_autoptr (GDateTime) x = tl_time_here (a);
  g_autoptr (GDateTime) y = tl_time_here (b);

  return days_between (x, y) == 0;
}

static gboolean
is_link (const char *word)
{
  return (g_str_has_prefix (word, "https://") && word[8] != '\0') ||
         (g_str_has_prefix (word, "http://") && word[7] != '\0');
}

char *
tl_words_link_markup (const char *text)
{
  GString *markup = g_string_new (NULL);
  const char *rest = text ? text : "";

  while (*rest) {
    gsize space = strspn (rest, " \t\n");
    gsize length = strcspn (rest + space, " \t\n");
    g_autofree char *gap = g_strndup (rest, space);
    g_autofree char *word = g_strndup (rest + space, length);
    g_autofree char *tail = NULL;

    rest += space + length;
    g_string_append (markup, gap);
    if (is_link (word)) {
      gsize end = strlen (word);
      g_autofree char *address = NULL;

      /* What ends a sentence doesn't belong to the address. */
      while (end > 8 && strchr (".,;:!?)]}'\"", word[end - 1]))
        end--;
      tail = g_markup_escape_text (word + end, -1);
      word[end] = '\0';
      address = g_markup_escape_text (word, -1);
      g_string_append_printf (markup, "<a href=\"%s\">%s</a>%s", address, address, tail);
    } else {
      tail = g_markup_escape_text (word, -1);
      g_string_append (markup, tail);
    }
  }
  return g_string_free (markup, FALSE);
}
