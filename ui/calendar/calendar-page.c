/* calendar-page.c: one day is looked at; the view around it says which stretch the agenda is asked for. Main thread. */
#include "ui/calendar/calendar-page.h"

#include "sync/actions-calendar.h"
#include "sync/models/agenda.h"
#include "ui/calendar/agenda-view.h"
#include "ui/calendar/calendar-files.h"
#include "ui/calendar/calendars-list.h"
#include "ui/calendar/days.h"
#include "ui/calendar/event-dialog.h"
#include "ui/calendar/event-popover.h"
#include "ui/calendar/month-view.h"
#include "ui/calendar/week-style.h"
#include "ui/calendar/week-view.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#define AGENDA_DAYS 60

struct _TlCalendarPage {
  AdwBin parent;
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkLabel *title_large;
  AdwBin *views_below;
  AdwToggleGroup *views;
  GtkStack *stack;
  TlMonthView *month;
  TlWeekView *week;
  TlAgendaView *agenda_view;

  TlReplica *replica;
  TlMedia *media;
  gint64 me, day, wanted_event;
  TlPreferences *preferences;
  TlAgenda *agenda;
  gboolean is_narrow, was_scrolled;
};

enum { PROP_NARROW = 1, PROP_DAY, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlCalendarPage, tl_calendar_page, ADW_TYPE_BIN)

/* --- what is looked at --------------------------------------------------------------------------- */

const char *
tl_calendar_page_view (TlCalendarPage *self)
{
  return adw_toggle_group_get_active_name (self->views);
}

static gboolean
is_view (TlCalendarPage *self, const char *view)
{
  return g_strcmp0 (tl_calendar_page_view (self), view) == 0;
}

static void
range (TlCalendarPage *self, gint64 *first, guint *n)
{
  if (is_view (self, "month")) {
    tl_month_view_range (self->month, first, n);
  } else if (is_view (self, "week")) {
    tl_week_view_range (self->week, first, n);
  } else {
    *first = self->day;
    *n = AGENDA_DAYS;
  }
}

/* `is_short`: as much as a telephone has room for. */
static char *
title_words (TlCalendarPage *self, gboolean is_short)
{
  gint64 first;
  guint n;
  g_autofree char *from = NULL, *to = NULL;

  if (is_view (self, "month"))
    return tl_day_format (self->day, is_short ? _ ("%b %Y") : _ ("%B %Y"));
  range (self, &first, &n);
  if (n == 1)
    return tl_day_format (first, is_short ? _ ("%a %-d %b") : _ ("%A %-d %B"));
  from = tl_day_format (first, _ ("%-d %b"));
  to = tl_day_format (first + n - 1, _ ("%-d %b %Y"));
  return is_short ? g_steal_pointer (&from) : g_strdup_printf ("%s – %s", from, to);
}

static char *
subtitle_words (TlCalendarPage *self)
{
  gint64 first;
  guint n;

  range (self, &first, &n);
  return is_view (self, "week") ? g_strdup_printf (_ ("Week %d"), tl_day_week_number (first + 3))
                                : g_strdup ("");
}

static void
show (TlCalendarPage *self, gint64 day)
{
  g_autofree char *title = NULL, *short_title = NULL, *subtitle = NULL;
  gint64 first;
  guint n;

  if (self->day != day) {
    self->day = day;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DAY]);
  }
  tl_month_view_show (self->month, day);
  tl_week_view_show (self->week, day);
  range (self, &first, &n);
  tl_agenda_ask (self->agenda, tl_day_start (first), tl_day_start (first + n));
  title = title_words (self, FALSE);
  short_title = title_words (self, TRUE);
  subtitle = subtitle_words (self);
  gtk_label_set_label (self->title_large, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_large), *subtitle ? subtitle : NULL);
  adw_window_title_set_title (self->title, short_title);
  adw_window_title_set_subtitle (self->title, subtitle);
}

static void
view_changed (TlCalendarPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, tl_calendar_page_view (self));
  if (self->agenda == NULL)
    return;
  show (self, self->day);
  if (is_view (self, "week") && !self->was_scrolled) {
    self->was_scrolled = TRUE;
    tl_week_view_scroll_to_now (self->week);
  }
}

gboolean
tl_calendar_page_set_view (TlCalendarPage *self, const char *view)
{
  static const char *const views[] = { "month", "week", "agenda", NULL };

  if (!g_strv_contains (views, view))
    return FALSE;
  adw_toggle_group_set_active_name (self->views, view);
  return TRUE;
}

void
tl_calendar_page_show_date (TlCalendarPage *self, const char *date)
{
  int year, month, day;

  if (date == NULL || *date == '\0')
    show (self, tl_day_today ());
  else if (sscanf (date, "%4d-%2d-%2d", &year, &month, &day) == 3 &&
           g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    show (self, tl_day_from_date (year, month, day));
}

TlAgenda *
tl_calendar_page_agenda (TlCalendarPage *self)
{
  return self->agenda;
}

/* --- moving -------------------------------------------------------------------------------------- */

static void
go (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (widget);
  int step = g_variant_get_int32 (parameter);
  gint64 first;
  guint n;

  range (self, &first, &n);
  show (self, is_view (self, "month") ? tl_day_add_months (self->day, step)
                                      : self->day + step * (is_view (self, "week") ? (int)n : 30));
}

static void
go_today (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (widget);

  show (self, tl_day_today ());
  tl_week_view_scroll_to_now (self->week);
}

static void
cursor_moved (TlCalendarPage *self, gint64 day)
{
  show (self, day);
}

static void
day_wanted (TlCalendarPage *self, gint64 day)
{
  tl_calendar_page_set_view (self, "agenda");
  show (self, day);
}

/* --- events -------------------------------------------------------------------------------------- */

static void
present (TlCalendarPage *self, AdwDialog *dialog)
{
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

typedef struct {
  TlCalendarPage *self;
  TlOccurrenceItem *item;
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->self);
  g_object_unref (choice->item);
  g_free (choice);
}

static void
edit_extent (TlCalendarPage *self, TlOccurrenceItem *item, TlEventExtent extent)
{
  AdwDialog *dialog = tl_event_dialog_new_for (self->replica, self->me, item, extent);

  tl_event_dialog_set_media (dialog, self->media);
  present (self, dialog);
}

static void
which_chosen (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  Choice *choice = data;

  if (!g_str_equal (response, "cancel"))
    edit_extent (choice->self, choice->item,
                 g_str_equal (response, "this")        ? TL_EXTENT_THIS
                 : g_str_equal (response, "following") ? TL_EXTENT_FOLLOWING
                                                       : TL_EXTENT_ALL);
}

/* What repeats is edited here only, or everywhere. */
static void
edit (TlOccurrenceItem *item, gpointer data)
{
  TlCalendarPage *self = data;
  AdwDialog *dialog;
  Choice *choice;

  if (!item->is_recurring) {
    edit_extent (self, item, TL_EXTENT_ALL);
    return;
  }
  dialog = adw_alert_dialog_new (_ ("Edit Which?"), _ ("This event repeats."));
  choice = g_new (Choice, 1);
  *choice = (Choice){ g_object_ref (self), g_object_ref (item) };
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "this",
                                  _ ("_This Day Only"), "following", _ ("This and _Following"),
                                  "all", _ ("_All of Them"), NULL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (which_chosen), choice, choice_free, 0);
  present (self, dialog);
}

/* `where` in `part`, or all of it. The popover is the page's own, which lives as long as it does. */
static void
open_at (TlCalendarPage *self, TlOccurrenceItem *item, GtkWidget *part, const GdkRectangle *where)
{
  GtkPopover *popover =
      tl_event_popover_new (self->replica, self->media, self->me, item, edit, self);
  graphene_rect_t bounds;
  graphene_point_t corner;

  if (where && gtk_widget_compute_point (part, GTK_WIDGET (self),
                                         &GRAPHENE_POINT_INIT (where->x, where->y), &corner))
    graphene_rect_init (&bounds, corner.x, corner.y, where->width, where->height);
  else if (!gtk_widget_compute_bounds (part, GTK_WIDGET (self), &bounds))
    graphene_rect_init (&bounds, 0, 0, 1, 1);
  gtk_widget_set_parent (GTK_WIDGET (popover), GTK_WIDGET (self));
  gtk_popover_set_pointing_to (popover,
                               &(GdkRectangle){ (int)bounds.origin.x, (int)bounds.origin.y,
                                                (int)bounds.size.width, (int)bounds.size.height });
  gtk_popover_popup (popover);
}

static void
month_opened (TlCalendarPage *self, TlOccurrenceItem *item, GdkRectangle *where)
{
  open_at (self, item, GTK_WIDGET (self->month), where);
}

static void
week_opened (TlCalendarPage *self, TlOccurrenceItem *item, GtkWidget *part, GdkRectangle *where)
{
  open_at (self, item, part, where);
}

static void
agenda_opened (TlCalendarPage *self, TlOccurrenceItem *item, GtkWidget *row)
{
  open_at (self, item, row, NULL);
}

static AdwDialog *
new_dialog (TlCalendarPage *self, gint64 day, int minutes)
{
  AdwDialog *dialog = tl_event_dialog_new (self->replica, self->me, day, minutes, FALSE);
  gint64 before = tl_preferences_get (self->preferences)->reminder_minutes;

  tl_event_dialog_set_media (dialog, self->media);
  if (before != 0)
    tl_event_dialog_set_reminder (dialog, (int)before);
  return dialog;
}

static void
new_on (TlCalendarPage *self, gint64 day)
{
  present (self, new_dialog (self, day, -1));
}

static void
new_from_to (TlCalendarPage *self, gint64 day, int from, int to)
{
  present (self, new_dialog (self, day, from));
}

void
tl_calendar_page_new_event (TlCalendarPage *self)
{
  new_on (self, self->day);
}

static void
new_event (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_calendar_page_new_event (TL_CALENDAR_PAGE (widget));
}

static void
wanted_elsewhere (TlCalendarPage *self, TlOccurrenceItem *item, gint64 day, int from, int to)
{
  g_autofree char *local = tl_day_local (day, from), *home = tl_agenda_home_zone ();
  gint64 start;

  if (!tl_local_to_ms (local, home, &start))
    return;
  dex_future_disown (tl_action_move_instance (self->replica, item->key, item->id, start,
                                              start + (to - from) * G_GINT64_CONSTANT (60000)));
}

/* In the month at its day. */
static void
open_wanted (TlCalendarPage *self, TlOccurrenceItem *item)
{
  GdkRectangle middle = { gtk_widget_get_width (GTK_WIDGET (self)) / 2,
                          gtk_widget_get_height (GTK_WIDGET (self)) / 3, 1, 1 };
  GdkRectangle day = tl_month_view_place (self->month, tl_day_of (item->start));

  if (is_view (self, "month"))
    open_at (self, item, GTK_WIDGET (self->month), &day);
  else
    open_at (self, item, GTK_WIDGET (self), &middle);
}

/* Shows the event that is wanted once the agenda has it. */
static void
agenda_changed (TlCalendarPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->agenda));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self))) /* the window went meanwhile */
    return;
  for (guint i = 0; self->wanted_event != 0 && i < n; i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);

    if (item->key == self->wanted_event) {
      self->wanted_event = 0;
      open_wanted (self, item);
    }
  }
}

static DexFuture *
event_found (DexFuture *future, gpointer data)
{
  TlCalendarPage *self = data;
  const GValue *value = dex_future_get_value (future, NULL);
  TlCalendarEvent *event = value ? g_value_get_pointer (value) : NULL;
  gint64 ms;

  if (event == NULL)
    return NULL;
  if (tl_local_to_ms (event->start, event->time_zone, &ms)) {
    show (self, tl_day_of (ms));
    agenda_changed (self); /* it may be there already */
  }
  tl_record_free (&tl_calendar_event_type, event);
  return NULL;
}

void
tl_calendar_page_open_event (TlCalendarPage *self, gint64 event)
{
  self->wanted_event = event;
  dex_future_disown (dex_future_finally (tl_event_load (self->replica, event), event_found,
                                         g_object_ref (self), g_object_unref));
}

/* --- calendars --------------------------------------------------------------------------------------- */

static void
new_calendar (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_calendars_ask_new (TL_CALENDAR_PAGE (widget)->replica, widget);
}

void
tl_calendar_page_import (TlCalendarPage *self, GFile *file)
{
  tl_calendar_import (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), self->replica, self->me,
                      file);
}

static void
import (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (widget);

  tl_calendar_pick_and_import (GTK_WIDGET (gtk_widget_get_root (widget)), self->replica, self->me);
}

static void
export_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (widget);
  TlCalendarWish wish = { self->replica, self->media, self->me, 0, 0, "Tideline" };

  tl_calendar_export (GTK_WIDGET (gtk_widget_get_root (widget)), &wish);
}

static gboolean
dropped (TlCalendarPage *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  if (files == NULL)
    return FALSE;
  tl_calendar_page_import (self, files->data);
  return TRUE;
}

static void
take_drops (TlCalendarPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* --- making -------------------------------------------------------------------------------------- */

/* The views move below the title where both have no room. */
static void
set_narrow (TlCalendarPage *self, gboolean narrow)
{
  self->is_narrow = narrow;
  if (narrow) {
    adw_header_bar_set_title_widget (self->header, GTK_WIDGET (self->title));
    adw_bin_set_child (self->views_below, GTK_WIDGET (self->views));
  } else {
    adw_bin_set_child (self->views_below, NULL);
    adw_header_bar_set_title_widget (self->header, GTK_WIDGET (self->views));
  }
  tl_week_view_set_days (self->week, narrow ? 1 : 7);
  if (narrow && is_view (self, "month"))
    tl_calendar_page_set_view (self, "agenda");
  if (self->agenda)
    show (self, self->day);
}

static void
tl_calendar_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (object);

  if (id == PROP_NARROW)
    set_narrow (self, g_value_get_boolean (value));
  else if (g_value_get_int64 (value) != self->day)
    show (self, g_value_get_int64 (value));
}

static void
tl_calendar_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (object);

  if (id == PROP_NARROW)
    g_value_set_boolean (value, self->is_narrow);
  else
    g_value_set_int64 (value, self->day);
}

/* Of an event that was looked at when the window went. */
static void
drop_popovers (GtkWidget *self)
{
  GtkWidget *next;

  for (GtkWidget *child = gtk_widget_get_first_child (self); child; child = next) {
    next = gtk_widget_get_next_sibling (child);
    if (GTK_IS_POPOVER (child))
      gtk_widget_unparent (child);
  }
}

static void
tl_calendar_page_dispose (GObject *object)
{
  TlCalendarPage *self = TL_CALENDAR_PAGE (object);

  drop_popovers (GTK_WIDGET (self));
  if (self->agenda)
    g_signal_handlers_disconnect_by_data (self->agenda, self);
  g_clear_object (&self->preferences);
  g_clear_object (&self->agenda);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_CALENDAR_PAGE);
  G_OBJECT_CLASS (tl_calendar_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "calendar.go", "i", go);
  gtk_widget_class_install_action (widget_class, "calendar.today", NULL, go_today);
  gtk_widget_class_install_action (widget_class, "calendar.new", NULL, new_event);
  gtk_widget_class_install_action (widget_class, "calendar.import", NULL, import);
  gtk_widget_class_install_action (widget_class, "calendar.export-all", NULL, export_all);
  gtk_widget_class_install_action (widget_class, "calendar.new-calendar", NULL, new_calendar);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, 0, "calendar.new", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, 0, "calendar.today", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "calendar.go", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "calendar.go", "i", 1);
}

static void
tl_calendar_page_class_init (TlCalendarPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_calendar_page_set_property;
  object_class->get_property = tl_calendar_page_get_property;
  object_class->dispose = tl_calendar_page_dispose;
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DAY] =
      g_param_spec_int64 ("day", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (TL_TYPE_MONTH_VIEW);
  g_type_ensure (TL_TYPE_WEEK_VIEW);
  g_type_ensure (TL_TYPE_AGENDA_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/tideline/Tideline/ui/calendar/calendar-page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlCalendarPage, name)
  CHILD (header);
  CHILD (title);
  CHILD (title_large);
  CHILD (views_below);
  CHILD (views);
  CHILD (stack);
  CHILD (month);
  CHILD (week);
  CHILD (agenda_view);
#undef CHILD
  install_actions (widget_class);
}

static void
tl_calendar_page_init (TlCalendarPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->day = tl_day_today ();
  take_drops (self);
  g_signal_connect_swapped (self->views, "notify::active", G_CALLBACK (view_changed), self);
  g_signal_connect_swapped (self->month, "open", G_CALLBACK (month_opened), self);
  g_signal_connect_swapped (self->month, "new", G_CALLBACK (new_on), self);
  g_signal_connect_swapped (self->month, "day", G_CALLBACK (day_wanted), self);
  g_signal_connect_swapped (self->month, "moved", G_CALLBACK (cursor_moved), self);
  g_signal_connect_swapped (self->week, "open", G_CALLBACK (week_opened), self);
  g_signal_connect_swapped (self->week, "new", G_CALLBACK (new_from_to), self);
  g_signal_connect_swapped (self->week, "move", G_CALLBACK (wanted_elsewhere), self);
  g_signal_connect_swapped (self->week, "moved", G_CALLBACK (cursor_moved), self);
  g_signal_connect_swapped (self->agenda_view, "open", G_CALLBACK (agenda_opened), self);
}

static void
week_style_changed (TlCalendarPage *self)
{
  show (self, self->day);
}

void
tl_calendar_page_set_session (TlCalendarPage *self, const TlSession *session)
{
  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->me = session->account->key;
  self->preferences = g_object_ref (session->preferences);
  self->agenda = tl_agenda_new (session->replica, self->me);
  tl_month_view_set_agenda (self->month, self->agenda);
  tl_week_view_set_agenda (self->week, self->agenda);
  tl_agenda_view_set_agenda (self->agenda_view, self->agenda);
  g_signal_connect_object (self->agenda, "items-changed", G_CALLBACK (agenda_changed), self,
                           G_CONNECT_SWAPPED);
  tl_week_style_follow (session, self, G_CALLBACK (week_style_changed));
  view_changed (self);
}
