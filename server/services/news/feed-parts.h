/* feed-parts.h: between the parts of the feed parser. */
#pragma once

#include "server/services/news/feed-parse.h"

TlFeedContent *tl_feed_content_new (void);
TlFeedEntry *tl_feed_entry_new (void);
/* Fills in what follows from the rest (guid, title) and adds it; takes `entry`. FALSE when the feed is
 * full. */
gboolean tl_feed_content_add (TlFeedContent *self, TlFeedEntry *entry);
void tl_feed_entry_free (TlFeedEntry *self);

TlFeedContent *tl_feed_parse_xml (const char *text, gsize length, const char *charset,
                                  const char *base, GError **error);
TlFeedContent *tl_feed_parse_json (const char *text, gsize length, const char *base,
                                   GError **error);

/* Plain text as HTML, its line breaks kept. */
char *tl_feed_text_to_html (const char *text);
/* Sets *field unless it has a value or `value` is NULL or blank; takes `value`. */
void tl_feed_offer (char **field, char *value);
