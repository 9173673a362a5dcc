/* month-private.h: what month-view.c (days, keys, pointer) and month-draw.c share. */
#pragma once

#include "ui/calendar/month-view.h"

#define TL_MONTH_HEAD 28 /* the names of the days */

struct _TlMonthView {
  GtkWidget parent;
  TlAgenda *agenda;
  gint64 first, cursor;
  guint weeks;
  int month;
  GArray *places; /* of TlMonthPlace: what was drawn where, for the pointer */
};

typedef struct {
  GdkRectangle area;
  guint position; /* in the agenda; G_MAXUINT: "+2 more" */
  gint64 day;
} TlMonthPlace;

/* The column at its side for the numbers of weeks, 0 when they are not wanted. */
double tl_month_gutter (void);
gint64 tl_month_last_day (const TlOccurrenceItem *item);
void tl_month_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
