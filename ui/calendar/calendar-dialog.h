/* calendar-dialog.h: one calendar: its name and colour, who sees it, its file, its end. */
#pragma once

#include "sync/media.h"
#include "sync/models/agenda.h"

#include <adwaita.h>

/* Readers see what it is; owners and members change it. `me`: one's principal. */
AdwDialog *tl_calendar_dialog_new (TlReplica *replica, TlMedia *media, gint64 me,
                                   TlCalendarItem *calendar);
