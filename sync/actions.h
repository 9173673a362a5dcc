/* actions.h: what a person can do, as futures: each enters the outbox and shows at once.
 * Called on the main thread; a rejected future has a sentence for a toast. */
#pragma once

#include "sync/attachment.h"
#include "sync/drafts.h"
#include "sync/replica.h"

DexFuture *tl_action_set_read (TlReplica *replica, const gint64 *articles, guint n, gboolean read);
DexFuture *tl_action_set_starred (TlReplica *replica, gint64 article, gboolean starred);
DexFuture *tl_action_set_later (TlReplica *replica, gint64 article, gboolean later);
/* Everything of the feed (0: all subscriptions; folder: of those in it) received up to `up_to` (ms). */
DexFuture *tl_action_mark_all_read (TlReplica *replica, gint64 feed, const char *folder,
                                    gint64 up_to);
DexFuture *tl_action_subscribe (TlReplica *replica, const char *url, const char *folder);
DexFuture *tl_action_unsubscribe (TlReplica *replica, gint64 subscription);
DexFuture *tl_action_edit_subscription (TlReplica *replica, gint64 subscription, const char *title,
                                        const char *folder);
/* Resolves to the message's (negative) key as a G_TYPE_INT64. reply_to: 0 for none. Clears the draft. */
DexFuture *tl_action_send (TlReplica *replica, gint64 room, const char *body, gint64 reply_to);
/* The same with files (of TlAttachment, kept by sync/uploads.h) and what is shared; either may be NULL, and with one
 * of them the body may be empty. */
DexFuture *tl_action_send_with (TlReplica *replica, gint64 room, const char *body, gint64 reply_to,
                                GPtrArray *attachments, const TlCard *card);
DexFuture *tl_action_edit_message (TlReplica *replica, gint64 message, const char *body);
DexFuture *tl_action_delete_message (TlReplica *replica, gint64 message);
/* Read up to this message's seq. */
DexFuture *tl_action_room_read (TlReplica *replica, gint64 room, gint64 seq);
/* A muted room notifies of nothing and does not count. */
DexFuture *tl_action_mute_room (TlReplica *replica, gint64 room, gboolean muted);
/* Resolves to the room's key (G_TYPE_INT64). `people`: principals beside oneself; name NULL with one of them: direct,
 * and when there is such a room already it is that one. */
DexFuture *tl_action_new_room (TlReplica *replica, const char *name, const gint64 *people, guint n);
DexFuture *tl_action_invite (TlReplica *replica, gint64 room, const gint64 *people, guint n);
DexFuture *tl_action_leave_room (TlReplica *replica, gint64 room, gint64 me);
DexFuture *tl_action_retry (TlReplica *replica, gint64 op);
DexFuture *tl_action_discard (TlReplica *replica, gint64 op);
/* Of a conflict: theirs stays, mine is made anew beside it. */
DexFuture *tl_action_keep_both (TlReplica *replica, gint64 op);
