/* questions.h: what is asked before something is gone: a message, a room. */
#pragma once

#include "sync/models/items.h"
#include "sync/replica.h"

#include <gtk/gtk.h>

void tl_ask_delete_message (TlReplica *replica, TlMessageItem *message, GtkWidget *parent);
void tl_ask_leave_room (TlReplica *replica, TlRoomItem *room, gint64 me, GtkWidget *parent);
