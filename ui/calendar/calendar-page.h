/* calendar-page.h: the calendar: month, week or agenda, and the way between days. */
#pragma once

#include "sync/models/agenda.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_CALENDAR_PAGE (tl_calendar_page_get_type ())
G_DECLARE_FINAL_TYPE (TlCalendarPage, tl_calendar_page, TL, CALENDAR_PAGE, AdwBin)

/* Properties: narrow (boolean): one day, and the agenda instead of the month; day (int64, see days.h): the one looked
 * at. */
void tl_calendar_page_set_session (TlCalendarPage *self, const TlSession *session);
/* "month", "week", "agenda". FALSE for another word. */
gboolean tl_calendar_page_set_view (TlCalendarPage *self, const char *view);
const char *tl_calendar_page_view (TlCalendarPage *self);
/* A day as "2026-11-23"; NULL: today. */
void tl_calendar_page_show_date (TlCalendarPage *self, const char *date);
/* What is shown, of all views. */
TlAgenda *tl_calendar_page_agenda (TlCalendarPage *self);
void tl_calendar_page_new_event (TlCalendarPage *self);
void tl_calendar_page_open_event (TlCalendarPage *self, gint64 event);
/* Shows what a file has, to be imported. */
void tl_calendar_page_import (TlCalendarPage *self, GFile *file);
