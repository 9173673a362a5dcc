/* share-dialog.h: sends a card of something into a room or the feed, with a few words. */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"
#include "sync/replica.h"

#include <adwaita.h>

/* `card` is copied. When it was sent the window tells so. */
AdwDialog *tl_share_dialog_new (TlReplica *replica, TlMedia *media, gint64 me, const TlCard *card);
