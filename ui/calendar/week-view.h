/* week-view.h: days side by side by the hour, what lasts days above them. Drag to plan, to move and to stretch; the same by
 * keys: arrows move the cursor, Alt with them moves the event under it, Shift and Alt stretches it. */
#pragma once

#include "sync/models/agenda.h"

#include <adwaita.h>

#define TL_TYPE_WEEK_VIEW (tl_week_view_get_type ())
G_DECLARE_FINAL_TYPE (TlWeekView, tl_week_view, TL, WEEK_VIEW, AdwBin)

/* Signals: open (TlOccurrenceItem *, GdkRectangle *where); new (gint64 day, int from, int to minutes);
 * move (TlOccurrenceItem *, gint64 day, int from, int to minutes): a person wants it there; moved (gint64 day): the
 * cursor. */
void tl_week_view_set_agenda (TlWeekView *self, TlAgenda *agenda);
/* The week (or the one day) of `day`. */
void tl_week_view_show (TlWeekView *self, gint64 day);
void tl_week_view_range (TlWeekView *self, gint64 *first, guint *n);
/* 7 or 1. */
void tl_week_view_set_days (TlWeekView *self, guint days);
/* To where the day begins, or where something is now. */
void tl_week_view_scroll_to_now (TlWeekView *self);
