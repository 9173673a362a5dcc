/* inbox-row.h: one thing in the inbox: who, what, when, with its kind's badge. */
#pragma once

#include "sync/models/inbox.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_INBOX_ROW (tl_inbox_row_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxRow, tl_inbox_row, TL, INBOX_ROW, AdwBin)

GtkWidget *tl_inbox_row_new (TlMedia *media);
/* NULL: of nothing. */
void tl_inbox_row_bind (TlInboxRow *self, GtkListItem *cell);
/* "Mentioned you in a post": what happened, for the row and for the detail. */
char *tl_inbox_words (TlInboxItem *item);
/* Its kind's style class ("feed", "chat", …), icon and section's name. */
const char *tl_inbox_style (TlInboxItem *item);
const char *tl_inbox_icon (TlInboxItem *item);
const char *tl_inbox_section (TlInboxItem *item);
