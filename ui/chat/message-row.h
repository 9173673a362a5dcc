/* message-row.h: one message: bubble, and what its place in the room adds: avatar and name at the first of
 * a group, time and delivery under the last of one's own, the unread divider above the first new one. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"

#include <adwaita.h>

#define TL_TYPE_MESSAGE_ROW (tl_message_row_get_type ())
G_DECLARE_FINAL_TYPE (TlMessageRow, tl_message_row, TL, MESSAGE_ROW, AdwBin)

/* Signals: retry (gint64 op), discard (gint64 op); reply, edit, delete (TlMessageItem *). */
GtkWidget *tl_message_row_new (TlMedia *media);
/* The cell of the message, whose name becomes the whole row as one sentence, and the neighbours (NULL at the
 * ends). `new_after`: the seq up to which the room was read when it
 * was opened, `new_count`: how many are new; 0 for no divider. */
void tl_message_row_bind (TlMessageRow *self, GtkListItem *cell, TlMessageItem *previous,
                          TlMessageItem *next, gint64 new_after, guint new_count);
void tl_message_row_unbind (TlMessageRow *self);
TlMessageItem *tl_message_row_item (TlMessageRow *self);
/* Reply, copy, edit, delete. */
void tl_message_row_popup_menu (TlMessageRow *self);
