/* post-card.h: one post as a card, with the separator above it when reading stopped there. */
#pragma once

#include "ui/feed/feed-view.h"

#define TL_TYPE_POST_CARD (tl_post_card_get_type ())
G_DECLARE_FINAL_TYPE (TlPostCard, tl_post_card, TL, POST_CARD, AdwBin)

typedef struct {
  TlPostItem *previous; /* the one above, or NULL */
  guint position;       /* how many are above */
  gint64 seen_to;       /* the newest seen when the timeline was opened; 0: no separator */
  guint depth;          /* in a thread: how deep the answer stands */
  gboolean has_answer;  /* the newest answer is shown below it */
  gboolean is_focus;    /* in a thread: the one it is about */
} TlCardPlace;

GtkWidget *tl_post_card_new (TlFeedView *view);
void tl_post_card_bind (TlPostCard *self, GtkListItem *cell, TlPostItem *item,
                        const TlCardPlace *place);
void tl_post_card_unbind (TlPostCard *self);
TlPostItem *tl_post_card_item (TlPostCard *self);
GtkListItem *tl_post_card_cell (TlPostCard *self);
/* "reply", "boost", "react": as if the button was clicked. */
void tl_post_card_do (TlPostCard *self, const char *what);
