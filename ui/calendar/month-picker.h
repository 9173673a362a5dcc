/* month-picker.h: a month to pick a day of. The week begins as it does in the other views (days.h), with its number when
 * those are wanted. */
#pragma once

#include <adwaita.h>

#define TL_TYPE_MONTH_PICKER (tl_month_picker_get_type ())
G_DECLARE_FINAL_TYPE (TlMonthPicker, tl_month_picker, TL, MONTH_PICKER, AdwBin)

/* Signals: picked (gint64 day), by a person; month (): another one is shown. */
GtkWidget *tl_month_picker_new (void);
/* Shows its month. */
void tl_month_picker_set_day (TlMonthPicker *self, gint64 day);
/* The first day of the month that is shown, which has `n`. */
gint64 tl_month_picker_first (TlMonthPicker *self, guint *n);
/* Days of it that have something: bit 0 is the first. */
void tl_month_picker_mark (TlMonthPicker *self, guint32 days);
/* Weeks may begin on another day now, or have numbers. */
void tl_month_picker_refresh (TlMonthPicker *self);
