/* timeline.h: a scrolled list of posts: a timeline, a thread or what one person wrote. What is read never moves: new
 * posts wait above, under a button that says how many. */
#pragma once

#include "sync/models/posts.h"
#include "ui/feed/feed-view.h"

#define TL_TYPE_TIMELINE (tl_timeline_get_type ())
G_DECLARE_FINAL_TYPE (TlTimeline, tl_timeline, TL, TIMELINE, AdwBin)

/* `head`: a widget above the first post that scrolls with them, or NULL. */
GtkWidget *tl_timeline_new (TlFeedView *view, GtkWidget *head);
void tl_timeline_ask (TlTimeline *self, TlPostQuestion question, gint64 about);
/* Empty for good: the view goes, and this may outlive it in what it waits for. */
void tl_timeline_end (TlTimeline *self);
/* To the top; again when the list has caught up with what one just posted. */
void tl_timeline_to_top (TlTimeline *self);
/* Cards look at the view again: something is leaving, or stays after all. */
void tl_timeline_refresh (TlTimeline *self);
void tl_timeline_move (TlTimeline *self, int step);
/* The card that has the focus (or its row), or NULL. */
gpointer tl_timeline_focused_card (TlTimeline *self);
