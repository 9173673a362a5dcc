/* day-button.h: a button that says a day and opens a month to choose another from. */
#pragma once

#include <adwaita.h>

#define TL_TYPE_DAY_BUTTON (tl_day_button_get_type ())
G_DECLARE_FINAL_TYPE (TlDayButton, tl_day_button, TL, DAY_BUTTON, AdwBin)

/* Property: day (int64, since 1970-01-01, here), notified. */
gint64 tl_day_button_get (TlDayButton *self);
void tl_day_button_set (TlDayButton *self, gint64 day);
