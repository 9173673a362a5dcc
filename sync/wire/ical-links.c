/* ical-links.c: URL and ATTACH. What is read as a file is named by its hash, as blobs are, and its bytes stand beside the
 * event; FMTTYPE, FILENAME and SIZE (RFC 8607, 4.1) say the rest. Its line stays with "blob:" and the name in place of the
 * bytes, so that it goes out again as it came. Any thread. */
#include "sync/wire/ical-links.h"

#include <string.h>

#define MOST_LINKS 20
#define MOST_FILES 8
#define LONGEST_LINK 2000
#define LONGEST_NAME 255
#define LONGEST_TYPE 127
#define BLOB "blob:"

static JsonObject *
object_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

static JsonObject *
links_of (JsonObject *event)
{
  return object_of (json_object_get_member (event, "links"));
}

static gboolean
is_file (JsonNode *link)
{
  return object_of (link) && text_of (object_of (link), "blobId");
}

/* --- lines --------------------------------------------------------------------------------------- */

static gboolean
says (const TlIcalLine *line, const char *param, const char *word)
{
  g_autofree char *value = tl_ical_line_param (line, param);

  return value && g_ascii_strcasecmp (value, word) == 0;
}

static gboolean
has_bytes (const TlIcalLine *line)
{
  return g_str_equal (line->name, "ATTACH") && says (line, "VALUE", "BINARY");
}

/* The blob that stands in place of the bytes, or NULL. */
static const char *
blob_in (const TlIcalLine *line)
{
  return has_bytes (line) && g_str_has_prefix (line->value, BLOB) ? line->value + strlen (BLOB)
                                                                  : NULL;
}

static void
set_value (TlIcalPart *event, guint i, const char *value)
{
  const TlIcalLine *line = event->lines->pdata[i];
  g_autofree char *head = g_strndup (line->text, (gsize)(line->value - line->text));

  tl_ical_part_take_line (event, g_strconcat (head, value, NULL));
  g_ptr_array_insert (event->lines, (int)i,
                      g_ptr_array_steal_index (event->lines, event->lines->len - 1));
  g_ptr_array_remove_index (event->lines, i + 1);
}

static gboolean
is_link (const TlIcalLine *line)
{
  return (g_str_equal (line->name, "URL") || g_str_equal (line->name, "ATTACH")) &&
         !has_bytes (line) && *line->value && strlen (line->value) <= LONGEST_LINK;
}

/* A name, never a path. */
static char *
name_of (const TlIcalLine *line)
{
  static const char *const params[] = { "FILENAME", "X-FILENAME", "X-APPLE-FILENAME" };
  g_autofree char *name = NULL;
  const char *end = NULL;

  for (guint i = 0; name == NULL && i < G_N_ELEMENTS (params); i++)
    name = tl_ical_line_param (line, params[i]);
  for (char *at = name; at && *at; at++)
    if (*at == '/' || g_ascii_iscntrl (*at))
      *at = '-';
  if (name && strlen (name) > LONGEST_NAME)
    name[LONGEST_NAME] = '\0';
  if (name && !g_utf8_validate (name, -1, &end))
    name[end - name] = '\0';
  return name && *name ? g_steal_pointer (&name) : NULL;
}

static void
describe (const TlIcalLine *line, JsonObject *link)
{
  g_autofree char *name = name_of (line), *type = tl_ical_line_param (line, "FMTTYPE");
  g_autofree char *size = tl_ical_line_param (line, "SIZE");
  guint64 bytes;

  if (name)
    json_object_set_string_member (link, "title", name);
  if (type && strlen (type) <= LONGEST_TYPE)
    json_object_set_string_member (link, "contentType", type);
  if (size && g_ascii_string_to_unsigned (size, 10, 0, G_MAXINT64, &bytes, NULL))
    json_object_set_int_member (link, "size", (gint64)bytes);
}

/* --- reading ------------------------------------------------------------------------------------- */

/* NULL when it is not to be written again as it is. */
static GBytes *
bytes_of (const TlIcalLine *line)
{
  gsize length = 0;
  g_autofree guchar *data = NULL;
  g_autofree char *again = NULL;

  if (!says (line, "ENCODING", "BASE64"))
    return NULL;
  data = g_base64_decode (line->value, &length);
  again = g_base64_encode (data, length);
  return length > 0 && g_str_equal (again, line->value)
             ? g_bytes_new_take (g_steal_pointer (&data), length)
             : NULL;
}

static void
read_file (TlIcalPart *event, guint i, GHashTable *files, JsonObject *links)
{
  const TlIcalLine *line = event->lines->pdata[i];
  GBytes *bytes = bytes_of (line);
  g_autofree char *hash = bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
  g_autofree char *href = g_strconcat (BLOB "b", hash, NULL);
  const char *blob = href + strlen (BLOB);
  JsonObject *link;

  if (bytes == NULL)
    return;
  link = json_object_new ();
  json_object_set_string_member (link, "title", "file");
  json_object_set_string_member (link, "contentType", "application/octet-stream");
  describe (line, link);
  json_object_set_string_member (link, "@type", "Link");
  json_object_set_string_member (link, "rel", "enclosure");
  json_object_set_string_member (link, "href", href);
  json_object_set_string_member (link, "blobId", blob);
  json_object_set_int_member (link, "size", (gint64)g_bytes_get_size (bytes));
  json_object_set_object_member (links, blob, link);
  g_hash_table_insert (files, g_strdup (blob), bytes);
  set_value (event, i, href);
}

void
tl_ical_links_read (TlIcalPart *event, GHashTable *files, JsonObject *object)
{
  JsonObject *links = json_object_new ();
  guint n_links = 0;

  for (guint i = 0; i < event->lines->len; i++) {
    const TlIcalLine *line = event->lines->pdata[i];

    if (is_link (line) && n_links < MOST_LINKS) {
      g_autofree char *id = g_strdup_printf ("%u", ++n_links);
      JsonObject *link = json_object_new ();

      json_object_set_string_member (link, "href", line->value);
      describe (line, link);
      json_object_set_object_member (links, id, link);
    } else if (files && has_bytes (line) && json_object_get_size (links) - n_links < MOST_FILES) {
      read_file (event, i, files, links);
    }
  }
  if (json_object_get_size (links) > 0) {
    json_object_set_object_member (object, "links", links);
  } else {
    json_object_set_null_member (object, "links");
    json_object_unref (links);
  }
}

void
tl_ical_links_share (JsonObject *event, JsonObject *own)
{
  JsonObject *all = links_of (event), *links = links_of (own);
  JsonObjectIter iter;
  const char *id;
  JsonNode *link;

  if (all == NULL)
    return;
  json_object_iter_init (&iter, all);
  while (json_object_iter_next (&iter, &id, &link)) {
    if (!is_file (link))
      continue;
    if (links == NULL)
      json_object_set_object_member (own, "links", links = json_object_new ());
    json_object_set_member (links, id, json_node_copy (link));
  }
}

gboolean
tl_ical_links_wait (const TlIcalPart *event)
{
  for (guint i = 0; i < event->lines->len; i++)
    if (blob_in (event->lines->pdata[i]))
      return TRUE;
  return FALSE;
}

/* --- writing ------------------------------------------------------------------------------------- */

/* A parameter's value in quotes, without what cannot stand there (RFC 5545, 3.1). */
static void
add_param (GString *line, const char *name, const char *value)
{
  g_autofree char *plain = g_strdup (value);

  for (char *at = plain; *at; at++)
    if (*at == '"' || g_ascii_iscntrl (*at))
      *at = '\'';
  g_string_append_printf (line, ";%s=\"%s\"", name, plain);
}

static GString *
attach_new (JsonObject *link)
{
  GString *line = g_string_new ("ATTACH");
  const char *type = text_of (link, "contentType"), *name = text_of (link, "title");
  gint64 size = json_object_get_int_member_with_default (link, "size", -1);

  if (type && strspn (type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "!#$&.+-^_/") == strlen (type))
    g_string_append_printf (line, ";FMTTYPE=%s", type);
  if (name)
    add_param (line, "FILENAME", name);
  if (size >= 0)
    g_string_append_printf (line, ";SIZE=%" G_GINT64_FORMAT, size);
  return line;
}

static char *
base64_of (const TlIcalFiles *files, const char *blob)
{
  GBytes *bytes = files->bytes ? g_hash_table_lookup (files->bytes, blob) : NULL;
  gsize length;
  const guchar *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  return bytes ? g_base64_encode (data, length) : NULL;
}

static void
write_file (TlIcalPart *event, JsonObject *link, const TlIcalFiles *files)
{
  const char *blob = text_of (link, "blobId"), *name = text_of (link, "title");
  g_autofree char *text = base64_of (files, blob);
  g_autoptr (GString) line = attach_new (link);

  if (text) {
    g_string_append_printf (line, ";ENCODING=BASE64;VALUE=BINARY:%s", text);
  } else if (files->address) {
    g_string_append_printf (line, ":%s%s/", files->address, blob);
    g_string_append_uri_escaped (line, name ? name : "file", NULL, FALSE);
  } else {
    return;
  }
  tl_ical_part_take_line (event, g_strdup (line->str));
}

/* It is one line, whatever it says. */
static void
write_link (TlIcalPart *event, JsonObject *link, const char *href)
{
  gboolean is_url = json_object_has_member (link, "title") == FALSE &&
                    json_object_has_member (link, "contentType") == FALSE &&
                    tl_ical_part_line (event, "URL") == NULL;
  g_autoptr (GString) line = is_url ? g_string_new ("URL") : attach_new (link);
  g_autofree char *value = g_strdelimit (g_strdup (href), "\r\n", ' ');

  g_string_append_printf (line, ":%s", value);
  tl_ical_part_take_line (event, g_strdup (line->str));
}

/* What lines say for what `links` has: addresses, files as "blob:" and their names. */
static GHashTable *
values_of (JsonObject *links)
{
  GHashTable *hrefs = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  JsonNode *link;

  if (links) {
    json_object_iter_init (&iter, links);
    while (json_object_iter_next (&iter, NULL, &link))
      if (object_of (link) && text_of (object_of (link), "href"))
        g_hash_table_add (hrefs, (gpointer)text_of (object_of (link), "href"));
  }
  return hrefs;
}

/* Whether line `i` stays: it says what is in `hrefs`. */
static gboolean
keep_line (TlIcalPart *event, guint i, GHashTable *hrefs, const TlIcalFiles *files)
{
  const TlIcalLine *line = event->lines->pdata[i];
  const char *blob = blob_in (line);
  g_autofree char *text = NULL;

  if (!g_hash_table_contains (hrefs, line->value))
    return FALSE;
  if (blob == NULL)
    return TRUE;
  text = files ? base64_of (files, blob) : NULL;
  if (text)
    set_value (event, i, text);
  return text != NULL;
}

void
tl_ical_links_write (TlIcalPart *event, JsonNode *node, const TlIcalFiles *files)
{
  JsonObject *links = object_of (node);
  g_autoptr (GHashTable) hrefs = values_of (links);
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonObjectIter iter;
  JsonNode *link;
  guint n_links = 0;

  for (guint i = 0; i < event->lines->len; i++) {
    const TlIcalLine *line = event->lines->pdata[i];
    g_autofree char *value = g_strdup (line->value);

    if (!(is_link (line) && n_links++ < MOST_LINKS) && blob_in (line) == NULL)
      continue;
    if (keep_line (event, i, hrefs, files))
      g_hash_table_add (kept, g_steal_pointer (&value));
    else
      g_ptr_array_remove_index (event->lines, i--);
  }
  if (links == NULL)
    return;
  json_object_iter_init_ordered (&iter, links);
  while (json_object_iter_next_ordered (&iter, NULL, &link)) {
    const char *href = object_of (link) ? text_of (object_of (link), "href") : NULL;

    if (href == NULL || g_hash_table_contains (kept, href))
      continue;
    if (!is_file (link))
      write_link (event, object_of (link), href);
    else if (files)
      write_file (event, object_of (link), files);
  }
}
