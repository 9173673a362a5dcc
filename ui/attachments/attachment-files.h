/* attachment-files.h: files that came with something, opened by the desktop's program for them and saved. Main thread.
 */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"

#include <gtk/gtk.h>

/* With the program that the desktop has for it; what goes wrong is told in the window. */
void tl_attachment_open (const TlAttachment *attachment, TlMedia *media, GtkWidget *parent);
/* Asks where, and writes the file there. */
void tl_attachment_save (const TlAttachment *attachment, TlMedia *media, GtkWidget *parent);
