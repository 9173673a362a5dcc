/* blocks.c: the JSON of blocks.h as a tree with Pango markup, for the reader.
 *
 * What a server sends is not trusted: kinds that are not known are skipped, depth, blocks and text are
 * bounded, addresses other than http, https and mailto are no links. */
#include "sync/wire/blocks.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_DEPTH 12
#define MAX_BLOCKS 2100
#define MAX_TEXT (768 * 1024)
#define MAX_COLUMNS 64

typedef struct {
  guint blocks;
  gsize text;
} Room; /* what is left */

static GPtrArray *read_blocks (JsonArray *array, Room *room, int depth);

static void
block_free (gpointer data)
{
  TlBlock *block = data;

  g_free (block->text);
  g_free (block->markup);
  g_free (block->href);
  g_free (block->src);
  g_clear_pointer (&block->items, g_ptr_array_unref);
  g_free (block);
}

/* --- values ------------------------------------------------------------------------------------ */

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static gint64
get_int (JsonObject *object, const char *name, gint64 least, gint64 most)
{
  JsonNode *node = json_object_get_member (object, name);
  gint64 value = 0;

  if (node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    value = json_node_get_int (node);
  return CLAMP (value, least, most);
}

static gboolean
get_bool (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
object_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
array_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static guint
length_of (JsonArray *array)
{
  return array ? json_array_get_length (array) : 0;
}

static gboolean
is_harmless (const char *address)
{
  return address &&
         (g_str_has_prefix (address, "https://") || g_str_has_prefix (address, "http://") ||
          g_str_has_prefix (address, "mailto:"));
}

/* At most what there is room for, cut at a character. */
static char *
take_text (Room *room, const char *text)
{
  gsize length = text ? strlen (text) : 0;

  if (text == NULL)
    return NULL;
  if (length > room->text) {
    length = room->text;
    while (length > 0 && (text[length] & 0xc0) == 0x80)
      length--;
  }
  room->text -= length;
  return g_strndup (text, length);
}

static char *
take_address (JsonObject *object, const char *name)
{
  const char *address = get_text (object, name);

  return is_harmless (address) ? g_strdup (address) : NULL;
}

/* --- runs --------------------------------------------------------------------------------------- */

static const struct {
  const char *member, *begin, *end;
} styles[] = {
  { "b", "<b>", "</b>" },
  { "i", "<i>", "</i>" },
  { "c", "<tt>", "</tt>" },
  { "s", "<s>", "</s>" },
};

static void
append_run (GString *markup, JsonObject *run, Room *room)
{
  const char *href = get_text (run, "href");
  g_autofree char *text = take_text (room, get_text (run, "t"));
  g_autofree char *escaped = text ? g_markup_escape_text (text, -1) : NULL;
  g_autofree char *address = is_harmless (href) ? g_markup_escape_text (href, -1) : NULL;

  if (escaped == NULL)
    return;
  if (address)
    g_string_append_printf (markup, "<a href=\"%s\">", address);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (get_bool (run, styles[i].member))
      g_string_append (markup, styles[i].begin);
  g_string_append (markup, escaped);
  for (guint i = G_N_ELEMENTS (styles); i > 0; i--)
    if (get_bool (run, styles[i - 1].member))
      g_string_append (markup, styles[i - 1].end);
  if (address)
    g_string_append (markup, "</a>");
}

static char *
read_runs (JsonArray *runs, Room *room)
{
  GString *markup = g_string_new (NULL);

  for (guint i = 0; i < length_of (runs) && room->text > 0; i++)
    if (object_at (runs, i))
      append_run (markup, object_at (runs, i), room);
  return g_string_free_and_steal (markup);
}

/* --- blocks ------------------------------------------------------------------------------------- */

/* Each reads what its kind has; FALSE: nothing to show. */

static gboolean
read_paragraph (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  block->markup = read_runs (get_array (object, "runs"), room);
  return *block->markup != '\0';
}

static gboolean
read_heading (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  block->level = (int)get_int (object, "level", 1, 6);
  return read_paragraph (block, object, room, depth);
}

static gboolean
read_list (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  JsonArray *items = get_array (object, "items");

  block->ordered = get_bool (object, "ordered");
  block->items = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < length_of (items) && room->blocks > 0; i++)
    if (array_at (items, i))
      g_ptr_array_add (block->items, read_blocks (array_at (items, i), room, depth + 1));
  return block->items->len > 0;
}

static gboolean
read_quote (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  JsonArray *blocks = get_array (object, "blocks");

  if (blocks == NULL)
    return FALSE;
  block->text = take_text (room, get_text (object, "cite"));
  block->items = read_blocks (blocks, room, depth + 1);
  return block->items->len > 0;
}

static gboolean
read_code (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  block->text = take_text (room, get_text (object, "text"));
  return block->text != NULL;
}

static GStrv
read_row (JsonArray *cells, Room *room)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < MIN (length_of (cells), MAX_COLUMNS); i++)
    g_strv_builder_take (builder, read_runs (array_at (cells, i), room));
  return g_strv_builder_end (builder);
}

static gboolean
read_table (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  JsonArray *rows = get_array (object, "rows");

  block->header = get_bool (object, "header");
  block->items = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  for (guint i = 0; i < length_of (rows) && room->blocks > 0; i++, room->blocks--)
    if (array_at (rows, i))
      g_ptr_array_add (block->items, read_row (array_at (rows, i), room));
  return block->items->len > 0;
}

static gboolean
is_hash (const char *text)
{
  return text && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
read_image (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  const char *src = get_text (object, "src");

  if (!is_hash (src))
    return FALSE;
  block->src = g_strdup (src);
  block->href = take_address (object, "url");
  block->width = (int)get_int (object, "width", 0, 20000);
  block->height = (int)get_int (object, "height", 0, 20000);
  block->text = take_text (room, get_text (object, "alt"));
  block->markup = read_runs (get_array (object, "caption"), room);
  if (*block->markup == '\0')
    g_clear_pointer (&block->markup, g_free);
  return TRUE;
}

static gboolean
read_embed (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  block->href = take_address (object, "href");
  block->text = take_text (room, get_text (object, "title"));
  return block->href != NULL;
}

static gboolean
read_rule (TlBlock *block, JsonObject *object, Room *room, int depth)
{
  return TRUE;
}

static const struct {
  const char *type;
  gboolean (*read) (TlBlock *block, JsonObject *object, Room *room, int depth);
} kinds[] = {
  [TL_BLOCK_PARAGRAPH] = { "paragraph", read_paragraph },
  [TL_BLOCK_HEADING] = { "heading", read_heading },
  [TL_BLOCK_LIST] = { "list", read_list },
  [TL_BLOCK_QUOTE] = { "quote", read_quote },
  [TL_BLOCK_CODE] = { "code", read_code },
  [TL_BLOCK_TABLE] = { "table", read_table },
  [TL_BLOCK_IMAGE] = { "image", read_image },
  [TL_BLOCK_EMBED] = { "embed", read_embed },
  [TL_BLOCK_RULE] = { "rule", read_rule },
};

static void
add_block (GPtrArray *blocks, JsonObject *object, Room *room, int depth)
{
  const char *type = get_text (object, "type");

  for (guint i = 0; type && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].type, type)) {
      TlBlock *block = g_new0 (TlBlock, 1);

      block->kind = (TlBlockKind)i;
      room->blocks--;
      if (kinds[i].read (block, object, room, depth))
        g_ptr_array_add (blocks, block);
      else
        block_free (block);
    }
}

static GPtrArray *
read_blocks (JsonArray *array, Room *room, int depth)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func (block_free);

  for (guint i = 0; depth < MAX_DEPTH && i < json_array_get_length (array) && room->blocks > 0; i++)
    if (object_at (array, i))
      add_block (blocks, object_at (array, i), room, depth);
  return blocks;
}

GPtrArray *
tl_blocks_parse (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (json, error);
  Room room = { MAX_BLOCKS, MAX_TEXT };

  if (node == NULL && error && *error)
    return NULL;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The article's text is not an array of blocks");
    return NULL;
  }
  return read_blocks (json_node_get_array (node), &room, 0);
}

/* --- as text -------------------------------------------------------------------------------------- */

static void append_blocks (GString *text, GPtrArray *blocks);

static void
append_line (GString *text, const char *line)
{
  if (line == NULL || *line == '\0')
    return;
  g_string_append (text, line);
  g_string_append_c (text, '\n');
}

static void
append_plain (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
              GError **error)
{
  g_string_append_len (data, text, (gssize)length);
}

static void
append_markup (GString *text, const char *markup)
{
  static const GMarkupParser parser = { .text = append_plain };
  g_autoptr (GMarkupParseContext) context = NULL;

  if (markup == NULL || *markup == '\0')
    return;
  context = g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, text, NULL);
  g_markup_parse_context_parse (context, "<m>", -1, NULL);
  g_markup_parse_context_parse (context, markup, -1, NULL);
  g_markup_parse_context_parse (context, "</m>", -1, NULL);
}

static void
append_table (GString *text, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    GStrv cells = rows->pdata[i];

    for (guint j = 0; cells[j]; j++) {
      if (j)
        g_string_append_c (text, '\t');
      append_markup (text, cells[j]);
    }
    g_string_append_c (text, '\n');
  }
}

static void
append_block (GString *text, const TlBlock *block)
{
  if (block->markup) {
    append_markup (text, block->markup);
    g_string_append_c (text, '\n');
  }
  if (block->kind == TL_BLOCK_TABLE)
    append_table (text, block->items);
  if (block->kind == TL_BLOCK_QUOTE)
    append_blocks (text, block->items);
  for (guint i = 0; block->kind == TL_BLOCK_LIST && i < block->items->len; i++)
    append_blocks (text, block->items->pdata[i]);
  if (block->kind != TL_BLOCK_QUOTE)
    append_line (text, block->text);
}

static void
append_blocks (GString *text, GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    append_block (text, blocks->pdata[i]);
}

char *
tl_blocks_to_text (GPtrArray *blocks)
{
  GString *text = g_string_new (NULL);

  append_blocks (text, blocks);
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  return g_string_free_and_steal (text);
}
