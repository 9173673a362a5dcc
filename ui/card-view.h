/* card-view.h: what somebody shared, as a card that leads to it. */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"

#include <gtk/gtk.h>

#define TL_TYPE_CARD_VIEW (tl_card_view_get_type ())
G_DECLARE_FINAL_TYPE (TlCardView, tl_card_view, TL, CARD_VIEW, GtkButton)

GtkWidget *tl_card_view_new (void);
/* `json`: of the item; NULL for none, it is invisible then. Clicking activates "app.open-article" or such, or opens
 * the address. */
void tl_card_view_show (TlCardView *self, TlMedia *media, const char *json);
