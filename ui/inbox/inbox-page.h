/* inbox-page.h: what waits, under its days; put away, put off, and on to the next. */
#pragma once

#include "sync/models/inbox.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_INBOX_PAGE (tl_inbox_page_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxPage, tl_inbox_page, TL, INBOX_PAGE, AdwNavigationPage)

/* Signals: selected (TlInboxItem *); activated (): a person went for it; put-away (char *sentence, gint64 key): `key`
 * is a notification's that can be taken out again, or 0. */
TlInboxPage *tl_inbox_page_new (const TlSession *session);
/* +1: the next one; -1: the one before. */
void tl_inbox_page_move (TlInboxPage *self, int step);
void tl_inbox_page_next_unread (TlInboxPage *self);
void tl_inbox_page_archive (TlInboxPage *self);
/* Opens the menu of times. */
void tl_inbox_page_snooze (TlInboxPage *self);
/* The focus goes into the list. */
void tl_inbox_page_focus (TlInboxPage *self);
void tl_inbox_page_select_first (TlInboxPage *self);
