/* block-writer.h: writes the JSON of sync/wire/blocks.h as a stream, and keeps its bounds.
 *
 * Text goes into the open paragraph as runs, with blanks collapsed; whatever begins or ends a block
 * closes it. What is empty in the end is not there. One thread at a time. */
#pragma once

#include "server/services/news/block-runs.h"
#include "server/services/news/html-blocks.h"

typedef struct _TlBlockWriter TlBlockWriter;

typedef struct {
  const char *url; /* absolute */
  const char *alt; /* NULL-able */
  int width, height;
} TlPicture;

TlBlockWriter *tl_block_writer_new (void);
void tl_block_writer_free (TlBlockWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlBlockWriter, tl_block_writer_free)
/* A bound was reached: nothing is added any more. */
gboolean tl_block_writer_is_full (TlBlockWriter *self);

/* Text of the open paragraph. */
void tl_block_writer_text (TlBlockWriter *self, const char *text, gsize length);
void tl_block_writer_line_break (TlBlockWriter *self);
void tl_block_writer_style (TlBlockWriter *self, TlRunStyle style, gboolean on);
void tl_block_writer_link (TlBlockWriter *self, const char *address); /* NULL ends it */

/* Ends the open paragraph. */
void tl_block_writer_paragraph (TlBlockWriter *self);
/* The next paragraph is a heading; 0: it is not. */
void tl_block_writer_heading (TlBlockWriter *self, int level);
void tl_block_writer_code (TlBlockWriter *self, const char *text, const char *language);
void tl_block_writer_image (TlBlockWriter *self, const TlPicture *picture);
void tl_block_writer_embed (TlBlockWriter *self, const char *address, const char *title);
void tl_block_writer_rule (TlBlockWriter *self);

/* Blocks that hold others. Beyond the depth they are left out, what they hold is not. */
void tl_block_writer_begin_list (TlBlockWriter *self, gboolean ordered);
void tl_block_writer_begin_item (TlBlockWriter *self);
void tl_block_writer_begin_quote (TlBlockWriter *self, const char *cite);
void tl_block_writer_begin_table (TlBlockWriter *self, gboolean header);
void tl_block_writer_begin_row (TlBlockWriter *self);
void tl_block_writer_begin_cell (TlBlockWriter *self);
void tl_block_writer_begin_figure (TlBlockWriter *self);
void tl_block_writer_begin_caption (TlBlockWriter *self);
/* Ends the newest of these. */
void tl_block_writer_end (TlBlockWriter *self);

/* Ends everything; adds a last paragraph that says so when `cut` or full. */
void tl_block_writer_finish (TlBlockWriter *self, gboolean cut);
/* What was written, after that. */
TlPage *tl_block_writer_take (TlBlockWriter *self);
