/* draft-offer.h: "From another device: …", above what is being written, with the choice between the two. Invisible
 * while there is nothing to choose. */
#pragma once

#include <gtk/gtk.h>

#define TL_TYPE_DRAFT_OFFER (tl_draft_offer_get_type ())
G_DECLARE_FINAL_TYPE (TlDraftOffer, tl_draft_offer, TL, DRAFT_OFFER, GtkBox)

/* Signal: decided (gboolean take). NULL hides it. */
void tl_draft_offer_show (TlDraftOffer *self, const char *text);
