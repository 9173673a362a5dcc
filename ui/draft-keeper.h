/* draft-keeper.h: what is typed into a text buffer is on disk half a second after the last key, and there again when
 * one comes back. */
#pragma once

#include "sync/replica.h"

#include <gtk/gtk.h>

typedef struct _TlDraftKeeper TlDraftKeeper;

/* Fills the buffer with the draft of the place, unless something was typed before it is loaded. */
TlDraftKeeper *tl_draft_keeper_new (TlReplica *replica, GtkTextBuffer *buffer, const char *place);
/* Saves what was not saved yet. */
void tl_draft_keeper_free (TlDraftKeeper *self);
/* It was sent, which removes the draft: what is in the buffer is not kept any more. */
void tl_draft_keeper_sent (TlDraftKeeper *self);
const char *tl_draft_keeper_place (TlDraftKeeper *self);
