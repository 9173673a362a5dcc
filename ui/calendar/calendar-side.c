/* calendar-side.c: a month whose days are marked by an agenda of the month it shows. Main thread. */
#include "ui/calendar/calendar-side.h"

#include "sync/models/agenda.h"
#include "ui/calendar/calendars-list.h"
#include "ui/calendar/days.h"
#include "ui/calendar/month-picker.h"
#include "ui/calendar/week-style.h"
#include "ui/places-title.h"

#include <glib/gi18n-lib.h>

struct _TlCalendarSide {
  AdwBin parent;
  GtkBox *box;
  TlMonthPicker *month;

  TlReplica *replica;
  TlAgenda *agenda; /* of the month shown */
  gint64 day;
};

enum { PROP_DAY = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlCalendarSide, tl_calendar_side, ADW_TYPE_BIN)

/* --- the month ----------------------------------------------------------------------------------- */

static void
mark_days (TlCalendarSide *self)
{
  guint n;
  gint64 first = tl_month_picker_first (self->month, &n);
  guint32 days = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->agenda)); i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);
    gint64 last = MIN (tl_day_of (MAX (item->end - 1, item->start)), first + n - 1);

    for (gint64 day = MAX (tl_day_of (item->start), first); day <= last; day++)
      days |= 1u << (day - first);
  }
  tl_month_picker_mark (self->month, days);
}

static void
month_changed (TlCalendarSide *self)
{
  guint n;
  gint64 first = tl_month_picker_first (self->month, &n);

  if (self->agenda)
    tl_agenda_ask (self->agenda, tl_day_start (first), tl_day_start (first + n));
}

static void
set_day (TlCalendarSide *self, gint64 day)
{
  if (self->day == day)
    return;
  self->day = day;
  tl_month_picker_set_day (self->month, day);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DAY]);
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
  self->month = TL_MONTH_PICKER (tl_month_picker_new ());
  self->day = tl_day_today ();
  gtk_box_append (self->box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (self->box, GTK_WIDGET (self->month));
  gtk_box_append (self->box,
                  tl_places_title_new (_ ("Calendars"), _ ("New Calendar…"), "side.new-calendar"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), scroller);
  g_signal_connect_swapped (self->month, "picked", G_CALLBACK (set_day), self);
  g_signal_connect_swapped (self->month, "month", G_CALLBACK (month_changed), self);
}

static void
week_style_changed (TlCalendarSide *self)
{
  tl_month_picker_refresh (self->month);
}

void
tl_calendar_side_set_up (TlCalendarSide *self, const TlSession *session)
{
  gint64 me = session->account->key;

  self->replica = g_object_ref (session->replica);
  self->agenda = tl_agenda_new (session->replica, me);
  tl_week_style_follow (session, self, G_CALLBACK (week_style_changed));
  tl_month_picker_refresh (self->month);
  g_signal_connect_object (self->agenda, "items-changed", G_CALLBACK (mark_days), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (self->box, tl_calendars_list_new (session->replica, session->media, me));
  month_changed (self);
}
