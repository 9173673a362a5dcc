/* actions-social.h: what a person can do in the feed; as actions.h. */
#pragma once

#include "sync/attachment.h"
#include "sync/replica.h"

typedef struct {
  const char *text, *warning; /* warning: NULL for none */
  const char *visibility;     /* "public", "followers", "mentioned" */
  gint64 reply_to;            /* 0: none */
  GPtrArray *images;          /* of TlAttachment, may be NULL */
  const TlCard *card;         /* may be NULL */
  const char *draft;          /* the place of the draft that it was, which goes; may be NULL */
} TlNewPost;

/* Resolves to the post's (negative) key as a G_TYPE_INT64. */
DexFuture *tl_action_post (TlReplica *replica, const TlNewPost *post);
DexFuture *tl_action_edit_post (TlReplica *replica, gint64 post, const char *text,
                                const char *warning);
DexFuture *tl_action_delete_post (TlReplica *replica, gint64 post);
DexFuture *tl_action_save_post (TlReplica *replica, gint64 post, gboolean saved);
/* `me`: one's principal. What is already so is no operation. */
DexFuture *tl_action_boost (TlReplica *replica, gint64 post, gint64 me, gboolean boosted);
DexFuture *tl_action_react (TlReplica *replica, gint64 subject, gint64 me, const char *emoji,
                            gboolean reacted);
DexFuture *tl_action_follow (TlReplica *replica, gint64 person, gint64 me, gboolean followed);
DexFuture *tl_action_edit_profile (TlReplica *replica, gint64 me, const char *name,
                                   const char *description, const char *time_zone);
/* `blob`: an image that is kept here or there (sync/uploads.h), NULL: none. */
DexFuture *tl_action_set_avatar (TlReplica *replica, gint64 me, const char *blob);
/* The feed was seen up to this post (or boost): never backwards. */
DexFuture *tl_action_feed_read (TlReplica *replica, gint64 me, gint64 post);
