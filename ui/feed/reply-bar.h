/* reply-bar.h: an answer written where it is read, below a thread. */
#pragma once

#include "sync/replica.h"

#include <gtk/gtk.h>

#define TL_TYPE_REPLY_BAR (tl_reply_bar_get_type ())
G_DECLARE_FINAL_TYPE (TlReplyBar, tl_reply_bar, TL, REPLY_BAR, GtkBox)

GtkWidget *tl_reply_bar_new (TlReplica *replica, gint64 post);
