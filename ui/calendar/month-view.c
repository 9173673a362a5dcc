/* month-view.c: which days a month shows, and what keys and the pointer do there; drawn by month-draw.c. Main thread. */
#include "ui/calendar/month-private.h"

#include "ui/calendar/days.h"
#include "ui/words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

enum { OPEN, NEW, DAY, MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlMonthView, tl_month_view, GTK_TYPE_WIDGET)

/* --- size and days ------------------------------------------------------------------------------- */

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
         int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 300;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 900 : 640;
}

/* --- the cursor ---------------------------------------------------------------------------------- */

static void
say (TlMonthView *self)
{
  g_autofree char *day = tl_day_format (self->cursor, "%A %-d %B");
  g_autoptr (GString) sentence = g_string_new (day);
  guint n = self->agenda ? g_list_model_get_n_items (G_LIST_MODEL (self->agenda)) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);
    g_autofree char *clock = tl_words_clock (item->start);

    if (tl_day_of (item->start) > self->cursor || tl_month_last_day (item) < self->cursor)
      continue;
    g_string_append_printf (sentence, ", %s %s", item->is_all_day ? _ ("all day") : clock,
                            item->title ? item->title : "");
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence->str, -1);
}

static void
set_month_of (TlMonthView *self, gint64 day)
{
  int year, month, date, following_year, following;
  gint64 first = 0, last = 0;

  tl_day_to_date (day, &year, &month, &date);
  following = month == 12 ? 1 : month + 1;
  following_year = month == 12 ? year + 1 : year;
  first = tl_day_from_date (year, month, 1);
  last = tl_day_from_date (following_year, following, 1) - 1;
  self->month = month;
  self->first = tl_day_week_start (first, tl_day_first_of_week ());
  self->weeks = (guint)((last - self->first) / 7 + 1);
}

void
tl_month_view_show (TlMonthView *self, gint64 day)
{
  self->cursor = day;
  set_month_of (self, day);
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tl_month_view_range (TlMonthView *self, gint64 *first, guint *n)
{
  *first = self->first;
  *n = self->weeks * 7;
}

static gboolean
key_move (GtkWidget *widget, GVariant *days, gpointer data)
{
  TlMonthView *self = TL_MONTH_VIEW (widget);
  int step = g_variant_get_int32 (days);

  if (ABS (step) == 1 && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  tl_month_view_show (self, self->cursor + step);
  g_signal_emit (self, signals[MOVED], 0, self->cursor);
  return TRUE;
}

static gboolean
key_open (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMonthView *self = TL_MONTH_VIEW (widget);

  for (guint i = 0; i < self->places->len; i++) {
    const TlMonthPlace *place = &g_array_index (self->places, TlMonthPlace, i);

    if (place->day == self->cursor && place->position != G_MAXUINT) {
      g_autoptr (TlOccurrenceItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->agenda), place->position);
      g_signal_emit (self, signals[OPEN], 0, item, &place->area);
      return TRUE;
    }
  }
  g_signal_emit (self, signals[NEW], 0, self->cursor);
  return TRUE;
}

static gboolean
key_new (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMonthView *self = TL_MONTH_VIEW (widget);

  g_signal_emit (self, signals[NEW], 0, self->cursor);
  return TRUE;
}

/* --- the pointer --------------------------------------------------------------------------------- */

GdkRectangle
tl_month_view_place (TlMonthView *self, gint64 day)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double width = (gtk_widget_get_width (GTK_WIDGET (self)) - tl_month_gutter ()) / 7;
  double height = (gtk_widget_get_height (GTK_WIDGET (self)) - TL_MONTH_HEAD) / (double)self->weeks;
  int index = CLAMP ((int)(day - self->first), 0, (int)self->weeks * 7 - 1);
  int column = is_rtl ? 6 - index % 7 : index % 7;

  return (GdkRectangle){ (int)((is_rtl ? 0 : tl_month_gutter ()) + column * width),
                         (int)(TL_MONTH_HEAD + index / 7 * height), (int)width, TL_MONTH_HEAD };
}

static gint64
day_at (TlMonthView *self, double x, double y)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double width = (gtk_widget_get_width (GTK_WIDGET (self)) - tl_month_gutter ()) / 7;
  double height = (gtk_widget_get_height (GTK_WIDGET (self)) - TL_MONTH_HEAD) / (double)self->weeks;
  int column = CLAMP ((int)((x - (is_rtl ? 0 : tl_month_gutter ())) / MAX (1, width)), 0, 6);
  int week = CLAMP ((int)((y - TL_MONTH_HEAD) / MAX (1, height)), 0, (int)self->weeks - 1);

  return self->first + week * 7 + (is_rtl ? 6 - column : column);
}

static void
pressed (TlMonthView *self, int presses, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  for (guint i = self->places->len; i > 0; i--) {
    const TlMonthPlace *place = &g_array_index (self->places, TlMonthPlace, i - 1);

    if (!gdk_rectangle_contains_point (&place->area, (int)x, (int)y))
      continue;
    if (place->position == G_MAXUINT) {
      g_signal_emit (self, signals[DAY], 0, place->day);
    } else {
      g_autoptr (TlOccurrenceItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->agenda), place->position);
      GdkRectangle area = place->area;
      g_signal_emit (self, signals[OPEN], 0, item, &area);
    }
    return;
  }
  self->cursor = day_at (self, x, y);
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (presses == 2)
    g_signal_emit (self, signals[NEW], 0, self->cursor);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
agenda_changed (TlMonthView *self)
{
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tl_month_view_set_agenda (TlMonthView *self, TlAgenda *agenda)
{
  g_set_object (&self->agenda, agenda);
  g_signal_connect_object (agenda, "items-changed", G_CALLBACK (agenda_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
tl_month_view_dispose (GObject *object)
{
  g_clear_object (&TL_MONTH_VIEW (object)->agenda);
  G_OBJECT_CLASS (tl_month_view_parent_class)->dispose (object);
}

static void
tl_month_view_finalize (GObject *object)
{
  g_array_unref (TL_MONTH_VIEW (object)->places);
  G_OBJECT_CLASS (tl_month_view_parent_class)->finalize (object);
}

static void
tl_month_view_class_init (TlMonthViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_month_view_dispose;
  G_OBJECT_CLASS (class)->finalize = tl_month_view_finalize;
  widget_class->snapshot = tl_month_snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  gtk_widget_class_set_css_name (widget_class, "month");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, key_move, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, key_move, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, key_move, "i", -7);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, key_move, "i", 7);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, key_open, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_n, 0, key_new, NULL);
  signals[OPEN] = g_signal_new ("open", TL_TYPE_MONTH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, TL_TYPE_OCCURRENCE_ITEM, GDK_TYPE_RECTANGLE);
  signals[NEW] = g_signal_new ("new", TL_TYPE_MONTH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[DAY] = g_signal_new ("day", TL_TYPE_MONTH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[MOVED] = g_signal_new ("moved", TL_TYPE_MONTH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_month_view_init (TlMonthView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->places = g_array_new (FALSE, FALSE, sizeof (TlMonthPlace));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  tl_month_view_show (self, tl_day_today ());
}
