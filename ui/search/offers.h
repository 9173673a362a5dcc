/* offers.h: under the search's entry: what the filter that is being typed may go on as. The focus stays in the entry;
 * the first offer is chosen, arrow keys choose another, Enter or Tab takes it. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_SEARCH_OFFERS (tl_search_offers_get_type ())
G_DECLARE_FINAL_TYPE (TlSearchOffers, tl_search_offers, TL, SEARCH_OFFERS, AdwBin)

/* Signal "taken" (value): the text that stands behind the colon. */
void tl_search_offers_set_session (TlSearchOffers *self, const TlSession *session);
/* The text, and the byte where the cursor is. */
void tl_search_offers_ask (TlSearchOffers *self, const char *text, guint at);
/* FALSE: none is chosen any more, or was. `can_enter`: then the last one is, when there are any. */
gboolean tl_search_offers_move (TlSearchOffers *self, int step, gboolean can_enter);
/* FALSE: none is chosen. */
gboolean tl_search_offers_take (TlSearchOffers *self);
