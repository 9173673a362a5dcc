/* sync-button.h: how the sync stands, in the header: a check, or icon, word and count. Opens the outbox. */
#pragma once

#include "sync/engine.h"

#include <adwaita.h>

#define TL_TYPE_SYNC_BUTTON (tl_sync_button_get_type ())
G_DECLARE_FINAL_TYPE (TlSyncButton, tl_sync_button, TL, SYNC_BUTTON, AdwBin)

/* Property: quiet (boolean): all is synced, so there is room for a title. */
void tl_sync_button_set_engine (TlSyncButton *self, TlEngine *engine);
/* Takes the popover that opens from it. */
void tl_sync_button_set_popover (TlSyncButton *self, GtkWidget *popover);
void tl_sync_button_popup (TlSyncButton *self);
