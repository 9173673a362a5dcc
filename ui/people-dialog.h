/* people-dialog.h: who is in a room or sees a calendar, and who else could: inviting them. */
#pragma once

#include "sync/media.h"
#include "sync/replica.h"

#include <adwaita.h>

#define TL_TYPE_PEOPLE_DIALOG (tl_people_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlPeopleDialog, tl_people_dialog, TL, PEOPLE_DIALOG, AdwDialog)

AdwDialog *tl_people_dialog_new (TlReplica *replica, TlMedia *media, gint64 room);
/* They may change its events, or only read them. */
AdwDialog *tl_people_dialog_new_for_calendar (TlReplica *replica, TlMedia *media, gint64 calendar);
