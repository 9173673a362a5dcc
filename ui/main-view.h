/* main-view.h: what a signed-in person sees: sidebar, list, content; adapts to the width. */
#pragma once

#include "ui/place.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_MAIN_VIEW (tl_main_view_get_type ())
G_DECLARE_FINAL_TYPE (TlMainView, tl_main_view, TL, MAIN_VIEW, AdwBreakpointBin)

/* Property: room (int64): the one on the screen, 0 for none. Signal: toast (AdwToast *). */
TlMainView *tl_main_view_new (const TlSession *session);
void tl_main_view_open_place (TlMainView *self, TlPlaceKind kind);
/* The focus goes into the list of the place. */
void tl_main_view_focus (TlMainView *self);
/* The sidebar, in a narrow window. */
void tl_main_view_show_sidebar (TlMainView *self);
void tl_main_view_open_first_article (TlMainView *self);
void tl_main_view_open_first_room (TlMainView *self);
void tl_main_view_open_article (TlMainView *self, gint64 article);
/* message: 0 for where reading stopped. */
void tl_main_view_open_room (TlMainView *self, gint64 room, gint64 message);
void tl_main_view_open_post (TlMainView *self, gint64 post);
void tl_main_view_open_person (TlMainView *self, gint64 person);
/* A new post. */
void tl_main_view_compose (TlMainView *self);
void tl_main_view_open_event (TlMainView *self, gint64 event);
void tl_main_view_new_event (TlMainView *self);
/* "month", "week", "agenda"; "2026-11-23", "" for today; either may be NULL. */
void tl_main_view_show_calendar (TlMainView *self, const char *view, const char *date);
void tl_main_view_show_search (TlMainView *self, const char *text);
void tl_main_view_show_outbox (TlMainView *self);
/* At a page (ui/preferences/preferences-dialog.h). */
void tl_main_view_show_preferences (TlMainView *self, const char *page);
/* Where one is, to be there again at the next start. */
/* Shows what a calendar's file has, to be imported. */
void tl_main_view_import_calendar (TlMainView *self, GFile *file);
TlPlaceKind tl_main_view_place (TlMainView *self);
gint64 tl_main_view_article (TlMainView *self);
gint64 tl_main_view_room (TlMainView *self);
