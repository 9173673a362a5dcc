/* feed-dialog.h: adds a feed by its address, or changes one's name and folder, or removes it. */
#pragma once

#include "sync/models/items.h"
#include "sync/replica.h"

#include <adwaita.h>

#define TL_TYPE_FEED_DIALOG (tl_feed_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlFeedDialog, tl_feed_dialog, TL, FEED_DIALOG, AdwDialog)

/* `feed` NULL: a new one. */
AdwDialog *tl_feed_dialog_new (TlReplica *replica, TlFeedItem *feed);
/* Asks before the subscription goes. */
void tl_feed_dialog_ask_remove (TlReplica *replica, TlFeedItem *feed, GtkWidget *parent);
