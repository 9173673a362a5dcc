/* rooms-page.h: the list of rooms, newest first. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_ROOMS_PAGE (tl_rooms_page_get_type ())
G_DECLARE_FINAL_TYPE (TlRoomsPage, tl_rooms_page, TL, ROOMS_PAGE, AdwNavigationPage)

/* Signals: room-selected (gint64 room); room-activated (): a person wants to write in it. */
TlRoomsPage *tl_rooms_page_new (const TlSession *session);
/* Selects without the signal; 0 for none. */
void tl_rooms_page_select (TlRoomsPage *self, gint64 room);
/* The focus goes into the list. */
void tl_rooms_page_focus (TlRoomsPage *self);
/* As if a person had chosen the newest one. */
void tl_rooms_page_open_first (TlRoomsPage *self);
