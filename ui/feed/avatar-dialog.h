/* avatar-dialog.h: one's own picture: chosen from a file, cut square, and shown to everybody. Main thread. */
#pragma once

#include "sync/replica.h"

#include <adwaita.h>

/* Asks for a file; what goes wrong is told over `parent`. */
void tl_avatar_choose (TlReplica *replica, gint64 me, GtkWidget *parent);
/* The dialog that cuts `picture`; closed by "Use", it is kept here and on its way. */
AdwDialog *tl_avatar_dialog_new (TlReplica *replica, gint64 me, GdkPixbuf *picture);
