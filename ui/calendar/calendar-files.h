/* calendar-files.h: calendars from and into .ics files. Main thread; files are read and parsed
 * beside it (sync/calendar-file.h). */
#pragma once

#include "sync/calendar-file.h"

#include <adwaita.h>

/* Shows what the file has and asks into which calendar it goes; `me`: one's principal. */
void tl_calendar_import (GtkWidget *parent, TlReplica *replica, gint64 me, GFile *file);
/* Asks for the file first. */
void tl_calendar_pick_and_import (GtkWidget *parent, TlReplica *replica, gint64 me);
/* Asks where to; the file is called as the wish is. */
void tl_calendar_export (GtkWidget *parent, const TlCalendarWish *wish);
