/* new-room-dialog.h: begins a room: a name, and who is in it. */
#pragma once

#include "sync/media.h"
#include "sync/replica.h"

#include <adwaita.h>

#define TL_TYPE_NEW_ROOM_DIALOG (tl_new_room_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlNewRoomDialog, tl_new_room_dialog, TL, NEW_ROOM_DIALOG, AdwDialog)

/* Signal: made (gint64 room). */
AdwDialog *tl_new_room_dialog_new (TlReplica *replica, TlMedia *media, gint64 me);
