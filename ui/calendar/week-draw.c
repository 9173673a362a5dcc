/* week-draw.c: the head (dates, and bars of what lasts days) and the grid (hours and blocks). Blocks that overlap stand in
 * columns, each a little wider than its column. Remembers what was drawn where. */
#include "ui/calendar/week-private.h"

#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/days.h"
#include "ui/calendar/paint.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

#define MOST_BARS 6
#define SHORTEST 20  /* pixels of a block */
#define OVERLAP 1.28 /* columns overlap by this */

/* --- geometry ------------------------------------------------------------------------------------ */

double
tl_week_day_width (TlWeekPart *self)
{
  return (gtk_widget_get_width (GTK_WIDGET (self)) - GUTTER) / (double)self->view->days;
}

double
tl_week_day_x (TlWeekPart *self, int column)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  return rtl ? ((int)self->view->days - 1 - column) * tl_week_day_width (self)
             : GUTTER + column * tl_week_day_width (self);
}

int
tl_week_column_at (TlWeekPart *self, double x)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int column = (int)((rtl ? x : x - GUTTER) / tl_week_day_width (self));

  column = CLAMP (column, 0, (int)self->view->days - 1);
  return rtl ? (int)self->view->days - 1 - column : column;
}

gboolean
tl_week_is_bar (const TlOccurrenceItem *item)
{
  return item->is_all_day || item->end - item->start >= 24 * 3600 * G_GINT64_CONSTANT (1000);
}

/* Minutes of the day that an item fills there; FALSE when it is not there. */
gboolean
tl_week_minutes_on (const TlOccurrenceItem *item, gint64 day, int *from, int *to)
{
  gint64 start = tl_day_start (day), end = tl_day_start (day + 1);

  if (item->start >= end || (item->end <= start && item->start < start))
    return FALSE;
  *from = item->start < start ? 0 : tl_clock_minutes (item->start);
  *to = item->end >= end ? 24 * 60 : tl_clock_minutes (item->end);
  return TRUE;
}

static void
rule (GtkSnapshot *snapshot, double x, double y, double width, double height, GdkRGBA ink,
      float alpha)
{
  ink.alpha = alpha;
  gtk_snapshot_append_color (snapshot, &ink,
                             &GRAPHENE_RECT_INIT ((float)x, (float)y, (float)width, (float)height));
}

static void
remember (TlWeekPart *self, double x, double y, double width, double height, guint position)
{
  Place place = { { (int)x, (int)y, (int)width, (int)height }, position };

  g_array_append_val (self->places, place);
}

const char *
tl_week_title_of (const TlOccurrenceItem *item)
{
  return item->title && *item->title ? item->title : _ ("No title");
}

/* --- the head ------------------------------------------------------------------------------------ */

guint
tl_week_n_items (TlWeekView *view)
{
  return view->agenda ? g_list_model_get_n_items (G_LIST_MODEL (view->agenda)) : 0;
}

guint
tl_week_bar_lines (TlWeekView *view)
{
  guint most = 0;

  for (guint day = 0; day < view->days; day++) {
    guint bars = 0;

    for (guint i = 0; i < tl_week_n_items (view); i++) {
      g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (view->agenda), i);
      bars += tl_week_is_bar (item) && tl_day_of (item->start) <= view->first + day &&
              tl_day_of (item->end - 1) >= view->first + day;
    }
    most = MAX (most, bars);
  }
  return MIN (most, MOST_BARS);
}

static void
draw_bar (TlWeekPart *self, GtkSnapshot *snapshot, const TlOccurrenceItem *item, guint position,
          guint32 *taken)
{
  TlWeekView *view = self->view;
  int from = (int)MAX (tl_day_of (item->start) - view->first, 0);
  int to = (int)MIN (tl_day_of (item->end - 1) - view->first, (gint64)view->days - 1);
  TlCalendarPaint paint = tl_calendar_paint (item->color);
  gboolean faint = item->is_unanswered || item->is_tentative;
  guint32 used = 0;
  int lane = 0;
  double x, y, width;

  if (from > to)
    return;
  for (int day = from; day <= to; day++)
    used |= taken[day];
  while (lane < MOST_BARS && used & (1u << lane))
    lane++;
  if (lane == MOST_BARS)
    return;
  for (int day = from; day <= to; day++)
    taken[day] |= 1u << lane;
  x = MIN (tl_week_day_x (self, from), tl_week_day_x (self, to)) + 2;
  y = DATE_LINE + lane * BAR;
  width = (to - from + 1) * tl_week_day_width (self) - 4;
  tl_paint_fill (snapshot, x, y, width, BAR - 2, 6, faint ? paint.tint : paint.solid);
  if (faint)
    tl_paint_outline (snapshot, x, y, width, BAR - 2, paint.text);
  tl_paint_text (GTK_WIDGET (self), snapshot, tl_week_title_of (item), x + 7, y + 2, width - 12, 0,
                 faint ? paint.text : (GdkRGBA){ 1, 1, 1, 1 }, 0.84, PANGO_WEIGHT_SEMIBOLD);
  remember (self, x, y, width, BAR - 2, position);
}

void
tl_week_draw_head (TlWeekPart *self, GtkSnapshot *snapshot)
{
  TlWeekView *view = self->view;
  guint32 taken[7] = { 0 };
  GdkRGBA ink;

  gtk_widget_get_color (GTK_WIDGET (self), &ink);
  for (guint i = 0; i < view->days; i++) {
    gint64 day = view->first + i;
    gboolean today = day == tl_day_today ();
    g_autofree char *name = tl_day_format (day, "%a");
    g_autofree char *date = tl_day_format (day, "%-d");
    GdkRGBA color = ink;
    double x = tl_week_day_x (self, (int)i);

    color.alpha = 0.65f;
    tl_paint_text (GTK_WIDGET (self), snapshot, name, x + 6, 9, 40, 0, color, 0.85,
                   PANGO_WEIGHT_SEMIBOLD);
    color.alpha = 1;
    if (today) {
      g_autoptr (GdkRGBA) accent =
          adw_style_manager_get_accent_color_rgba (adw_style_manager_get_default ());
      tl_paint_fill (snapshot, x + 42, 5, 24, 24, 12, *accent);
      color = (GdkRGBA){ 1, 1, 1, 1 };
    }
    tl_paint_text (GTK_WIDGET (self), snapshot, date, x + (strlen (date) == 1 ? 50 : 46), 8, 30, 0,
                   color, 0.92, PANGO_WEIGHT_BOLD);
  }
  for (guint i = 0; i < tl_week_n_items (view); i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (view->agenda), i);
    if (tl_week_is_bar (item))
      draw_bar (self, snapshot, item, i, taken);
  }
}

/* --- the grid ------------------------------------------------------------------------------------ */

typedef struct {
  guint position;
  int from, to, column, columns;
} Block;

/* Blocks that touch each other share the width; the first free column is taken. */
static void
set_columns (GArray *blocks)
{
  guint start = 0;

  while (start < blocks->len) {
    guint end = start;
    int latest = 0, columns = 0;
    int ends[16] = { 0 };

    do {
      Block *block = &g_array_index (blocks, Block, end);
      int column = 0;

      while (column < 15 && column < columns && ends[column] > block->from)
        column++;
      block->column = column;
      columns = MAX (columns, column + 1);
      ends[column] = MAX (block->to, block->from + 25);
      latest = MAX (latest, ends[column]);
      end++;
    } while (end < blocks->len && g_array_index (blocks, Block, end).from < latest);
    for (; start < end; start++)
      g_array_index (blocks, Block, start).columns = columns;
  }
}

static int
compare_blocks (gconstpointer a, gconstpointer b)
{
  const Block *one = a, *other = b;

  return one->from != other->from ? one->from - other->from : other->to - one->to;
}

static GArray *
blocks_of (TlWeekView *view, gint64 day)
{
  GArray *blocks = g_array_new (FALSE, TRUE, sizeof (Block));

  for (guint i = 0; i < tl_week_n_items (view); i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (view->agenda), i);
    Block block = { .position = i };

    if (!tl_week_is_bar (item) && tl_week_minutes_on (item, day, &block.from, &block.to))
      g_array_append_val (blocks, block);
  }
  g_array_sort (blocks, compare_blocks);
  set_columns (blocks);
  return blocks;
}

static void
draw_block (TlWeekPart *self, GtkSnapshot *snapshot, const TlOccurrenceItem *item, double x,
            double y, double width, double height)
{
  TlCalendarPaint paint = tl_calendar_paint (item->color);
  g_autofree char *clock = tl_words_clock (item->start);
  gboolean has_clock = height >= 38;
  GdkRGBA ground;

  gtk_widget_get_color (GTK_WIDGET (self), &ground);
  tl_paint_fill (snapshot, x, y, width, height, 6, paint.tint);
  tl_paint_fill (snapshot, x, y, 3, height, 1.5, paint.text);
  tl_paint_outline (snapshot, x, y, width, height,
                    item->is_unanswered || item->is_tentative ? paint.text : paint.tint);
  tl_paint_text (GTK_WIDGET (self), snapshot, tl_week_title_of (item), x + 9, y + 2, width - 12,
                 MAX (height - (has_clock ? 22 : 4), 16), paint.text, 0.84, PANGO_WEIGHT_SEMIBOLD);
  if (has_clock)
    tl_paint_text (GTK_WIDGET (self), snapshot, clock, x + 9, y + height - 18, width - 12, 0,
                   paint.text, 0.76, PANGO_WEIGHT_NORMAL);
}

static void
draw_blocks (TlWeekPart *self, GtkSnapshot *snapshot, guint column)
{
  TlWeekView *view = self->view;
  g_autoptr (GArray) blocks = blocks_of (view, view->first + column);
  double left = tl_week_day_x (self, (int)column) + 2, all = tl_week_day_width (self) - 6;

  for (guint i = 0; i < blocks->len; i++) {
    const Block *block = &g_array_index (blocks, Block, i);
    g_autoptr (TlOccurrenceItem) item =
        g_list_model_get_item (G_LIST_MODEL (view->agenda), block->position);
    double part = all / block->columns;
    double width = block->column + 1 < block->columns ? part * OVERLAP : part;
    double y = block->from * HOUR / 60.0;
    double height = MAX ((block->to - block->from) * HOUR / 60.0 - 1, SHORTEST);

    if (item == view->dragged && view->is_dragging)
      continue;
    draw_block (self, snapshot, item, left + block->column * part, y, width, height);
    remember (self, left + block->column * part, y, width, height, block->position);
  }
}

static void
draw_hours (TlWeekPart *self, GtkSnapshot *snapshot, GdkRGBA ink)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  for (int hour = 1; hour < 24; hour++) {
    g_autofree char *text = g_strdup_printf ("%02d:00", hour);
    GdkRGBA faint = ink;

    faint.alpha = 0.55f;
    rule (snapshot, rtl ? 0 : GUTTER, hour * HOUR, width - GUTTER, 1, ink, 0.1f);
    tl_paint_text (GTK_WIDGET (self), snapshot, text, rtl ? width - GUTTER + 10 : 12,
                   hour * HOUR - 8, GUTTER - 14, 0, faint, 0.8, PANGO_WEIGHT_NORMAL);
  }
  for (guint column = 0; column < self->view->days; column++) {
    gint64 day = self->view->first + column;

    rule (snapshot, tl_week_day_x (self, (int)column), 0, 1, 24 * HOUR, ink, 0.12f);
    if (tl_day_weekday (day) >= 6)
      rule (snapshot, tl_week_day_x (self, (int)column), 0, tl_week_day_width (self), 24 * HOUR,
            ink, 0.025f);
  }
}

static void
draw_now (TlWeekPart *self, GtkSnapshot *snapshot)
{
  TlWeekView *view = self->view;
  gint64 column = tl_day_today () - view->first;
  double y = tl_clock_minutes (g_get_real_time () / 1000) * HOUR / 60.0;
  GdkRGBA red = { 0.88f, 0.11f, 0.14f, 1 };

  if (column < 0 || column >= view->days)
    return;
  red.alpha = 0.25f;
  tl_paint_fill (snapshot, GUTTER, y, gtk_widget_get_width (GTK_WIDGET (self)) - GUTTER, 1, 0, red);
  red.alpha = 1;
  tl_paint_fill (snapshot, tl_week_day_x (self, (int)column), y - 0.5, tl_week_day_width (self), 2,
                 1, red);
  tl_paint_fill (snapshot, tl_week_day_x (self, (int)column) - 4, y - 4, 9, 9, 4.5, red);
}

static void
draw_drag (TlWeekPart *self, GtkSnapshot *snapshot, GdkRGBA ink)
{
  TlWeekView *view = self->view;
  int column = (int)(view->drag_day - view->first);
  TlCalendarPaint paint = tl_calendar_paint (view->dragged ? view->dragged->color : "blue");
  g_autofree char *from =
      g_strdup_printf ("%02d:%02d – %02d:%02d", view->drag_from / 60, view->drag_from % 60,
                       view->drag_to / 60 % 24, view->drag_to % 60);
  double y = view->drag_from * HOUR / 60.0;
  double height = MAX ((view->drag_to - view->drag_from) * HOUR / 60.0, SHORTEST);
  double x = tl_week_day_x (self, column) + 2, width = tl_week_day_width (self) - 6;

  tl_paint_fill (snapshot, x, y, width, height, 6, paint.solid);
  tl_paint_text (GTK_WIDGET (self), snapshot, from, x + 8, y + 2, width - 12, 0,
                 (GdkRGBA){ 1, 1, 1, 1 }, 0.84, PANGO_WEIGHT_SEMIBOLD);
}

void
tl_week_draw_grid (TlWeekPart *self, GtkSnapshot *snapshot)
{
  TlWeekView *view = self->view;
  GdkRGBA ink;

  gtk_widget_get_color (GTK_WIDGET (self), &ink);
  draw_hours (self, snapshot, ink);
  for (guint column = 0; column < view->days; column++)
    draw_blocks (self, snapshot, column);
  if (view->is_dragging)
    draw_drag (self, snapshot, ink);
  draw_now (self, snapshot);
  if (gtk_widget_has_visible_focus (GTK_WIDGET (self))) {
    g_autoptr (GdkRGBA) accent =
        adw_style_manager_get_accent_color_rgba (adw_style_manager_get_default ());
    tl_paint_outline (snapshot, tl_week_day_x (self, (int)(view->cursor - view->first)) + 1,
                      view->cursor_minutes * HOUR / 60.0, tl_week_day_width (self) - 2, HOUR,
                      *accent);
  }
}
