/* month-draw.c: the month drawn by hand, because it is up to 42 cells with bars across them. Main thread. */
#include "ui/calendar/month-private.h"

#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/days.h"
#include "ui/calendar/paint.h"
#include "ui/words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define DATE 30  /* the line of the day's number */
#define SHORT 70 /* a day's width on a telephone */
#define LANE 22
#define RADIUS 6
#define GUTTER 32
#define MOST_LANES 24

double
tl_month_gutter (void)
{
  return tl_day_has_week_numbers () ? GUTTER : 0;
}

/* --- lanes --------------------------------------------------------------------------------------- */

typedef struct {
  guint position;
  gint64 first, last; /* days */
  int lane;           /* -1: no room */
} Slot;

gint64
tl_month_last_day (const TlOccurrenceItem *item)
{
  return tl_day_of (MAX (item->end - 1, item->start));
}

static gboolean
is_bar (const TlOccurrenceItem *item)
{
  return item->is_all_day || tl_month_last_day (item) > tl_day_of (item->start);
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
    Slot slot = { i, MAX (tl_day_of (item->start), first),
                  MIN (tl_month_last_day (item), first + 6), -1 };

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
  double left, width, height; /* of a cell; left of the first */
  gboolean is_rtl;
} Paint;

static double
column_x (const Paint *paint, int column)
{
  return paint->left + (paint->is_rtl ? 6 - column : column) * paint->width;
}

static void
remember (TlMonthView *self, double x, double y, double width, guint position, gint64 day)
{
  TlMonthPlace place = { { (int)x, (int)y, (int)width, LANE - 2 }, position, day };

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
  if (column > 0 || tl_day_has_week_numbers ())
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

/* A week's number is that of its Thursday (ISO 8601). */
static void
draw_number (const Paint *paint, gint64 first, double top)
{
  g_autofree char *number = g_strdup_printf ("%d", tl_day_week_number (first + 3));
  double x = paint->is_rtl ? paint->width * 7 : 0;
  GdkRGBA faint = paint->ink;

  faint.alpha = 0.55f;
  gtk_snapshot_append_color (
      paint->snapshot, &paint->line,
      &GRAPHENE_RECT_INIT ((float)x, (float)top, (float)tl_month_gutter (), 1));
  tl_paint_text (GTK_WIDGET (paint->self), paint->snapshot, number, x + 8, top + 8,
                 tl_month_gutter () - 8, 0, faint, 0.78, PANGO_WEIGHT_NORMAL);
}

static void
draw_week (const Paint *paint, guint week)
{
  TlMonthView *self = paint->self;
  gint64 first = self->first + week * 7;
  double top = TL_MONTH_HEAD + week * paint->height;
  int lanes = CLAMP ((int)((paint->height - DATE - 4) / LANE), 1, MOST_LANES);
  g_autoptr (GArray) slots = NULL;
  gboolean has_more = FALSE;

  for (int column = 0; column < 7; column++)
    draw_day (paint, first + column, column, top);
  if (tl_day_has_week_numbers ())
    draw_number (paint, first, top);
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

void
tl_month_snapshot (GtkWidget *widget, GtkSnapshot *snap)
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
  paint.width = (gtk_widget_get_width (widget) - tl_month_gutter ()) / 7;
  paint.left = paint.is_rtl ? 0 : tl_month_gutter ();
  paint.height = (gtk_widget_get_height (widget) - TL_MONTH_HEAD) / (double)self->weeks;
  for (int column = 0; column < 7; column++) {
    g_autofree char *name = tl_day_format (self->first + column, "%a");
    tl_paint_text (GTK_WIDGET (self), snap, name, column_x (&paint, column) + 9, 6,
                   paint.width - 12, 0, faint, 0.85, PANGO_WEIGHT_SEMIBOLD);
  }
  for (guint week = 0; week < self->weeks; week++)
    draw_week (&paint, week);
}
