/* calendars-popover.h: the calendars one is in: shown or hidden, and what can be done with them. */
#pragma once

#include "sync/models/agenda.h"

#include <adwaita.h>

/* An action of the page around it: calendar.new-calendar. */
GtkWidget *tl_calendars_popover_new (TlReplica *replica, gint64 me);
/* Asks for a name and a colour, and makes it. */
void tl_calendars_ask_new (TlReplica *replica, GtkWidget *parent);
