/* letter.c: GMime encodes and folds. What people wrote themselves (names, titles) is made one line before it comes
 * near a header. */
#include "server/services/notify/letter.h"

#include <gmime/gmime.h>
#include <string.h>

/* A header ends where its line ends: nothing that people wrote does. */
static char *
one_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);

  for (const char *at = valid; *at; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);
    GUnicodeType type = g_unichar_type (letter);

    if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR)
      letter = ' ';
    g_string_append_unichar (line, letter);
  }
  return g_strstrip (g_string_free_and_steal (line));
}

static void
set_header (GMimeMessage *message, const char *name, const char *value)
{
  g_mime_object_set_header (GMIME_OBJECT (message), name, value, NULL);
}

static void
address (GMimeMessage *message, GMimeAddressType type, const char *name, const char *where)
{
  g_autofree char *line = name ? one_line (name) : NULL;

  g_mime_message_add_mailbox (message, type, line, where);
}

static void
set_names (GMimeMessage *message, const TlLetter *self)
{
  const char *host = strchr (self->from, '@') + 1;
  g_autofree char *id = g_strdup_printf ("%s@%s", self->id, host);

  g_mime_message_set_message_id (message, id);
  if (self->about) {
    g_autofree char *about = g_strdup_printf ("<%s@%s>", self->about, host);

    set_header (message, "In-Reply-To", about);
    set_header (message, "References", about);
  }
}

static void
set_headers (GMimeMessage *message, const TlLetter *self)
{
  g_autofree char *subject = one_line (self->subject);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  address (message, GMIME_ADDRESS_TYPE_FROM, self->from_name, self->from);
  address (message, GMIME_ADDRESS_TYPE_TO, NULL, self->to);
  g_mime_message_set_subject (message, subject, "utf-8");
  g_mime_message_set_date (message, now);
  set_names (message, self);
  set_header (message, "Auto-Submitted", "auto-generated");
  set_header (message, "X-Auto-Response-Suppress", "All");
  if (self->unsubscribe) {
    g_autofree char *link = g_strdup_printf ("<%s>", self->unsubscribe);

    set_header (message, "List-Unsubscribe", link);
    set_header (message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
}

static void
add_part (GMimeMultipart *whole, const char *subtype, const char *text)
{
  GMimeTextPart *part = g_mime_text_part_new_with_subtype (subtype);

  g_mime_text_part_set_charset (part, "utf-8");
  g_mime_text_part_set_text (part, text);
  g_mime_part_set_content_encoding (GMIME_PART (part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_mime_multipart_add (whole, GMIME_OBJECT (part));
  g_object_unref (part);
}

static GBytes *
print (GMimeMessage *message)
{
  GMimeFormatOptions *options = g_mime_format_options_new ();
  GMimeStream *stream = g_mime_stream_mem_new ();
  GBytes *bytes;
  GByteArray *array;

  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  g_mime_object_write_to_stream (GMIME_OBJECT (message), options, stream);
  array = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  bytes = g_bytes_new (array->data, array->len);
  g_object_unref (stream);
  g_mime_format_options_free (options);
  return bytes;
}

GBytes *
tl_letter_write (const TlLetter *self)
{
  static gsize once;
  GMimeMessage *message;
  GMimeMultipart *whole;
  GBytes *bytes;

  if (g_once_init_enter (&once)) {
    g_mime_init ();
    g_once_init_leave (&once, 1);
  }
  message = g_mime_message_new (TRUE);
  whole = g_mime_multipart_new_with_subtype ("alternative");
  set_headers (message, self);
  add_part (whole, "plain", self->text);
  add_part (whole, "html", self->html);
  g_mime_message_set_mime_part (message, GMIME_OBJECT (whole));
  bytes = print (message);
  g_object_unref (whole);
  g_object_unref (message);
  return bytes;
}
