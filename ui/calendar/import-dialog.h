/* import-dialog.h: what a calendar file has, what of it was refused and why, and where it goes. */
#pragma once

#include "sync/replica.h"
#include "sync/wire/ical.h"

#include <adwaita.h>

/* Takes `ical`. `me`: one's principal; `name`: of the file. The window tells how many were taken, and takes them
 * back. */
AdwDialog *tl_import_dialog_new (TlReplica *replica, gint64 me, TlIcal *ical, const char *name);
