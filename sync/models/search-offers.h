/* search-offers.h: what a filter that is being typed in the search may go on as. */
#pragma once

#include "sync/models/search-terms.h"
#include "sync/replica.h"

#define TL_SEARCH_OFFERS_MAX 6

typedef enum { TL_OFFER_VALUE, TL_OFFER_PERSON, TL_OFFER_FEED, TL_OFFER_ROOM } TlSearchOfferOf;

typedef struct {
  TlSearchOfferOf of;
  char *value; /* what stands behind the colon, without quotes */
} TlSearchOffer;

/* For the filter at byte `at` of `text`: a GPtrArray of TlSearchOffer, likeliest first; none when no filter is typed
 * there or it says one of them already. A pointer that is the waiter's. Main thread. */
DexFuture *tl_search_offers (TlReplica *replica, gint64 me, const char *text, guint at);

/* `text` with `value` in the place of that of the filter at byte `at`, quoted when it wants it, and a space behind;
 * *at is moved there. NULL: there is no filter. */
char *tl_search_take_offer (const char *text, const char *value, guint *at);
/* `text` with its in: filters replaced by in:`name`, at the end; NULL: everywhere. */
char *tl_search_put_in (const char *text, const char *name);
