/* calendar-side.c: a GtkCalendar whose days are marked by an agenda of the month it shows. Main thread. */
#include "ui/calendar/calendar-side.h"

#include "sync/models/agenda.h"
#include "ui/calendar/calendars-list.h"
#include "ui/calendar/days.h"
#include "ui/calendar/month-picker.h"
#include "ui/places-title.h"

#include <glib/gi18n-lib.h>

struct _TlCalendarSide {
  AdwBin parent;
  GtkBox *box;
  GtkCalendar *month;

  TlReplica *replica;
  TlAgenda *agenda; /* of the month shown */
  gint64 day;
};

enum { PROP_DAY = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlCalendarSide, tl_calendar_side, ADW_TYPE_BIN)

/* --- the month ----------------------------------------------------------------------------------- */

static void
month_shown (TlCalendarSide *self, gint64 *first, guint *n)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (self->month);
  GDateYear year = (GDateYear)g_date_time_get_year (date);
  GDateMonth month = (GDateMonth)g_date_time_get_month (date);

  *first = tl_day_from_date (year, (int)month, 1);
  *n = g_date_get_days_in_month (month, year);
}

static void
mark_days (TlCalendarSide *self)
{
  gint64 first;
  guint n;

  month_shown (self, &first, &n);
  gtk_calendar_clear_marks (self->month);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->agenda)); i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);
    gint64 last = MIN (tl_day_of (MAX (item->end - 1, item->start)), first + n - 1);

    for (gint64 day = MAX (tl_day_of (item->start), first); day <= last; day++)
      gtk_calendar_mark_day (self->month, (guint)(day - first) + 1);
  }
}

static void
month_changed (TlCalendarSide *self)
{
  gint64 first;
  guint n;

  if (self->agenda == NULL)
    return;
  month_shown (self, &first, &n);
  gtk_calendar_clear_marks (self->month);
  tl_agenda_ask (self->agenda, tl_day_start (first), tl_day_start (first + n));
}

static void
set_day (TlCalendarSide *self, gint64 day)
{
  int year, month, date;
  g_autoptr (GDateTime) noon = NULL;

  if (self->day == day)
    return;
  self->day = day;
  tl_day_to_date (day, &year, &month, &date);
  noon = g_date_time_new_local (year, month, date, 12, 0, 0);
  gtk_calendar_select_day (self->month, noon);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DAY]);
}

static void
day_selected (TlCalendarSide *self)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (self->month);

  set_day (self, tl_day_from_date (g_date_time_get_year (date), g_date_time_get_month (date),
                                   g_date_time_get_day_of_month (date)));
}

/* --- making -------------------------------------------------------------------------------------- */

static void
new_calendar (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_calendars_ask_new (TL_CALENDAR_SIDE (widget)->replica, widget);
}

static void
tl_calendar_side_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  set_day (TL_CALENDAR_SIDE (object), g_value_get_int64 (value));
}

static void
tl_calendar_side_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int64 (value, TL_CALENDAR_SIDE (object)->day);
}

static void
tl_calendar_side_dispose (GObject *object)
{
  TlCalendarSide *self = TL_CALENDAR_SIDE (object);

  g_clear_object (&self->agenda);
  g_clear_object (&self->replica);
  G_OBJECT_CLASS (tl_calendar_side_parent_class)->dispose (object);
}

static void
tl_calendar_side_class_init (TlCalendarSideClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = tl_calendar_side_set_property;
  object_class->get_property = tl_calendar_side_get_property;
  object_class->dispose = tl_calendar_side_dispose;
  properties[PROP_DAY] =
      g_param_spec_int64 ("day", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (class), "side.new-calendar", NULL,
                                   new_calendar);
}

static void
tl_calendar_side_init (TlCalendarSide *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->month = GTK_CALENDAR (tl_month_picker_new ());
  self->day = tl_day_today ();
  gtk_widget_add_css_class (GTK_WIDGET (self->month), "mini-month");
  gtk_box_append (self->box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (self->box, GTK_WIDGET (self->month));
  gtk_box_append (self->box,
                  tl_places_title_new (_ ("Calendars"), _ ("New Calendar…"), "side.new-calendar"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), scroller);
  g_signal_connect_swapped (self->month, "day-selected", G_CALLBACK (day_selected), self);
  g_signal_connect_swapped (self->month, "notify::month", G_CALLBACK (month_changed), self);
  g_signal_connect_swapped (self->month, "notify::year", G_CALLBACK (month_changed), self);
}

void
tl_calendar_side_set_up (TlCalendarSide *self, TlReplica *replica, TlMedia *media, gint64 me)
{
  self->replica = g_object_ref (replica);
  self->agenda = tl_agenda_new (replica, me);
  g_signal_connect_object (self->agenda, "items-changed", G_CALLBACK (mark_days), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (self->box, tl_calendars_list_new (replica, media, me));
  month_changed (self);
}
