/* inbox-detail.h: one notification at its full width, with the way to what it is about. */
#pragma once

#include "sync/media.h"
#include "sync/models/inbox.h"

#include <adwaita.h>

#define TL_TYPE_INBOX_DETAIL (tl_inbox_detail_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxDetail, tl_inbox_detail, TL, INBOX_DETAIL, AdwNavigationPage)

/* Signal: open (TlInboxItem *): the person wants to see it. Property: show-back (gboolean). */
TlInboxDetail *tl_inbox_detail_new (TlMedia *media);
/* NULL: nothing is chosen. */
void tl_inbox_detail_show (TlInboxDetail *self, TlInboxItem *item);
