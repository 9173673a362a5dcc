/* terminal.c: see the header. Everything that the command line prints goes through here. */
#include "app/terminal.h"

#include <string.h>

static gboolean
is_obeyed (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

typedef enum { LINE, TEXT, JSON } Kind;

static void
append (GString *out, gunichar c, Kind kind)
{
  if (!is_obeyed (c) || (kind != LINE && c == '\n') || (kind == TEXT && c == '\t'))
    g_string_append_unichar (out, c);
  else if (kind == JSON)
    g_string_append_printf (out, "\\u%04x", c);
  else if (c == '\n' || c == '\t')
    g_string_append_c (out, ' ');
  else
    g_string_append_unichar (out, 0xfffd);
}

static void
write_all (FILE *to, const char *text, Kind kind, const char *end)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at; at = g_utf8_next_char (at))
    append (out, g_utf8_get_char (at), kind);
  fputs (out->str, to);
  fputs (end, to);
}

void
tl_terminal_say (FILE *to, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (g_str_has_suffix (format, "\n")) {
    text[strlen (text) - 1] = '\0';
    write_all (to, text, LINE, "\n");
  } else {
    write_all (to, text, LINE, "");
  }
}

void
tl_terminal_say_text (FILE *to, const char *text)
{
  write_all (to, text, TEXT, "\n");
}

void
tl_terminal_say_json (FILE *to, const char *json)
{
  write_all (to, json, JSON, "\n");
}
