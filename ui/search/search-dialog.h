/* search-dialog.h: one search over everything in the replica (Ctrl+K). */
#pragma once

#include "sync/replica.h"

#include <adwaita.h>

#define TL_TYPE_SEARCH_DIALOG (tl_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlSearchDialog, tl_search_dialog, TL, SEARCH_DIALOG, AdwDialog)

/* Signals: open-article (gint64 article), open-message (gint64 room, gint64 message), open-person (gint64). */
AdwDialog *tl_search_dialog_new (TlReplica *replica, gint64 me);
void tl_search_dialog_set_text (TlSearchDialog *self, const char *text);
