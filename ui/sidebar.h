/* sidebar.h: the sections, what the chosen section brings, and whose account it is. One selection: the
 * deepest row. */
#pragma once

#include "sync/models/lists.h"
#include "ui/place.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_SIDEBAR (tl_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (TlSidebar, tl_sidebar, TL, SIDEBAR, AdwNavigationPage)

/* Signals: selected () when another row is; activated () when a person went for the row. */
TlSidebar *tl_sidebar_new (const TlSession *session);
/* A TlPlace, a TlFeedItem or a TlPersonItem. */
GObject *tl_sidebar_item (TlSidebar *self);
void tl_sidebar_select_place (TlSidebar *self, TlPlaceKind kind);
/* Its property day (int64) follows and leads the calendar. */
GtkWidget *tl_sidebar_calendar (TlSidebar *self);
void tl_sidebar_show_outbox (TlSidebar *self);
void tl_sidebar_show_menu (TlSidebar *self);
