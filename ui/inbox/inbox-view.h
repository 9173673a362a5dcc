/* inbox-view.h: the inbox beside what is chosen in it: an article in a reader, a room, or a notification. */
#pragma once

#include "sync/models/inbox.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_INBOX_VIEW (tl_inbox_view_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxView, tl_inbox_view, TL, INBOX_VIEW, AdwBin)

/* Properties: collapsed (boolean): list or content, not both; room (int64): the one on the screen, 0 for none.
 * Signals: toast (char *); put-away (char *sentence, gint64 key): see inbox-page.h; open (TlInboxItem *): a person
 * wants to see what it is about. */

/* Once, before it is shown. */
void tl_inbox_view_set_session (TlInboxView *self, const TlSession *session);
void tl_inbox_view_show_list (TlInboxView *self);
gint64 tl_inbox_view_room (TlInboxView *self);
/* The focus goes into the list. */
void tl_inbox_view_focus (TlInboxView *self);
void tl_inbox_view_open_first (TlInboxView *self);
void tl_inbox_view_move (TlInboxView *self, int step);
void tl_inbox_view_next_unread (TlInboxView *self);
void tl_inbox_view_archive (TlInboxView *self);
void tl_inbox_view_snooze (TlInboxView *self);
/* An action of the reader, when an article is shown. */
gboolean tl_inbox_view_reader_action (TlInboxView *self, const char *action);
