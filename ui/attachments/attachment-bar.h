/* attachment-bar.h: the files that will go along with what is being written: picked, dropped or pasted, each with its
 * description and a way out. Invisible while there are none. */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"
#include "sync/replica.h"

#include <gtk/gtk.h>

#define TL_TYPE_ATTACHMENT_BAR (tl_attachment_bar_get_type ())
G_DECLARE_FINAL_TYPE (TlAttachmentBar, tl_attachment_bar, TL, ATTACHMENT_BAR, GtkBox)

/* Signals: changed (); failed (char *sentence). */

/* Before anything else. `pictures_only`: other files are refused. */
void tl_attachment_bar_set_up (TlAttachmentBar *self, TlReplica *replica, TlMedia *media,
                               gboolean pictures_only, guint at_most);
/* Shows a file dialog. */
void tl_attachment_bar_pick (TlAttachmentBar *self);
void tl_attachment_bar_add (TlAttachmentBar *self, GFile *file);
/* TRUE when the clipboard has a picture or files: they are on their way. */
gboolean tl_attachment_bar_paste (TlAttachmentBar *self, GdkClipboard *clipboard);
/* Files dropped on `widget` are added. */
void tl_attachment_bar_accept_drops (TlAttachmentBar *self, GtkWidget *widget);
/* Of TlAttachment, with their descriptions; borrowed. */
GPtrArray *tl_attachment_bar_files (TlAttachmentBar *self);
/* The same, taken; the bar is empty then. */
GPtrArray *tl_attachment_bar_take (TlAttachmentBar *self);
/* Shows them again; taken. */
void tl_attachment_bar_put (TlAttachmentBar *self, GPtrArray *attachments);
/* Kept and ready; none is still being read. */
guint tl_attachment_bar_count (TlAttachmentBar *self);
gboolean tl_attachment_bar_is_busy (TlAttachmentBar *self);
