/* event-popover.h: one instance of an event: when, where, whose, and what can be done with it. */
#pragma once

#include "sync/media.h"
#include "sync/models/agenda.h"

#include <adwaita.h>

typedef void (*TlEventEdit) (TlOccurrenceItem *item, gpointer data);

/* A popover that is not parented yet; it goes when it is closed. `edit` is called for "Edit". */
GtkPopover *tl_event_popover_new (TlReplica *replica, TlMedia *media, gint64 me,
                                  TlOccurrenceItem *item, TlEventEdit edit, gpointer data);
