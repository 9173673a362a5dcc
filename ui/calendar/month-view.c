/* month-view.c: drawn by hand, because a month is up to 42 cells with bars across them. `places` remembers what was
 * drawn where, for the pointer. Main thread. */
#include "ui/calendar/month-view.h"

#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/days.h"
#include "ui/calendar/paint.h"
#include "ui/words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define HEAD 28
#define DATE 30  /* the line of the day's number */
#define SHORT 70 /* a day's width on a telephone */
#define LANE 22
#define RADIUS 6
#define MOST_LANES 24

struct _TlMonthView {
  GtkWidget parent;
  TlAgenda *agenda;
  gint64 first, cursor;
  guint weeks;
  int month;
  GArray *places; /* of Place */
};

typedef struct {
  GdkRectangle area;
  guint position; /* in the agenda; G_MAXUINT: "+2 more" */
  gint64 day;
} Place;

enum { OPEN, NEW, DAY, MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlMonthView, tl_month_view, GTK_TYPE_WIDGET)

/* --- lanes --------------------------------------------------------------------------------------- */

typedef struct {
  guint position;
  gint64 first, last; /* days */
  int lane;           /* -1: no room */
} Slot;

static gint64
last_day (const TlOccurrenceItem *item)
{
  return tl_day_of (MAX (item->end - 1, item->start));
}

static gboolean
is_bar (const TlOccurrenceItem *item)
{
  return item->is_all_day || last_day (item) > tl_day_of (item->start);
}

/* Longest first, then by time: what spans days keeps one lane through the week. */
static int
compare_slots (gconstpointer a, gconstpointer b)
{
  const Slot *one = a, *other = b;
  gint64 length = (other->last - other->first) - (one->last - one->first);

  if (length != 0)
    return length > 0 ? 1 : -1;
  return one->position < other->position ? -1 : one->position > other->position;
}

static GArray *
slots_of_week (TlMonthView *self, gint64 first, int lanes)
{
  GArray *slots = g_array_new (FALSE, FALSE, sizeof (Slot));
  guint32 taken[7] = { 0 }; /* bits of lanes, by day */
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->agenda));

  for (guint i = 0; i < n; i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);
    Slot slot = { i, MAX (tl_day_of (item->start), first), MIN (last_day (item), first + 6), -1 };

    if (slot.first <= slot.last && slot.first < first + 7 && slot.last >= first)
      g_array_append_val (slots, slot);
  }
  g_array_sort (slots, compare_slots);
  for (guint i = 0; i < slots->len; i++) {
    Slot *slot = &g_array_index (slots, Slot, i);
    guint32 used = 0;

    for (gint64 day = slot->first; day <= slot->last; day++)
      used |= taken[day - first];
    for (int lane = 0; lane < lanes && slot->lane < 0; lane++)
      if (!(used & (1u << lane)))
        slot->lane = lane;
    for (gint64 day = slot->first; slot->lane >= 0 && day <= slot->last; day++)
      taken[day - first] |= 1u << slot->lane;
  }
  return slots;
}

/* --- drawing ------------------------------------------------------------------------------------- */

typedef struct {
  TlMonthView *self;
  GtkSnapshot *snapshot;
  GdkRGBA ink, line;
  double width, height; /* of a cell */
  gboolean is_rtl;
} Paint;

static double
column_x (const Paint *paint, int column)
{
  return (paint->is_rtl ? 6 - column : column) * paint->width;
}

static void
remember (TlMonthView *self, double x, double y, double width, guint position, gint64 day)
{
  Place place = { { (int)x, (int)y, (int)width, LANE - 2 }, position, day };

  g_array_append_val (self->places, place);
}

static void
draw_bar (const Paint *paint, const Slot *slot, TlOccurrenceItem *item, double x, double y,
          double width)
{
  TlCalendarPaint colors = tl_calendar_paint (item->color);
  gboolean is_faint = item->is_unanswered || item->is_tentative;

  tl_paint_fill (paint->snapshot, x, y, width, LANE - 2, RADIUS,
                 is_faint ? colors.tint : colors.solid);
  if (is_faint)
    tl_paint_outline (paint->snapshot, x, y, width, LANE - 2, colors.text);
  tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot,
                 item->title && *item->title ? item->title : _ ("No title"), x + 7, y + 2,
                 width - 12, 0, is_faint ? colors.text : (GdkRGBA){ 1, 1, 1, 1 }, 0.84,
                 PANGO_WEIGHT_SEMIBOLD);
}

/* On a telephone: a stripe and what fits of the title. */
static void
draw_short_line (const Paint *paint, TlOccurrenceItem *item, double x, double y, double width)
{
  TlCalendarPaint colors = tl_calendar_paint (item->color);

  tl_paint_fill (paint->snapshot, paint->is_rtl ? x + width - 3 : x, y + 3, 3, LANE - 7, 1.5,
                 colors.text);
  tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot,
                 item->title && *item->title ? item->title : _ ("No title"),
                 paint->is_rtl ? x : x + 5, y + 3, width - 5, 0, paint->ink, 0.7,
                 item->is_unanswered || item->is_tentative ? PANGO_WEIGHT_LIGHT
                                                           : PANGO_WEIGHT_NORMAL);
}

static void
draw_line (const Paint *paint, TlOccurrenceItem *item, double x, double y, double width)
{
  TlCalendarPaint colors = tl_calendar_paint (item->color);
  g_autofree char *clock = tl_words_clock (item->start);
  double room = width > 110 ? 40 : 0;
  GdkRGBA faint = paint->ink;

  faint.alpha = 0.6f;
  if (item->is_unanswered || item->is_tentative)
    tl_paint_outline (paint->snapshot, x, y, width, LANE - 2, colors.text);
  tl_paint_fill (paint->snapshot, paint->is_rtl ? x + width - 13 : x + 6, y + 6, 7, 7, 3.5,
                 colors.text);
  tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot,
                 item->title && *item->title ? item->title : _ ("No title"),
                 paint->is_rtl ? x + room + 4 : x + 18, y + 2, width - 22 - room, 0, paint->ink,
                 0.84, item->is_cancelled ? PANGO_WEIGHT_LIGHT : PANGO_WEIGHT_NORMAL);
  if (room > 0)
    tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot, clock,
                   paint->is_rtl ? x + 4 : x + width - room + 2, y + 3, room, 0, faint, 0.78,
                   PANGO_WEIGHT_NORMAL);
}

static void
draw_slot (const Paint *paint, const Slot *slot, gint64 first, double top)
{
  TlMonthView *self = paint->self;
  g_autoptr (TlOccurrenceItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->agenda), slot->position);
  int from = (int)(slot->first - first), to = (int)(slot->last - first);
  double x = column_x (paint, paint->is_rtl ? to : from) + 3;
  double width = (to - from + 1) * paint->width - 6;
  double y = top + DATE + slot->lane * LANE;

  if (is_bar (item))
    draw_bar (paint, slot, item, x, y, width);
  else if (width < SHORT)
    draw_short_line (paint, item, x, y, width);
  else
    draw_line (paint, item, x, y, width);
  remember (self, x, y, width, slot->position, slot->first);
}

static void
draw_more (const Paint *paint, GArray *slots, gint64 first, double top, int lanes)
{
  for (int column = 0; column < 7; column++) {
    guint hidden = 0;
    double x = column_x (paint, column), y = top + DATE + lanes * LANE;
    g_autofree char *text = NULL;
    GdkRGBA faint = paint->ink;

    for (guint i = 0; i < slots->len; i++) {
      const Slot *slot = &g_array_index (slots, Slot, i);
      hidden += slot->lane < 0 && slot->first <= first + column && slot->last >= first + column;
    }
    if (hidden == 0)
      continue;
    faint.alpha = 0.75f;
    /* Translators: more events of a day than there is room for */
    text = g_strdup_printf (ngettext ("+%u more", "+%u more", hidden), hidden);
    tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot, text, x + 9, y + 1, paint->width - 14,
                   0, faint, 0.8, PANGO_WEIGHT_SEMIBOLD);
    remember (paint->self, x, y, paint->width, G_MAXUINT, first + column);
  }
}

static void
draw_day (const Paint *paint, gint64 day, int column, double top)
{
  TlMonthView *self = paint->self;
  double x = column_x (paint, column);
  int year, month, date;
  g_autofree char *number = NULL;
  gboolean is_today = day == tl_day_today ();
  GdkRGBA ink = paint->ink, weekend = paint->ink;

  tl_day_to_date (day, &year, &month, &date);
  weekend.alpha = 0.025f;
  if (tl_day_weekday (day) >= 6)
    gtk_snapshot_append_color (
        paint->snapshot, &weekend,
        &GRAPHENE_RECT_INIT ((float)x, (float)top, (float)paint->width, (float)paint->height));
  gtk_snapshot_append_color (paint->snapshot, &paint->line,
                             &GRAPHENE_RECT_INIT ((float)x, (float)top, (float)paint->width, 1));
  if (column > 0)
    gtk_snapshot_append_color (
        paint->snapshot, &paint->line,
        &GRAPHENE_RECT_INIT ((float)(paint->is_rtl ? x + paint->width - 1 : x), (float)top, 1,
                             (float)paint->height));
  if (is_today) {
    AdwStyleManager *style = adw_style_manager_get_default ();
    g_autoptr (GdkRGBA) accent = adw_style_manager_get_accent_color_rgba (style);

    tl_paint_fill (paint->snapshot, x + 5, top + 4, 24, 24, 12, *accent);
    ink = (GdkRGBA){ 1, 1, 1, 1 };
  }
  ink.alpha = month == self->month || is_today ? 1 : 0.45f;
  number = g_strdup_printf ("%d", date);
  tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot, number, x + (date < 10 ? 13 : 9),
                 top + 7, 30, 0, ink, 0.9, is_today ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_SEMIBOLD);
  if (day == self->cursor && gtk_widget_has_visible_focus (GTK_WIDGET (self))) {
    AdwStyleManager *style = adw_style_manager_get_default ();
    g_autoptr (GdkRGBA) accent = adw_style_manager_get_accent_color_rgba (style);

    tl_paint_outline (paint->snapshot, x + 1, top + 1, paint->width - 2, paint->height - 2,
                      *accent);
  }
}

static void
draw_week (const Paint *paint, guint week)
{
  TlMonthView *self = paint->self;
  gint64 first = self->first + week * 7;
  double top = HEAD + week * paint->height;
  int lanes = CLAMP ((int)((paint->height - DATE - 4) / LANE), 1, MOST_LANES);
  g_autoptr (GArray) slots = NULL;
  gboolean has_more = FALSE;

  for (int column = 0; column < 7; column++)
    draw_day (paint, first + column, column, top);
  if (self->agenda == NULL)
    return;
  slots = slots_of_week (self, first, lanes);
  for (guint i = 0; i < slots->len; i++)
    has_more |= g_array_index (slots, Slot, i).lane < 0;
  if (has_more && lanes > 1) { /* the last lane says how many more */
    g_array_unref (slots);
    slots = slots_of_week (self, first, --lanes);
  }
  for (guint i = 0; i < slots->len; i++)
    if (g_array_index (slots, Slot, i).lane >= 0)
      draw_slot (paint, &g_array_index (slots, Slot, i), first, top);
  draw_more (paint, slots, first, top, lanes);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snap)
{
  TlMonthView *self = TL_MONTH_VIEW (widget);
  Paint paint = { .self = self, .snapshot = snap };
  GdkRGBA faint;

  g_array_set_size (self->places, 0);
  gtk_widget_get_color (widget, &paint.ink);
  paint.line = paint.ink;
  paint.line.alpha = 0.13f;
  faint = paint.ink;
  faint.alpha = 0.6f;
  paint.is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  paint.width = gtk_widget_get_width (widget) / 7.0;
  paint.height = (gtk_widget_get_height (widget) - HEAD) / (double)self->weeks;
  for (int column = 0; column < 7; column++) {
    g_autofree char *name = tl_day_format (self->first + column, "%a");
    tl_paint_text (GTK_WIDGET (self), snap, name, column_x (&paint, column) + 9, 6,
                   paint.width - 12, 0, faint, 0.85, PANGO_WEIGHT_SEMIBOLD);
  }
  for (guint week = 0; week < self->weeks; week++)
    draw_week (&paint, week);
}

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

    if (tl_day_of (item->start) > self->cursor || last_day (item) < self->cursor)
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

static GdkRectangle
cell_of (TlMonthView *self, gint64 day)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) / 7.0;
  double height = (gtk_widget_get_height (GTK_WIDGET (self)) - HEAD) / (double)self->weeks;
  int index = (int)(day - self->first), column = index % 7;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    column = 6 - column;
  return (GdkRectangle){ (int)(column * width), (int)(HEAD + index / 7 * height), (int)width,
                         (int)height };
}

static gboolean
key_open (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMonthView *self = TL_MONTH_VIEW (widget);

  for (guint i = 0; i < self->places->len; i++) {
    const Place *place = &g_array_index (self->places, Place, i);

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

static gint64
day_at (TlMonthView *self, double x, double y)
{
  GdkRectangle cell = cell_of (self, self->first);
  int column = CLAMP ((int)(x / MAX (1, cell.width)), 0, 6);
  int week = CLAMP ((int)((y - HEAD) / MAX (1, cell.height)), 0, (int)self->weeks - 1);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    column = 6 - column;
  return self->first + week * 7 + column;
}

static void
pressed (TlMonthView *self, int presses, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  for (guint i = self->places->len; i > 0; i--) {
    const Place *place = &g_array_index (self->places, Place, i - 1);

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
  widget_class->snapshot = snapshot;
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

  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  tl_month_view_show (self, tl_day_today ());
}
