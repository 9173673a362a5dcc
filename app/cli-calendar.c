/* cli-calendar.c: see the header. Times are those of this computer's zone: "2026-11-23 12:30", or a day alone. */
#include "app/cli-calendar.h"

#include "app/terminal.h"
#include "sync/actions-calendar.h"
#include "sync/actions-import.h"
#include "sync/calendar-attachments.h"
#include "sync/calendar-file.h"
#include "sync/models/agenda.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define DAY (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define USAGE "event TITLE --start TIME [--end TIME|--duration 1h30m] [--calendar NAME]"

/* "2026-11-23 12:30", "2026-11-23T12:30" or "2026-11-23" (then `is_day`) as LocalDateTime; NULL with an error. */
static char *
parse_time (const char *text, gboolean *is_day, GError **error)
{
  g_autofree char *home = tl_agenda_home_zone ();
  g_autofree char *local = NULL;
  gint64 ms;

  *is_day = strlen (text) == strlen ("2026-11-23");
  local = *is_day
              ? g_strconcat (text, "T00:00:00", NULL)
              : g_strconcat (text, strlen (text) == strlen ("2026-11-23 12:30") ? ":00" : "", NULL);
  if (strlen (local) > 10 && local[10] == ' ')
    local[10] = 'T';
  if (tl_local_to_ms (local, home, &ms))
    return g_steal_pointer (&local);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no time like 2026-11-23 or “2026-11-23 12:30”"), text);
  return NULL;
}

static gboolean
parse_ms (const char *text, gint64 otherwise, gint64 *ms, GError **error)
{
  g_autofree char *home = tl_agenda_home_zone ();
  g_autofree char *local = NULL;
  gboolean is_day;

  *ms = otherwise;
  if (text == NULL)
    return TRUE;
  local = parse_time (text, &is_day, error);
  return local && tl_local_to_ms (local, home, ms);
}

/* --- calendars ----------------------------------------------------------------------------------- */

/* By name; the default one (or the first that one writes in) for NULL. 0 with an error. */
static gint64
find_calendar (TlCli *cli, const char *name, gboolean to_write, GError **error)
{
  g_autoptr (TlKeyList) list = tl_calendar_list_new (cli->replica, cli->account->key);
  g_autoptr (GPtrArray) items = tl_cli_load_items (list, G_MAXUINT);
  gint64 found = 0;

  for (guint i = 0; i < items->len; i++) {
    TlCalendarItem *item = items->pdata[i];
    gboolean is_writable = g_strcmp0 (item->role, "reader") != 0;

    if (name ? g_strcmp0 (item->name, name) == 0 && (is_writable || !to_write)
             : is_writable && (found == 0 || item->is_default))
      found = item->key;
  }
  if (found == 0 && name)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no calendar called %s that you may use so"), name);
  else if (found == 0) /* the first event makes the first calendar */
    found = dex_await_int64 (tl_action_new_calendar (cli->replica, _ ("Calendar"), "blue"), error);
  return found;
}

/* --- listing ------------------------------------------------------------------------------------- */

static void
become_ready (GObject *agenda, GParamSpec *spec, DexPromise *promise)
{
  if (dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_resolve_boolean (promise, TRUE);
}

static JsonObject *
occurrence_to_json (const TlOccurrenceItem *item)
{
  JsonObject *object = json_object_new ();
  g_autofree char *start = tl_date_format (item->start), *end = tl_date_format (item->end);

  json_object_set_int_member (object, "key", item->key);
  json_object_set_string_member (object, "instance", item->id);
  json_object_set_string_member (object, "title", item->title ? item->title : "");
  json_object_set_string_member (object, "start", start);
  json_object_set_string_member (object, "end", end);
  json_object_set_boolean_member (object, "is-all-day", item->is_all_day);
  json_object_set_string_member (object, "location", item->location ? item->location : "");
  json_object_set_string_member (object, "calendar",
                                 item->calendar_name ? item->calendar_name : "");
  json_object_set_boolean_member (object, "is-waiting", item->op != 0);
  return object;
}

static void
print_line (const TlOccurrenceItem *item)
{
  g_autofree char *home = tl_agenda_home_zone ();
  char start[TL_LOCAL_DATE_TIME_MAX];

  tl_local_from_ms (item->start, home, start);
  start[10] = ' ';
  start[item->is_all_day ? 10 : 16] = '\0';
  tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %-16s  %s%s%s · %s%s\n", item->key, start,
                   item->title ? item->title : "", item->location ? ", " : "",
                   item->location ? item->location : "",
                   item->calendar_name ? item->calendar_name : "",
                   item->op ? _ (" (waiting)") : "");
}

static void
print_agenda (TlCli *cli, GListModel *agenda)
{
  guint n = MIN ((guint)cli->limit, g_list_model_get_n_items (agenda));
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;

  json_node_take_array (node, array);
  for (guint i = 0; i < n; i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (agenda, i);

    if (cli->as_json)
      json_array_add_object_element (array, occurrence_to_json (item));
    else
      print_line (item);
  }
  text = json_to_string (node, TRUE);
  if (cli->as_json)
    tl_terminal_say_json (stdout, text);
}

gboolean
tl_cli_list_events (TlCli *cli, GError **error)
{
  g_autoptr (TlAgenda) agenda = tl_agenda_new (cli->replica, cli->account->key);
  DexPromise *ready = dex_promise_new ();
  gint64 now = g_get_real_time () / 1000, from, until;

  if (!parse_ms (cli->from, now - now % DAY, &from, error) ||
      !parse_ms (cli->until, from + 31 * DAY, &until, error)) {
    dex_unref (ready);
    return FALSE;
  }
  g_signal_connect_data (agenda, "notify::ready", G_CALLBACK (become_ready), dex_ref (ready),
                         (GClosureNotify)(GCallback)dex_unref, 0);
  tl_agenda_ask (agenda, from, until);
  dex_await (DEX_FUTURE (ready), NULL);
  print_agenda (cli, G_LIST_MODEL (agenda));
  return TRUE;
}

/* --- a new one ----------------------------------------------------------------------------------- */

/* "90m", "1h30m" or "PT1H30M". */
static char *
parse_duration (const char *text, GError **error)
{
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_autofree char *duration = *upper == 'P' ? g_strdup (upper) : g_strconcat ("PT", upper, NULL);

  if (tl_duration_to_ms (duration) >= 0)
    return g_steal_pointer (&duration);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no length like 45m or 1h30m"), text);
  return NULL;
}

static char *
length_of (TlCli *cli, const char *start, gboolean is_day, GError **error)
{
  g_autofree char *end = NULL;
  gboolean ends_with_day;
  gint64 from, to;

  if (cli->duration)
    return parse_duration (cli->duration, error);
  if (cli->end == NULL)
    return g_strdup (is_day ? "P1D" : "PT1H");
  end = parse_time (cli->end, &ends_with_day, error);
  if (end == NULL)
    return NULL;
  tl_local_to_ms (start, "Etc/UTC", &from);
  tl_local_to_ms (end, "Etc/UTC", &to);
  if (to < from) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _ ("It ends before it starts"));
    return NULL;
  }
  return is_day ? g_strdup_printf ("P%dD", (int)((to - from) / DAY) + 1)
                : tl_duration_from_ms (to - from);
}

gboolean
tl_cli_event (TlCli *cli, GError **error)
{
  g_autofree char *home = tl_agenda_home_zone ();
  g_autofree char *title = NULL, *start = NULL, *length = NULL;
  TlEventSketch sketch = { .time_zone = home, .reminder = TL_NO_REMINDER };

  if (cli->argc == 0 || cli->start == NULL)
    return tl_cli_usage (error, USAGE);
  title = g_strstrip (tl_cli_text (cli, 0));
  start = parse_time (cli->start, &sketch.is_all_day, error);
  length = start ? length_of (cli, start, sketch.is_all_day, error) : NULL;
  if (length == NULL)
    return FALSE;
  sketch.calendar = find_calendar (cli, cli->calendar, TRUE, error);
  sketch.title = title;
  sketch.start = start;
  sketch.duration = length;
  return sketch.calendar != 0 && dex_await (tl_action_new_event (cli->replica, &sketch), error) &&
         tl_cli_leave_now (cli, error);
}

/* --- files --------------------------------------------------------------------------------------- */

gboolean
tl_cli_import (TlCli *cli, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (TlIcal) ical = NULL;
  g_autoptr (GError) why = NULL;
  g_auto (GStrv) taken = NULL;
  gint64 calendar;
  guint count;

  if (cli->argc != 1)
    return tl_cli_usage (error, "import FILE.ics [--calendar NAME]");
  file = g_file_new_for_commandline_arg (cli->argv[0]);
  ical = dex_await_pointer (tl_calendar_file_read (file), error);
  calendar = ical ? find_calendar (cli, cli->calendar, TRUE, error) : 0;
  if (calendar == 0)
    return FALSE;
  for (guint i = 0; i < ical->refused->len; i++)
    tl_terminal_say (stderr, "%s\n", (const char *)ical->refused->pdata[i]);
  if (!tl_calendar_files_keep (cli->replica, ical, &why))
    tl_terminal_say (stderr, "%s\n", why->message);
  taken = dex_await_boxed (tl_action_import (cli->replica, calendar, NULL, ical->events), error);
  if (taken == NULL)
    return FALSE;
  count = g_strv_length (taken);
  tl_terminal_say (stderr, ngettext ("%d event taken.\n", "%d events taken.\n", count), (int)count);
  return count == 0 || tl_cli_leave_now (cli, error);
}

gboolean
tl_cli_export (TlCli *cli, GError **error)
{
  const char *name = cli->argc > 0 ? cli->argv[0] : NULL;
  gint64 calendar = name ? find_calendar (cli, name, FALSE, error) : 0;
  g_autoptr (TlMedia) media = NULL;
  g_autoptr (GBytes) text = NULL;
  TlCalendarWish wish = { cli->replica, NULL, cli->account->key, calendar, 0, "Tideline" };

  if (name && calendar == 0)
    return FALSE;
  /* What the app keeps is not this process's to remove. */
  wish.media = media = tl_media_new (cli->account->dir, cli->remote, G_MAXUINT64);
  wish.name = name ? name : wish.name;
  text = dex_await_boxed (tl_calendar_text (&wish), error);
  if (text)
    fwrite (g_bytes_get_data (text, NULL), 1, g_bytes_get_size (text), stdout);
  return text != NULL;
}
