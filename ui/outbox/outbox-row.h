/* outbox-row.h: one change that has not left yet: what it is, where it stands, what can be done. */
#pragma once

#include "sync/models/items.h"

#include <adwaita.h>

#define TL_TYPE_OUTBOX_ROW (tl_outbox_row_get_type ())
G_DECLARE_FINAL_TYPE (TlOutboxRow, tl_outbox_row, TL, OUTBOX_ROW, AdwBin)

/* Signals: retry, discard, keep-both (gint64 op). */
GtkWidget *tl_outbox_row_new (void);
/* The cell's name becomes the whole row as one sentence. NULL unbinds. */
void tl_outbox_row_bind (TlOutboxRow *self, GtkListItem *cell);
