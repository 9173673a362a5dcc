/* post-bar.h: what one can do with a post, as toggle buttons with counts. */
#pragma once

#include "ui/feed/feed-view.h"

#define TL_TYPE_POST_BAR (tl_post_bar_get_type ())
G_DECLARE_FINAL_TYPE (TlPostBar, tl_post_bar, TL, POST_BAR, GtkBox)

/* Follows the item; NULL: none. */
void tl_post_bar_bind (TlPostBar *self, TlFeedView *view, TlPostItem *item);
/* As if the button was clicked. */
void tl_post_bar_reply (TlPostBar *self);
void tl_post_bar_boost (TlPostBar *self);
/* Turns a heart on, or one's own reaction off. */
void tl_post_bar_react (TlPostBar *self);
