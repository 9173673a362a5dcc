/* room-page.h: one room: its messages and the composer. Opens at the first new message, or at the end; keeps
 * its place while messages come in; marks as read what was seen. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_ROOM_PAGE (tl_room_page_get_type ())
G_DECLARE_FINAL_TYPE (TlRoomPage, tl_room_page, TL, ROOM_PAGE, AdwNavigationPage)

TlRoomPage *tl_room_page_new (const TlSession *session);
/* 0 for none. `message`: scroll there; 0: where reading stopped. */
void tl_room_page_open (TlRoomPage *self, gint64 room, gint64 message);
gint64 tl_room_page_room (TlRoomPage *self);
/* In the menu of a narrow window both header bars show; see the split views' owner. */
void tl_room_page_focus_composer (TlRoomPage *self);
