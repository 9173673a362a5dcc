/* posts.h: the questions about the feed and its people, each a TlKeyList. `me`: one's principal. */
#pragma once

#include "sync/models/items.h"
#include "sync/models/key-list.h"

typedef enum {
  TL_POSTS_HOME,     /* of those one follows, and one's own */
  TL_POSTS_EVERYONE, /* all there are */
  TL_POSTS_MENTIONS, /* that name one, or answer one */
  TL_POSTS_SAVED,
  TL_POSTS_PERSON, /* of one person */
  TL_POSTS_THREAD, /* a post, what it answers above, what answers it below */
} TlPostQuestion;

/* Of TlPostItem; a row's key is the post shown, for a boost what was boosted. Newest first, each once, where it
 * appeared last (others' boosts are appearances, one's own are not). Home leaves out answers to people one does not
 * follow. `about`: a person or a post (or 0).
 * Section: in timelines 1 when answers that stood directly above are folded into the post (the newest one is in
 * the item), in a thread how deep an answer stands (0: the post and those above). */
TlKeyList *tl_post_list_new (TlReplica *replica, TlPostQuestion question, gint64 about, gint64 me);
void tl_post_list_ask (TlKeyList *self, TlPostQuestion question, gint64 about);

/* Those that one follows. */
#define TL_CIRCLE_FOLLOWED (-1)
/* Of TlPersonItem with who follows whom and how many. By name; person 0: everybody. */
TlKeyList *tl_circle_list_new (TlReplica *replica, gint64 person, gint64 me);
/* Resolves to the key (G_TYPE_INT64) of who has this login; 0: nobody. */
DexFuture *tl_person_find (TlReplica *replica, const char *login);

/* Resolves to the newest post that one has seen in the feed (G_TYPE_INT64), 0 for none. */
DexFuture *tl_feed_read_to (TlReplica *replica, gint64 me);

typedef struct {
  char *emoji;
  guint count;
  gboolean is_mine;
} TlReactionCount;
/* Of an item's `reactions`; of TlReactionCount, the most frequent first. */
GPtrArray *tl_reactions_parse (const char *reactions);
