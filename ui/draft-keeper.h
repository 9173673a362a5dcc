/* draft-keeper.h: what is typed into a text buffer is on disk half a second after the last key, and there again when
 * one comes back; after a pause it is on the person's other devices, and theirs here (sync/drafts.h). */
#pragma once

#include "sync/drafts.h"
#include "ui/draft-offer.h"

typedef struct _TlDraftKeeper TlDraftKeeper;

/* Fills the buffer with the draft of the place, unless something was typed before it is loaded. `offer` is borrowed. */
TlDraftKeeper *tl_draft_keeper_new (TlReplica *replica, GtkTextBuffer *buffer, const char *place,
                                    TlDraftOffer *offer);
/* What is kept beside the text: `get` gives it (or NULL), `put` shows what was kept (never NULL). */
typedef struct {
  GHashTable *(*get) (gpointer owner);
  void (*put) (gpointer owner, GHashTable *more);
} TlDraftMore;
void tl_draft_keeper_set_more (TlDraftKeeper *self, const TlDraftMore *more, gpointer owner);
/* Something beside the text is another. */
void tl_draft_keeper_changed (TlDraftKeeper *self);
/* Saves what was not saved yet, and shares it. */
void tl_draft_keeper_free (TlDraftKeeper *self);
/* It was sent, which removes the draft: what is in the buffer is not kept any more. */
void tl_draft_keeper_sent (TlDraftKeeper *self);
const char *tl_draft_keeper_place (TlDraftKeeper *self);
