/* calendar-side.h: what the calendar brings into the sidebar: a small month, and the calendars. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_CALENDAR_SIDE (tl_calendar_side_get_type ())
G_DECLARE_FINAL_TYPE (TlCalendarSide, tl_calendar_side, TL, CALENDAR_SIDE, AdwBin)

/* Property: day (int64, see days.h): the one looked at. */
void tl_calendar_side_set_up (TlCalendarSide *self, const TlSession *session);
