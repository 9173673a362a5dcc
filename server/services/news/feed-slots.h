/* feed-slots.h: what an element of a feed means: one table says which goes into which slot; the first value of a slot
 * counts. Between feed-slots.c and feed-xml.c. */
#pragma once

#include "server/services/news/feed-parts.h"

#include <libxml/tree.h>

typedef enum {
  TITLE,
  OTHER_TITLE,
  LINK,
  GUID,
  GUID_LINK,
  AUTHOR,
  OTHER_AUTHOR,
  CONTENT,
  DESCRIPTION,
  SUMMARY,
  PUBLISHED,
  UPDATED,
  IMAGE,
  ENCLOSURE,
  BASE,
  N_SLOTS
} Slot;

typedef struct {
  const char *base; /* of the document */
  char *slots[N_SLOTS];
} Slots;

typedef enum { RSS, ATOM, CONTENT_NS, DC, MEDIA, ITUNES, XHTML, OTHER_NS } Ns;

/* Some feeds forget to declare a prefix: then it is part of the name. */
Ns tl_feed_ns (const xmlNode *node, const char **name);
/* The next node of the tree below `top`, into the children of `node` or past them. */
xmlNode *tl_feed_next_node (xmlNode *node, const xmlNode *top, gboolean into);

/* An element of an entry, or of the feed itself. */
void tl_feed_fill_entry (Slots *slots, xmlNode *node);
void tl_feed_fill_head (Slots *slots, xmlNode *node);
/* Takes the first, or else the second. */
char *tl_feed_either (Slots *slots, Slot first, Slot second);
void tl_feed_clear_slots (Slots *slots);
