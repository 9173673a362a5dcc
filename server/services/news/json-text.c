/* json-text.c: JSON written as text, for what is made in bulk. Any thread. */
#include "server/services/news/json-text.h"

#include <string.h>

void
tl_json_append_foreign (GString *json, const char *text, gssize length)
{
  gsize size = length < 0 ? strlen (text) : (gsize)length;
  g_autofree char *valid = NULL;
  const char *end, *start;

  if (!g_utf8_validate_len (text, size, NULL)) {
    valid = g_utf8_make_valid (text, (gssize)size);
    text = valid;
    size = strlen (valid);
  }
  g_string_append_c (json, '"');
  end = text + size;
  for (start = text; text < end; text++) {
    guchar c = (guchar)*text;

    if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f)
      continue;
    g_string_append_len (json, start, text - start);
    start = text + 1;
    if (c == '"' || c == '\\') {
      g_string_append_c (json, '\\');
      g_string_append_c (json, (char)c);
    } else {
      g_string_append (json, c == '\n' ? "\\n" : c == '\t' ? "\\t" : " ");
    }
  }
  g_string_append_len (json, start, end - start);
  g_string_append_c (json, '"');
}

void
tl_json_append_member (GString *json, const char *name, const char *text)
{
  if (text == NULL)
    return;
  g_string_append_printf (json, ",\"%s\":", name);
  tl_json_append_foreign (json, text, -1);
}
