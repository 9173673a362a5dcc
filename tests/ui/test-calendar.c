/* test-calendar.c: month, week and agenda as one sees them; events made, edited and removed. The server is not there: all
 * of it waits in the outbox and shows at once. */
#include "tests/ui/desk.h"

#include "sync/actions-calendar.h"
#include "sync/models/agenda.h"
#include "sync/wire/event-files.h"
#include "ui/calendar/calendar-page.h"
#include "ui/calendar/clock-text.h"
#include "ui/calendar/days.h"
#include "ui/calendar/event-dialog.h"
#include "ui/calendar/month-picker.h"

#include <string.h>

static gint64
await_key (Desk *desk, DexFuture *future)
{
  g_autoptr (DexFuture) own = future;
  g_autoptr (GError) error = NULL;
  const GValue *value;

  while (dex_future_is_pending (own))
    g_main_context_iteration (NULL, TRUE);
  value = dex_future_get_value (own, &error);
  g_assert_no_error (error);
  return g_value_get_int64 (value);
}

/* Today at noon, daily for a week. */
static gint64
add_event (Desk *desk)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) later = g_date_time_add_days (now, 6);
  g_autofree char *start = g_date_time_format (now, "%Y-%m-%dT12:00:00");
  g_autofree char *until = g_date_time_format (later, "%Y-%m-%dT23:59:00");
  g_autofree char *home = tl_agenda_home_zone ();
  TlEventSketch sketch = {
    .calendar = await_key (desk, tl_action_new_calendar (desk->session->replica, "Home", "teal")),
    .title = "Autumn haul-out",
    .location = "The slip",
    .start = start,
    .duration = "PT2H",
    .time_zone = home,
    .repeat = TL_REPEAT_DAILY,
    .until = until,
    .reminder = TL_NO_REMINDER,
  };

  return await_key (desk, tl_action_new_event (desk->session->replica, &sketch));
}

static gboolean
has_editor (Desk *desk, gconstpointer what)
{
  AdwDialog *dialog =
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (desk->window));

  return (dialog != NULL) == GPOINTER_TO_INT (what);
}

static void
test_views (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  gint64 event;

  desk_open (desk);
  event = add_event (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_CALENDAR);
  for (guint i = 0; i < 2; i++) {
    static const char *const views[] = { "month", "week" };

    tl_main_view_show_calendar (desk->view, views[i], NULL);
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  tl_main_view_show_calendar (desk->view, "agenda", NULL);
  DESK_AWAIT (desk_shows, "Autumn haul-out");
  tl_main_view_open_event (desk->view, event);
  DESK_AWAIT (desk_shows, "The slip");
  desk_close (desk);
}

static void
test_new (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  add_event (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_CALENDAR);
  tl_main_view_new_event (desk->view);
  DESK_AWAIT (has_editor, GINT_TO_POINTER (TRUE));
  adw_dialog_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (desk->window)));
  DESK_AWAIT (has_editor, GINT_TO_POINTER (FALSE));
  desk_close (desk);
}

static void
test_narrow (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open_at (desk, 360);
  add_event (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_CALENDAR);
  DESK_AWAIT (desk_shows, "Autumn haul-out");
  DESK_AWAIT (desk_has_width, GINT_TO_POINTER (360));
  tl_main_view_show_calendar (desk->view, "week", NULL);
  DESK_AWAIT (desk_has_width, GINT_TO_POINTER (360));
  desk_close (desk);
}

static AdwDialog *
dialog_of (Desk *desk)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (desk->window));
}

static gboolean
is_import_button (GtkWidget *widget, gconstpointer what)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_is_sensitive (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "_Import") == 0;
}

static GtkWidget *
import_button (Desk *desk)
{
  AdwDialog *dialog = dialog_of (desk);

  return dialog ? desk_find (GTK_WIDGET (dialog), is_import_button, NULL) : NULL;
}

static gboolean
may_import (Desk *desk, gconstpointer what)
{
  return import_button (desk) != NULL;
}

/* Once it is known which calendars there are. */
static void
import (Desk *desk)
{
  DESK_AWAIT (may_import, NULL);
  g_signal_emit_by_name (import_button (desk), "clicked");
}

/* Two events of today, and one that is none. */
static GFile *
write_calendar (Desk *desk)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *day = g_date_time_format (now, "%Y%m%d");
  g_autofree char *text =
      g_strdup_printf ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nX-WR-CALNAME:Regatta\r\n"
                       "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:%"
                       "sT120000Z\r\nSUMMARY:First heat\r\nEND:VEVENT\r\n"
                       "BEGIN:VEVENT\r\nUID:two\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:%"
                       "sT130000Z\r\nSUMMARY:Second heat\r\nEND:VEVENT\r\n"
                       "BEGIN:VEVENT\r\nUID:three\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:"
                       "tomorrow\r\nSUMMARY:Never\r\nEND:VEVENT\r\n"
                       "END:VCALENDAR\r\n",
                       day, day);
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "Regatta.ics", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static guint
count_events (Desk *desk)
{
  g_autoptr (DexFuture) future = tl_events_load (desk->session->replica, 0);
  const GValue *value;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  value = dex_future_get_value (future, NULL);
  return ((GPtrArray *)g_value_get_pointer (value))->len;
}

static void
test_import (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  g_autoptr (GFile) file = NULL;

  desk_open (desk);
  file = write_calendar (desk);
  tl_main_view_import_calendar (desk->view, file);
  DESK_AWAIT (desk_shows, "2 events");
  DESK_AWAIT (desk_shows, "1 part of the file was not understood");
  import (desk);
  DESK_AWAIT (desk_shows, "2 events imported");
  tl_main_view_show_calendar (desk->view, "agenda", NULL);
  DESK_AWAIT (desk_shows, "First heat");
  DESK_AWAIT (desk_shows, "Second heat");
  g_assert_cmpuint (count_events (desk), ==, 2);
  DESK_AWAIT (has_editor, GINT_TO_POINTER (FALSE));
  tl_main_view_import_calendar (desk->view, file);
  import (desk);
  DESK_AWAIT (desk_shows, "All of these events were there already");
  g_assert_cmpuint (count_events (desk), ==, 2);
  desk_close (desk);
}

static gboolean
is_undo (GtkWidget *widget, gconstpointer what)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Undo") == 0;
}

static gboolean
has_events (Desk *desk, gconstpointer n)
{
  return count_events (desk) == GPOINTER_TO_UINT (n);
}

static void
test_undo (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  g_autoptr (GFile) file = NULL;

  desk_open (desk);
  file = write_calendar (desk);
  tl_main_view_import_calendar (desk->view, file);
  import (desk);
  DESK_AWAIT (desk_shows, "2 events imported");
  DESK_AWAIT (has_events, GUINT_TO_POINTER (2));
  g_signal_emit_by_name (desk_find (GTK_WIDGET (desk->window), is_undo, NULL), "clicked");
  DESK_AWAIT (has_events, GUINT_TO_POINTER (0));
  DESK_AWAIT (desk_shows_not, "Regatta");
  desk_close (desk);
}

/* A file that is on an event already is shown, and stays when the event is changed. */
static gboolean
has_tooltip (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0;
}

static void
test_files (gconstpointer data)
{
  static const char links[] = "{\"w\":{\"@type\":\"Link\",\"href\":\"https://example.org/\"}}";
  static const char files[] =
      "[{\"blobId\":\"b1\",\"name\":\"chart.txt\",\"type\":\"text/plain\",\"size\":12}]";
  Desk *desk = (Desk *)data;
  g_autofree char *both = tl_event_files_put (links, files);
  g_autofree char *again = tl_event_files_of (both);
  g_autofree char *home = tl_agenda_home_zone ();
  TlEventSketch sketch = { .title = "Haul-out",
                           .start = "2026-11-23T12:00:00",
                           .duration = "PT2H",
                           .time_zone = home,
                           .links = both,
                           .reminder = TL_NO_REMINDER };
  gint64 event;

  g_assert_nonnull (strstr (both, "https://example.org/"));
  g_assert_nonnull (strstr (again, "chart.txt"));
  desk_open (desk);
  sketch.calendar =
      await_key (desk, tl_action_new_calendar (desk->session->replica, "Home", "teal"));
  event = await_key (desk, tl_action_new_event (desk->session->replica, &sketch));
  tl_main_view_open_event (desk->view, event);
  DESK_AWAIT (desk_shows, "chart.txt");
  g_assert_nonnull (desk_find (GTK_WIDGET (desk->window), has_tooltip, "Open “chart.txt”"));
  g_assert_nonnull (desk_find (GTK_WIDGET (desk->window), has_tooltip, "Save “chart.txt”"));
  desk_close (desk);
}

/* Those of all days are shown where one day is edited, and stay as they are. */
static void
test_files_of_a_day (gconstpointer data)
{
  static const char files[] =
      "[{\"blobId\":\"b1\",\"name\":\"chart.txt\",\"type\":\"text/plain\",\"size\":12}]";
  Desk *desk = (Desk *)data;
  g_autofree char *links = tl_event_files_put (NULL, files);
  g_autoptr (TlOccurrenceItem) day = g_object_new (TL_TYPE_OCCURRENCE_ITEM, NULL);
  TlEventSketch sketch = { .title = "Haul-out",
                           .start = "2026-11-23T12:00:00",
                           .duration = "PT2H",
                           .repeat = TL_REPEAT_DAILY,
                           .links = links,
                           .reminder = TL_NO_REMINDER };
  AdwDialog *dialog;

  desk_open (desk);
  day->calendar_key = sketch.calendar =
      await_key (desk, tl_action_new_calendar (desk->session->replica, "Home", "teal"));
  day->key = await_key (desk, tl_action_new_event (desk->session->replica, &sketch));
  day->id = g_strdup ("2026-11-24T12:00:00");
  day->is_recurring = TRUE;
  dialog =
      tl_event_dialog_new_for (desk->session->replica, desk->account->key, day, TL_EXTENT_THIS);
  tl_event_dialog_set_media (dialog, desk->session->media);
  adw_dialog_present (dialog, GTK_WIDGET (desk->window));
  DESK_AWAIT (desk_shows, "Every day of the event has them");
  DESK_AWAIT (desk_shows, "chart.txt");
  g_assert_null (desk_find (GTK_WIDGET (dialog), has_tooltip, "Add a File"));
  adw_dialog_close (dialog);
  desk_close (desk);
}

/* The first of a class in the small month. */
static gboolean
is_weekday (GtkWidget *widget, gconstpointer what)
{
  return gtk_widget_has_css_class (widget, what);
}

static GtkWidget *
in_small_month (Desk *desk, const char *class)
{
  GtkWidget *month =
      desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (TL_TYPE_MONTH_PICKER));

  return month ? desk_find (month, is_weekday, class) : NULL;
}

static gboolean
week_begins_on (Desk *desk, gconstpointer name)
{
  GtkWidget *label = in_small_month (desk, "weekday");

  return label && g_str_equal (gtk_label_get_label (GTK_LABEL (label)), name);
}

static gboolean
has_numbers (Desk *desk, gconstpointer wanted)
{
  return (in_small_month (desk, "week-number") != NULL) == GPOINTER_TO_INT (wanted);
}

static void
test_weeks (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  gint64 me;

  desk_open (desk);
  me = desk->account->key;
  tl_main_view_open_place (desk->view, TL_PLACE_CALENDAR);
  DESK_AWAIT (has_numbers, GINT_TO_POINTER (FALSE));
  for (guint i = 0; i < 2; i++) {
    static const char *const names[] = { "Sat", "Mon" };
    static const int days[] = { 6, 1 };

    dex_future_disown (tl_action_week_start (desk->session->replica, me, days[i]));
    DESK_AWAIT (week_begins_on, names[i]);
  }
  g_object_set (desk->session->device, "week-numbers", 1, NULL);
  DESK_AWAIT (has_numbers, GINT_TO_POINTER (TRUE));
  g_object_set (desk->session->device, "week-numbers", 0, NULL);
  desk_close (desk);
}

static void
press (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
    gboolean is_done;

    if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
      g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &is_done);
  }
}

static void
take_day (gint64 *picked, gint64 day)
{
  *picked = day;
}

static void
test_picker (gconstpointer data)
{
  GtkWidget *month = g_object_ref_sink (tl_month_picker_new ());
  GtkWidget *grid = gtk_widget_get_last_child (gtk_widget_get_first_child (month));
  gint64 picked = 0;
  guint n;

  g_signal_connect_swapped (month, "picked", G_CALLBACK (take_day), &picked);
  tl_month_picker_set_day (TL_MONTH_PICKER (month), tl_day_from_date (2027, 1, 31));
  press (grid, GDK_KEY_Page_Down);
  g_assert_cmpint (tl_month_picker_first (TL_MONTH_PICKER (month), &n), ==,
                   tl_day_from_date (2027, 2, 1));
  g_assert_cmpuint (n, ==, 28);
  g_assert_cmpint (picked, ==, 0);
  press (grid, GDK_KEY_Right);
  press (grid, GDK_KEY_Down);
  press (grid, GDK_KEY_Return);
  g_assert_cmpint (picked, ==, tl_day_from_date (2027, 3, 8));
  g_object_unref (month);
}

static void
test_no_calendar (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  g_autoptr (GFile) file = g_file_new_for_path ("/dev/null");

  desk_open (desk);
  tl_main_view_import_calendar (desk->view, file);
  DESK_AWAIT (desk_shows, "This Calendar Cannot Be Read");
  desk_close (desk);
}

static void
test_times (void)
{
  static const struct {
    const char *text;
    int minutes;
  } cases[] = {
    { "9", 540 },     { "9:30", 570 }, { " 09.30 ", 570 }, { "0930", 570 },
    { "1830", 1110 }, { "0:00", 0 },   { "23:59", 1439 },  { "24:00", -1 },
    { "9:60", -1 },   { "-1", -1 },    { "930:10", -1 },   { "9-30", -1 },
    { "9:3x", -1 },   { "noon", -1 },  { "", -1 },         { "9999999999", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("\"%s\"", cases[i].text);
    g_assert_cmpint (tl_clock_text_parse (cases[i].text), ==, cases[i].minutes);
    if (cases[i].minutes >= 0) {
      g_autofree char *text = tl_clock_text_format (cases[i].minutes);

      g_assert_cmpint (tl_clock_text_parse (text), ==, cases[i].minutes);
    }
  }
}

static void
add_tests (Desk *desk)
{
  g_test_add_func ("/calendar/times-are-read-as-people-write-them", test_times);
  g_test_add_data_func ("/calendar/month-week-and-agenda-show-what-happens", desk, test_views);
  g_test_add_data_func ("/calendar/a-new-event-is-written-in-a-dialog", desk, test_new);
  g_test_add_data_func ("/calendar/a-file-is-imported-once", desk, test_import);
  g_test_add_data_func ("/calendar/an-import-is-undone-whole", desk, test_undo);
  g_test_add_data_func ("/calendar/files-come-with-an-event", desk, test_files);
  g_test_add_data_func ("/calendar/one-day-shows-the-files-of-all", desk, test_files_of_a_day);
  g_test_add_data_func ("/calendar/weeks-begin-everywhere-as-one-wants", desk, test_weeks);
  g_test_add_data_func ("/calendar/a-day-is-picked-by-keys", desk, test_picker);
  g_test_add_data_func ("/calendar/what-is-no-calendar-says-so", desk, test_no_calendar);
  g_test_add_data_func ("/calendar/fits-a-phone", desk, test_narrow);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
