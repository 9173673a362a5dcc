/* week-private.h: what week-view.c (keys, pointer, what is looked at) and week-draw.c (the two drawn parts) share. */
#pragma once

#include "ui/calendar/week-view.h"

#define HOUR 46 /* pixels */
#define GUTTER 56
#define DATE_LINE 34
#define BAR 22
#define STEP 15 /* minutes that a drag snaps to */

#define TL_TYPE_WEEK_PART (tl_week_part_get_type ())
G_DECLARE_FINAL_TYPE (TlWeekPart, tl_week_part, TL, WEEK_PART, GtkWidget)

struct _TlWeekView {
  AdwBin parent;
  TlAgenda *agenda;
  TlWeekPart *head, *grid;
  GtkScrolledWindow *scroller;
  gint64 first, cursor; /* days */
  guint days;
  int cursor_minutes;
  guint timer;

  /* what is being dragged */
  TlOccurrenceItem *dragged; /* NULL: a new one */
  gboolean is_dragging, is_stretching;
  gint64 drag_day;
  int drag_from, drag_to, grab; /* minutes */
};

struct _TlWeekPart {
  GtkWidget parent;
  TlWeekView *view; /* its owner */
  gboolean is_head;
  GArray *places; /* of Place: what was drawn where */
};

typedef struct {
  GdkRectangle area;
  guint position;
} Place;

/* Where a day's column begins, and how wide it is. */
double tl_week_day_width (TlWeekPart *self);
double tl_week_day_x (TlWeekPart *self, int column);
int tl_week_column_at (TlWeekPart *self, double x);
/* Does it stand above the hours? */
gboolean tl_week_is_bar (const TlOccurrenceItem *item);
/* Minutes of the day that an item fills there; FALSE when it is not there. */
gboolean tl_week_minutes_on (const TlOccurrenceItem *item, gint64 day, int *from, int *to);
guint tl_week_n_items (TlWeekView *view);
const char *tl_week_title_of (const TlOccurrenceItem *item);
guint tl_week_bar_lines (TlWeekView *view);

void tl_week_draw_head (TlWeekPart *self, GtkSnapshot *snapshot);
void tl_week_draw_grid (TlWeekPart *self, GtkSnapshot *snapshot);
