/* blocks.h: a page's text as a small tree of blocks, what the reader shows natively.
 *
 * JSON array of blocks. A run is {"t": text} with optional "b", "i", "c" (code), "s" (strike): true
 * and "href": an http(s) or mailto address. A block is one of
 *   {"type":"paragraph","runs":[run…]}
 *   {"type":"heading","level":1-6,"runs":[…]}
 *   {"type":"list","ordered":bool,"items":[[block…]…]}
 *   {"type":"quote","blocks":[block…],"cite":text?}
 *   {"type":"code","text":text,"language":text?}
 *   {"type":"table","header":bool,"rows":[[[run…]…]…]}
 *   {"type":"image","src":hash,"url":address,"width":n?,"height":n?,"alt":text?,"caption":[run…]?}
 *   {"type":"embed","href":address,"title":text}         (video, audio, frame: a link)
 *   {"type":"rule"}
 * `src` is the SHA-256 (64 hex digits) of the picture's address: fetched at /media/<src>.
 * Depth at most 8, blocks at most 2,000, text at most 512 kB: what is beyond is cut with a last
 * paragraph saying so. */
#pragma once

#include <glib.h>

typedef enum {
  TL_BLOCK_PARAGRAPH,
  TL_BLOCK_HEADING,
  TL_BLOCK_LIST,
  TL_BLOCK_QUOTE,
  TL_BLOCK_CODE,
  TL_BLOCK_TABLE,
  TL_BLOCK_IMAGE,
  TL_BLOCK_EMBED,
  TL_BLOCK_RULE,
} TlBlockKind;

typedef struct _TlBlock TlBlock;
struct _TlBlock {
  TlBlockKind kind;
  int level;         /* heading */
  gboolean ordered;  /* list */
  gboolean header;   /* table: the first row is one */
  char *text;        /* code; embed: title; image: alt; quote: cite */
  char *markup;      /* paragraph, heading; image: caption. Pango markup, links as <a href> */
  char *href;        /* embed, image: address */
  char *src;         /* image */
  int width, height; /* image; 0 when unknown */
  GPtrArray *items; /* list: of GPtrArray of TlBlock; quote: of TlBlock; table: of GStrv (markup) */
};

/* Reads the JSON text; unknown kinds are skipped, limits hold; NULL with an error for what is not an
 * array. The result is an array of TlBlock. */
GPtrArray *tl_blocks_parse (const char *json, GError **error);
/* All text of it, blocks separated by newlines: for search and for the terminal. */
char *tl_blocks_to_text (GPtrArray *blocks);
