/* month-view.h: the weeks around a month as a grid: bars for what lasts days, lines for what has a time. One focus stop:
 * the arrow keys move by day and week, Enter opens, N begins something new. */
#pragma once

#include "sync/models/agenda.h"

#include <gtk/gtk.h>

#define TL_TYPE_MONTH_VIEW (tl_month_view_get_type ())
G_DECLARE_FINAL_TYPE (TlMonthView, tl_month_view, TL, MONTH_VIEW, GtkWidget)

/* Signals: open (TlOccurrenceItem *, GdkRectangle *where); new (gint64 day); day (gint64): shown more of; moved (gint64):
 * the day that the cursor came to. */
void tl_month_view_set_agenda (TlMonthView *self, TlAgenda *agenda);
/* Shows its month, the cursor on it. */
void tl_month_view_show (TlMonthView *self, gint64 day);
/* Where the number of a day is that is in view. */
GdkRectangle tl_month_view_place (TlMonthView *self, gint64 day);
/* The days in view: [first, first + n). */
void tl_month_view_range (TlMonthView *self, gint64 *first, guint *n);
