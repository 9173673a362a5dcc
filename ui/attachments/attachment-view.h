/* attachment-view.h: the files that came with something: pictures as pictures, others as a name that opens them, and a way to save.
 */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"

#include <adwaita.h>

#define TL_TYPE_ATTACHMENT_VIEW (tl_attachment_view_get_type ())
G_DECLARE_FINAL_TYPE (TlAttachmentView, tl_attachment_view, TL, ATTACHMENT_VIEW, GtkBox)

GtkWidget *tl_attachment_view_new (void);
/* `json`: of the item; NULL for none, it is invisible then. Pictures are at most `widest` pixels wide. */
void tl_attachment_view_show (TlAttachmentView *self, TlMedia *media, const char *json, int widest);
