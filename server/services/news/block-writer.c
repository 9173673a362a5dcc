/* block-writer.c: the JSON of blocks, written in one pass into one string.
 *
 * A frame remembers where its JSON began and where its contents begin: what stayed empty is cut off
 * again. A frame that may not open (too deep, inside a table) is transparent: it is kept on the stack
 * so that ends match, but written nowhere. */
#include "server/services/news/block-writer.h"

#include "server/services/news/json-text.h"

#include <string.h>

#define MAX_BLOCKS 2000
#define MAX_DEPTH 8
#define MAX_TEXT (512 * 1024)
#define MAX_JSON (900 * 1024)
#define MAX_COLUMNS 64
#define CUT_NOTE "[The rest is left out: this is too long or too tangled to be shown whole.]"

typedef enum { LIST, ITEM, QUOTE, TABLE, ROW, CELL, FIGURE, CAPTION } FrameKind;

typedef struct {
  FrameKind kind;
  gboolean is_open; /* written; otherwise transparent */
  gboolean is_item; /* stands right in a list, so it got an item of its own */
  gsize start;      /* of its JSON, the comma included */
  gsize content;
  guint columns; /* row */
} Frame;

struct _TlBlockWriter {
  GString *json, *text;
  TlRuns *runs;
  int heading;
  GArray *frames;
  guint depth, blocks;
  gboolean is_full;

  gsize image_end; /* where the newest picture's JSON ends */
  char *last_image, *caption, *first_image;
  GPtrArray *pictures;
};

TlBlockWriter *
tl_block_writer_new (void)
{
  TlBlockWriter *self = g_new0 (TlBlockWriter, 1);

  self->json = g_string_sized_new (4096);
  self->text = g_string_sized_new (2048);
  self->runs = tl_runs_new (self->text);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->pictures = g_ptr_array_new_with_free_func (g_free);
  g_string_append_c (self->json, '[');
  return self;
}

void
tl_block_writer_free (TlBlockWriter *self)
{
  tl_runs_free (self->runs);
  g_string_free (self->json, TRUE);
  g_string_free (self->text, TRUE);
  g_array_unref (self->frames);
  g_ptr_array_unref (self->pictures);
  g_free (self->last_image);
  g_free (self->caption);
  g_free (self->first_image);
  g_free (self);
}

gboolean
tl_block_writer_is_full (TlBlockWriter *self)
{
  return self->is_full;
}

/* --- frames ------------------------------------------------------------------------------------ */

static Frame *
innermost_open (TlBlockWriter *self)
{
  for (guint i = self->frames->len; i > 0; i--)
    if (g_array_index (self->frames, Frame, i - 1).is_open)
      return &g_array_index (self->frames, Frame, i - 1);
  return NULL;
}

/* Cells and captions hold runs, not blocks. */
static gboolean
is_inline (TlBlockWriter *self)
{
  Frame *frame = innermost_open (self);

  return frame && (frame->kind == CELL || frame->kind == CAPTION);
}

static Frame *
find_figure (TlBlockWriter *self)
{
  for (guint i = self->frames->len; i > 0; i--)
    if (g_array_index (self->frames, Frame, i - 1).kind == FIGURE)
      return &g_array_index (self->frames, Frame, i - 1);
  return NULL;
}

static void
comma (TlBlockWriter *self)
{
  if (self->json->str[self->json->len - 1] != '[')
    g_string_append_c (self->json, ',');
}

static void
break_plain_text (TlBlockWriter *self)
{
  if (self->text->len > 0 && self->text->str[self->text->len - 1] != '\n')
    g_string_append_c (self->text, '\n');
}

/* Before a block; TRUE when it stands right in a list. */
static gboolean
begin_block (TlBlockWriter *self)
{
  Frame *frame = innermost_open (self);

  self->blocks++;
  if (self->blocks >= MAX_BLOCKS || self->json->len > MAX_JSON || self->text->len > MAX_TEXT)
    self->is_full = TRUE;
  comma (self);
  if (frame == NULL || frame->kind != LIST)
    return FALSE;
  g_string_append_c (self->json, '[');
  return TRUE;
}

static void
end_block (TlBlockWriter *self, gboolean is_item)
{
  if (is_item)
    g_string_append_c (self->json, ']');
  break_plain_text (self);
}

static void
push (TlBlockWriter *self, Frame frame, const char *json)
{
  if (frame.is_open)
    g_string_append (self->json, json);
  frame.content = self->json->len;
  g_array_append_val (self->frames, frame);
}

/* What is a block itself and holds others. */
static void
begin_container (TlBlockWriter *self, FrameKind kind, const char *json)
{
  Frame frame = { .kind = kind };

  tl_block_writer_paragraph (self);
  frame.start = self->json->len;
  frame.is_open = self->depth < MAX_DEPTH && !self->is_full && !is_inline (self);
  if (frame.is_open) {
    self->depth++;
    frame.is_item = begin_block (self);
  }
  push (self, frame, json);
}

/* A part of the container right around it; transparent when there is none. */
static void
begin_part (TlBlockWriter *self, FrameKind kind, FrameKind of)
{
  Frame *outer;
  Frame frame = { .kind = kind };

  tl_block_writer_paragraph (self);
  outer = innermost_open (self);
  frame.start = self->json->len;
  frame.is_open = outer && outer->kind == of && !self->is_full;
  if (frame.is_open && of == ROW && outer->columns++ >= MAX_COLUMNS)
    frame.is_open = FALSE;
  if (frame.is_open && of == TABLE)
    frame.is_open = ++self->blocks < MAX_BLOCKS;
  if (frame.is_open)
    comma (self);
  push (self, frame, "[");
}

/* --- the open paragraph ------------------------------------------------------------------------- */

void
tl_block_writer_text (TlBlockWriter *self, const char *text, gsize length)
{
  gsize room = self->text->len < MAX_TEXT ? MAX_TEXT - self->text->len : 0;

  if (self->is_full)
    return;
  self->is_full = length > room;
  tl_runs_add (self->runs, text, MIN (length, room));
}

void
tl_block_writer_style (TlBlockWriter *self, TlRunStyle style, gboolean on)
{
  tl_runs_style (self->runs, style, on);
}

void
tl_block_writer_link (TlBlockWriter *self, const char *address)
{
  tl_runs_link (self->runs, address);
}

/* Two of them make a paragraph. */
void
tl_block_writer_line_break (TlBlockWriter *self)
{
  if (!tl_runs_break (self->runs) && !self->heading && !is_inline (self))
    tl_block_writer_paragraph (self);
}

void
tl_block_writer_paragraph (TlBlockWriter *self)
{
  g_autofree char *runs = NULL;
  gboolean is_item;

  if (is_inline (self)) {
    tl_runs_break (self->runs);
    return;
  }
  runs = tl_runs_take (self->runs);
  if (runs == NULL)
    return;
  is_item = begin_block (self);
  if (self->heading)
    g_string_append_printf (self->json, "{\"type\":\"heading\",\"level\":%d", self->heading);
  else
    g_string_append (self->json, "{\"type\":\"paragraph\"");
  g_string_append (self->json, ",\"runs\":[");
  g_string_append (self->json, runs);
  g_string_append (self->json, "]}");
  end_block (self, is_item);
}

void
tl_block_writer_heading (TlBlockWriter *self, int level)
{
  tl_block_writer_paragraph (self);
  self->heading = level;
}

/* --- blocks that hold no others ------------------------------------------------------------------ */

void
tl_block_writer_code (TlBlockWriter *self, const char *text, const char *language)
{
  gsize room = self->text->len < MAX_TEXT ? MAX_TEXT - self->text->len : 0;
  g_autofree char *bounded = g_strndup (text, room);
  gboolean is_item;

  tl_block_writer_paragraph (self);
  if (self->is_full || *bounded == '\0')
    return;
  self->is_full = strlen (text) > room;
  if (is_inline (self)) {
    tl_runs_style (self->runs, TL_RUN_CODE, TRUE);
    tl_runs_add (self->runs, bounded, strlen (bounded));
    tl_runs_style (self->runs, TL_RUN_CODE, FALSE);
    return;
  }
  is_item = begin_block (self);
  g_string_append (self->json, "{\"type\":\"code\",\"text\":");
  tl_json_append_foreign (self->json, bounded, -1);
  tl_json_append_member (self->json, "language", language);
  g_string_append_c (self->json, '}');
  g_string_append (self->text, bounded);
  end_block (self, is_item);
}

static void
append_picture (GString *json, const TlPicture *picture, const char *hash)
{
  g_string_append_printf (json, "\"src\":\"%s\"", hash);
  if (picture->width > 0 && picture->height > 0)
    g_string_append_printf (json, ",\"width\":%d,\"height\":%d", picture->width, picture->height);
  tl_json_append_member (json, "alt", picture->alt);
}

static void
note_picture (TlBlockWriter *self, const TlPicture *picture, const char *hash)
{
  if (self->first_image == NULL) {
    GString *json = g_string_new ("{");

    append_picture (json, picture, hash);
    g_string_append_c (json, '}');
    self->first_image = g_string_free_and_steal (json);
  }
  g_ptr_array_add (self->pictures, g_strdup (hash));
  g_ptr_array_add (self->pictures, g_strdup (picture->url));
  g_set_str (&self->last_image, hash);
}

/* The same picture twice in a row is one with a stand-in for lazy loading. */
void
tl_block_writer_image (TlBlockWriter *self, const TlPicture *picture)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, picture->url, -1);
  gboolean is_item;

  tl_block_writer_paragraph (self);
  if (self->is_full || is_inline (self) || g_strcmp0 (hash, self->last_image) == 0)
    return;
  note_picture (self, picture, hash);
  is_item = begin_block (self);
  g_string_append (self->json, "{\"type\":\"image\",");
  append_picture (self->json, picture, hash);
  tl_json_append_member (self->json, "url", picture->url);
  if (self->caption)
    g_string_append_printf (self->json, ",\"caption\":[%s]", self->caption);
  g_clear_pointer (&self->caption, g_free);
  g_string_append_c (self->json, '}');
  self->image_end = self->json->len;
  end_block (self, is_item);
}

void
tl_block_writer_embed (TlBlockWriter *self, const char *address, const char *title)
{
  gboolean is_item;

  tl_block_writer_paragraph (self);
  if (self->is_full || is_inline (self))
    return;
  is_item = begin_block (self);
  g_string_append (self->json, "{\"type\":\"embed\"");
  tl_json_append_member (self->json, "href", address);
  tl_json_append_member (self->json, "title", title);
  g_string_append_c (self->json, '}');
  end_block (self, is_item);
}

void
tl_block_writer_rule (TlBlockWriter *self)
{
  gboolean is_item;

  tl_block_writer_paragraph (self);
  if (self->is_full || is_inline (self))
    return;
  is_item = begin_block (self);
  g_string_append (self->json, "{\"type\":\"rule\"}");
  end_block (self, is_item);
}

/* --- blocks that hold others ---------------------------------------------------------------------- */

void
tl_block_writer_begin_list (TlBlockWriter *self, gboolean ordered)
{
  begin_container (self, LIST,
                   ordered ? "{\"type\":\"list\",\"ordered\":true,\"items\":["
                           : "{\"type\":\"list\",\"ordered\":false,\"items\":[");
}

void
tl_block_writer_begin_item (TlBlockWriter *self)
{
  begin_part (self, ITEM, LIST);
}

void
tl_block_writer_begin_quote (TlBlockWriter *self, const char *cite)
{
  g_autoptr (GString) json = g_string_new ("{\"type\":\"quote\"");

  tl_json_append_member (json, "cite", cite);
  g_string_append (json, ",\"blocks\":[");
  begin_container (self, QUOTE, json->str);
}

void
tl_block_writer_begin_table (TlBlockWriter *self, gboolean header)
{
  begin_container (self, TABLE,
                   header ? "{\"type\":\"table\",\"header\":true,\"rows\":["
                          : "{\"type\":\"table\",\"header\":false,\"rows\":[");
}

void
tl_block_writer_begin_row (TlBlockWriter *self)
{
  begin_part (self, ROW, TABLE);
}

void
tl_block_writer_begin_cell (TlBlockWriter *self)
{
  begin_part (self, CELL, ROW);
}

void
tl_block_writer_begin_figure (TlBlockWriter *self)
{
  Frame frame = { .kind = FIGURE };

  tl_block_writer_paragraph (self);
  g_clear_pointer (&self->caption, g_free);
  frame.start = self->json->len;
  push (self, frame, NULL);
}

void
tl_block_writer_begin_caption (TlBlockWriter *self)
{
  Frame frame = { .kind = CAPTION };

  tl_block_writer_paragraph (self);
  frame.start = self->json->len;
  frame.is_open = find_figure (self) && !is_inline (self);
  push (self, frame, "");
}

/* To the figure's picture, or kept for the one that follows. */
static void
end_caption (TlBlockWriter *self)
{
  Frame *figure = find_figure (self);
  g_autofree char *runs = tl_runs_take (self->runs);
  g_autofree char *member = NULL;

  break_plain_text (self);
  if (runs == NULL)
    return;
  if (self->image_end <= figure->start) {
    g_set_str (&self->caption, runs);
    return;
  }
  member = g_strdup_printf (",\"caption\":[%s]", runs);
  g_string_insert (self->json, (gssize)self->image_end - 1, member);
  for (guint i = 0; i < self->frames->len; i++) {
    Frame *frame = &g_array_index (self->frames, Frame, i);

    if (frame->start >= self->image_end)
      frame->start += strlen (member);
    if (frame->content >= self->image_end)
      frame->content += strlen (member);
  }
  self->image_end = figure->start; /* one caption is enough */
}

/* A caption without a picture is a paragraph. */
static void
end_figure (TlBlockWriter *self)
{
  gboolean is_item;

  if (self->caption == NULL)
    return;
  is_item = begin_block (self);
  g_string_append_printf (self->json, "{\"type\":\"paragraph\",\"runs\":[%s]}", self->caption);
  g_clear_pointer (&self->caption, g_free);
  end_block (self, is_item);
}

/* Cells stand for their column, empty or not. */
static void
close_frame (TlBlockWriter *self, const Frame *frame)
{
  static const char *const ends[] = {
    [LIST] = "]}", [ITEM] = "]", [QUOTE] = "]}", [TABLE] = "]}", [ROW] = "]", [CELL] = "]"
  };

  if (self->json->len == frame->content && frame->kind != CELL) {
    g_string_truncate (self->json, frame->start);
    return;
  }
  g_string_append (self->json, ends[frame->kind]);
  if (frame->is_item)
    g_string_append_c (self->json, ']');
}

void
tl_block_writer_end (TlBlockWriter *self)
{
  Frame frame = g_array_index (self->frames, Frame, self->frames->len - 1);

  if (frame.is_open && frame.kind == CELL) {
    g_autofree char *runs = tl_runs_take (self->runs);

    g_string_append (self->json, runs ? runs : "");
    break_plain_text (self);
  } else if (frame.is_open && frame.kind == CAPTION) {
    end_caption (self);
  } else {
    tl_block_writer_paragraph (self);
  }
  g_array_set_size (self->frames, self->frames->len - 1);
  if (frame.kind == FIGURE)
    end_figure (self);
  if (!frame.is_open || frame.kind == CAPTION)
    return;
  self->depth -= frame.kind == LIST || frame.kind == QUOTE || frame.kind == TABLE;
  close_frame (self, &frame);
}

void
tl_block_writer_finish (TlBlockWriter *self, gboolean cut)
{
  while (self->frames->len > 0)
    tl_block_writer_end (self);
  tl_block_writer_paragraph (self);
  if (cut || self->is_full) {
    comma (self);
    g_string_append (self->json,
                     "{\"type\":\"paragraph\",\"runs\":[{\"t\":\"" CUT_NOTE "\",\"i\":true}]}");
  }
  g_string_append_c (self->json, ']');
}

TlPage *
tl_block_writer_take (TlBlockWriter *self)
{
  TlPage *page = g_new0 (TlPage, 1);

  while (g_str_has_suffix (self->text->str, "\n"))
    g_string_truncate (self->text, self->text->len - 1);
  page->blocks = g_strndup (self->json->str, self->json->len);
  page->text = g_strndup (self->text->str, self->text->len);
  page->image = g_steal_pointer (&self->first_image);
  page->pictures = g_ptr_array_ref (self->pictures);
  return page;
}
