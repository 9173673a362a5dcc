/* feed-view.h: the section Feed: timelines, threads and profiles, one above the other; and what cards ask for. */
#pragma once

#include "sync/models/items.h"
#include "ui/place.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_FEED_VIEW (tl_feed_view_get_type ())
G_DECLARE_FINAL_TYPE (TlFeedView, tl_feed_view, TL, FEED_VIEW, AdwBin)

/* Property: narrow (boolean). Signals: toast (AdwToast *); place (TlPlaceKind): another timeline was chosen in here. */

/* Once, before it is shown. */
void tl_feed_view_set_session (TlFeedView *self, const TlSession *session);
const TlSession *tl_feed_view_session (TlFeedView *self);
/* Goes back to the timeline of the place. */
void tl_feed_view_show_place (TlFeedView *self, TlPlaceKind kind);
void tl_feed_view_open_post (TlFeedView *self, gint64 post);
void tl_feed_view_open_person (TlFeedView *self, gint64 person);
/* "tideline:person/ana", "tideline:tag/tide", "tideline:post/t5"; FALSE for any other address. */
gboolean tl_feed_view_open_link (TlFeedView *self, const char *uri);
void tl_feed_view_compose (TlFeedView *self);
/* The focus goes to the next card. */
void tl_feed_view_move (TlFeedView *self, int step);

void tl_feed_view_reply (TlFeedView *self, TlPostItem *item);
void tl_feed_view_edit (TlFeedView *self, TlPostItem *item);
/* Can be undone for a while; until then it only looks gone. */
void tl_feed_view_delete (TlFeedView *self, TlPostItem *item);
gboolean tl_feed_view_is_leaving (TlFeedView *self, gint64 post);
