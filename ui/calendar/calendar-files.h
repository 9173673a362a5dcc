/* calendar-files.h: calendars from and into .ics files. Main thread; files are read and parsed
 * beside it (sync/calendar-file.h). */
#pragma once

#include "sync/replica.h"

#include <adwaita.h>

/* Shows what the file has and asks into which calendar it goes; `me`: one's principal. */
void tl_calendar_import (GtkWidget *parent, TlReplica *replica, gint64 me, GFile *file);
/* Asks for the file first. */
void tl_calendar_pick_and_import (GtkWidget *parent, TlReplica *replica, gint64 me);
/* Asks where to: a calendar's events (0: all of them); `name`: of the file. */
void tl_calendar_export (GtkWidget *parent, TlReplica *replica, gint64 calendar, const char *name);
/* One event, with all its instances. */
void tl_calendar_export_event (GtkWidget *parent, TlReplica *replica, gint64 event,
                               const char *title);
