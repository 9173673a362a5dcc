/* days.h: local days as numbers (since 1970-01-01), and their midnights as ms: so that a view counts in days and draws
 * by the clock. */
#pragma once

#include <glib.h>

gint64 tl_day_of (gint64 ms);
gint64 tl_day_today (void);
/* The midnight that begins it, here. */
gint64 tl_day_start (gint64 day);
/* 1 Monday … 7 Sunday. */
int tl_day_weekday (gint64 day);
gint64 tl_day_from_date (int year, int month, int date);
void tl_day_to_date (gint64 day, int *year, int *month, int *date);
/* The same date so many months on, or the last one there. */
gint64 tl_day_add_months (gint64 day, int months);
/* The first day of the week that `day` lies in; `first`: 1 Monday … 7 Sunday. */
gint64 tl_day_week_start (gint64 day, int first);
/* As the locale has it: 1 Monday or 7 Sunday (6 Saturday). */
int tl_day_first_of_week (void);
/* As a person wants it instead; 0: as the locale has it. Main thread. */
void tl_day_set_first_of_week (int day);
/* Are weeks to have their numbers beside them? Main thread. */
gboolean tl_day_has_week_numbers (void);
void tl_day_set_week_numbers (gboolean has);
/* As g_date_time_format(). */
char *tl_day_format (gint64 day, const char *format);
/* ISO 8601. */
int tl_day_week_number (gint64 day);
/* "2026-11-23T12:30:00" of a day and minutes after its midnight by the clock. */
char *tl_day_local (gint64 day, int minutes);
/* Minutes of the clock since midnight. */
int tl_clock_minutes (gint64 ms);
