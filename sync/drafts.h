/* drafts.h: what is being written, by place ("room:12", "reply:33", "post:new", "event:new").
 *
 * The text lies in local.db as it is typed, so that neither a crash nor a new replica loses it. After a pause it is
 * shared: a Draft on the server, which the person's other devices take over. Each share is a version and says which
 * ones it follows; what does not follow what is here is no newer, only different: both are kept, and the other one is
 * offered. What was sent or emptied is shared as an empty text; a Draft that is not there says nothing. */
#pragma once

#include "sync/replica.h"

/* What another device wrote while this one did, or NULL. `more`: what was entered beside the text (warning,
 * pictures, …), by name; NULL for nothing. */
typedef struct {
  char *text;
  GHashTable *more;
  char *other;
  GHashTable *other_more;
} TlDraftText;
void tl_draft_text_free (TlDraftText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlDraftText, tl_draft_text_free)

/* On disk, here. `known`: what was read or kept last; when there is something else by now (another device's), that
 * becomes the other one. `more` is taken, may be NULL. */
DexFuture *tl_draft_keep (TlReplica *replica, const char *place, const char *text, GHashTable *more,
                          const char *known);
/* Resolves to a TlDraftText as a G_TYPE_POINTER, owned by whoever waits for it. */
DexFuture *tl_draft_read (TlReplica *replica, const char *place);
/* To the person's other devices, if it changed; place NULL: all that were not yet. */
DexFuture *tl_draft_share (TlReplica *replica, const char *place);
/* The person decided between theirs and the other one. */
DexFuture *tl_draft_decide (TlReplica *replica, const char *place, gboolean take_other);

/* Sent or given up: gone here and everywhere. */
DexFuture *tl_draft_drop (TlReplica *replica, const char *place);

/* Text alone. Empty text removes it; what is not there is NULL. */
DexFuture *tl_draft_save (TlReplica *replica, const char *place, const char *text);
/* Resolves to a string (G_TYPE_STRING). */
DexFuture *tl_draft_load (TlReplica *replica, const char *place);

/* --- in the writer thread, within a transaction --- */

/* It was sent: gone here and everywhere. */
gboolean tl_draft_sent (TlDb *db, TlChanges *changes, const char *place, GError **error);
/* A Draft came or went: what is here follows it, or both are kept. */
gboolean tl_draft_meet (TlDb *db, const char *place, GError **error);
