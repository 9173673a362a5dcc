/* room-row.h: one room of the list: name, newest message or draft, time, what is unread. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"

#include <adwaita.h>

#define TL_TYPE_ROOM_ROW (tl_room_row_get_type ())
G_DECLARE_FINAL_TYPE (TlRoomRow, tl_room_row, TL, ROOM_ROW, AdwBin)

GtkWidget *tl_room_row_new (TlMedia *media);
/* The cell's name becomes the whole row as one sentence. NULL unbinds. */
void tl_room_row_bind (TlRoomRow *self, GtkListItem *cell);
