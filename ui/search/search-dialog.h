/* search-dialog.h: one search over everything in the replica, and then at the server (Ctrl+K). */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_SEARCH_DIALOG (tl_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlSearchDialog, tl_search_dialog, TL, SEARCH_DIALOG, AdwDialog)

/* Signals: open-article (gint64 article), open-message (gint64 room, gint64 message), open-person (gint64). */
AdwDialog *tl_search_dialog_new (const TlSession *session);
void tl_search_dialog_set_text (TlSearchDialog *self, const char *text);
