/* draft-private.h: a draft as it lies in local.db, for drafts.c and draft-share.c. Writer and reader threads. */
#pragma once

#include "sync/drafts.h"

#define TL_DRAFTS_SQL "drafts.sql"

typedef struct {
  char *text;  /* "" for none */
  char *seen;  /* versions, a space behind each */
  char *more;  /* JSON, or NULL */
  char *other; /* or NULL */
  char *other_more;
  gboolean is_dirty;
} TlLocalDraft;
void tl_local_draft_clear (TlLocalDraft *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlLocalDraft, tl_local_draft_clear)

gboolean tl_local_draft_load (TlDb *db, const char *place, TlLocalDraft *draft, GError **error);
gboolean tl_local_draft_store (TlDb *db, const char *place, const TlLocalDraft *draft,
                               GError **error);
/* Into the outbox, when it changed and nothing is to be decided. */
gboolean tl_draft_share_one (TlDb *db, TlChanges *changes, const char *place, GError **error);
gboolean tl_draft_share_all (TlDb *db, TlChanges *changes, GError **error);
