/* block-view.h: an article's blocks as native widgets, one for each block. */
#pragma once

#include "sync/media.h"

#include <gtk/gtk.h>

/* `blocks`: of TlBlock; widgets are appended to `box`. */
void tl_block_view_fill (GtkBox *box, GPtrArray *blocks, TlMedia *media);
