/* calendar-choice.h: a row in which one of the calendars that a person may write into is chosen. Main thread. */
#pragma once

#include "sync/models/agenda.h"

#include <adwaita.h>

/* `calendars` are watched: names follow, and so does who may write. */
void tl_calendar_choice_set_up (AdwComboRow *row, TlKeyList *calendars);
/* Chooses this one, the default one for 0; does nothing while it is not there. */
void tl_calendar_choice_select (AdwComboRow *row, gint64 calendar);
