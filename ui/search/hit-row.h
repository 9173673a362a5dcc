/* hit-row.h: one result of a search. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"

#include <adwaita.h>

#define TL_TYPE_HIT_ROW (tl_hit_row_get_type ())
G_DECLARE_FINAL_TYPE (TlHitRow, tl_hit_row, TL, HIT_ROW, AdwBin)

GtkWidget *tl_hit_row_new (TlMedia *media);
/* The cell's name becomes the whole row as one sentence. NULL unbinds. */
void tl_hit_row_bind (TlHitRow *self, GtkListItem *cell);
