/* feed-parse.h: a feed's bytes as a struct: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed. Any thread. */
#pragma once

#include <gio/gio.h>

#define TL_FEED_MAX_BYTES (10 * 1024 * 1024)
#define TL_FEED_MAX_ENTRIES 2000

/* Strings are valid UTF-8; addresses are absolute; all but `guid` and `title` NULL-able. */
typedef struct {
  char *guid;  /* what tells it from others of the feed: at most 512 bytes */
  char *title; /* one line of text */
  char *url;
  char *author;
  char *html;    /* its content; `base` is what its addresses are relative to */
  char *summary; /* HTML */
  char *image;
  char *enclosure;
  char *base;
  gint64 published; /* milliseconds since 1970; G_MININT64: the feed doesn't say */
} TlFeedEntry;

typedef struct {
  char *title;
  char *home_url;
  char *description;
  GPtrArray *entries; /* of TlFeedEntry, as they stand in the feed, no guid twice */
  char *problem;      /* a sentence: what could not be read, when the entries before that could */
} TlFeedContent;

#define TL_FEED_ERROR (tl_feed_error_quark ())
GQuark tl_feed_error_quark (void);
typedef enum {
  TL_FEED_ERROR_PAGE, /* an HTML page: it may have links to feeds */
  TL_FEED_ERROR_BROKEN,
} TlFeedError;

/* `type` is the Content-Type it came with (NULL-able), `base` its address. Errors are sentences. */
TlFeedContent *tl_feed_parse (GBytes *bytes, const char *type, const char *base, GError **error);
void tl_feed_content_free (TlFeedContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlFeedContent, tl_feed_content_free)

/* The feeds that an HTML page links to, best first. */
GStrv tl_feed_discover (GBytes *page, const char *base);
