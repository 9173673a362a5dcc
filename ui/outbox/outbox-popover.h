/* outbox-popover.h: everything that has not left yet, and how the sync stands. Opens from the sync button. */
#pragma once

#include "sync/engine.h"

#include <adwaita.h>

#define TL_TYPE_OUTBOX_POPOVER (tl_outbox_popover_get_type ())
G_DECLARE_FINAL_TYPE (TlOutboxPopover, tl_outbox_popover, TL, OUTBOX_POPOVER, GtkPopover)

GtkWidget *tl_outbox_popover_new (TlReplica *replica, TlEngine *engine);
