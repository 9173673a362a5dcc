/* calendars-list.h: the calendars one is in, each shown or hidden by its check button. */
#pragma once

#include "sync/media.h"
#include "sync/replica.h"

#include <adwaita.h>

/* `me`: one's principal. */
GtkWidget *tl_calendars_list_new (TlReplica *replica, TlMedia *media, gint64 me);
/* Asks for a name and a colour, and makes it. */
void tl_calendars_ask_new (TlReplica *replica, GtkWidget *parent);
