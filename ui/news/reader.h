/* reader.h: one article, read with native widgets. Opening it marks it read. */
#pragma once

#include "sync/models/items.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_READER (tl_reader_get_type ())
G_DECLARE_FINAL_TYPE (TlReader, tl_reader, TL, READER, AdwNavigationPage)

/* Properties: unread, starred, later (boolean, writable: as a person wants them); narrow (boolean): the actions
 * are in the menu only; show-back (boolean): of the header. Signal: toast (char *). */
TlReader *tl_reader_new (const TlSession *session);
/* NULL for none. */
void tl_reader_open (TlReader *self, TlArticleItem *item);
gint64 tl_reader_article (TlReader *self);
