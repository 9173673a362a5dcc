/* ical-tree.c: RFC 5545, 3.1: unfolds lines and nests components, and writes them again. Every line that is a property
 * is kept as it came; one that is none, and an END of nothing, is named and left out. Bounded in depth, in components
 * and in the length of a line. Any thread. */
#include "sync/wire/ical-tree.h"

#include <string.h>

#define MOST_DEPTH 8
#define MOST_PARTS 100000
#define LONGEST_LINE (1024 * 1024)
#define FOLD 75

/* --- parts --------------------------------------------------------------------------------------- */

static void
line_free (gpointer data)
{
  TlIcalLine *line = data;

  g_free (line->text);
  g_free (line->name);
  g_free (line);
}

TlIcalPart *
tl_ical_part_new (const char *name, guint line)
{
  TlIcalPart *self = g_new0 (TlIcalPart, 1);

  self->name = name ? g_ascii_strup (name, -1) : NULL;
  self->line = line;
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_ical_part_free);
  return self;
}

void
tl_ical_part_free (TlIcalPart *self)
{
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->parts);
  g_free (self->name);
  g_free (self);
}

const TlIcalLine *
tl_ical_part_line (const TlIcalPart *self, const char *name)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const TlIcalLine *line = self->lines->pdata[i];
    if (g_str_equal (line->name, name))
      return line;
  }
  return NULL;
}

void
tl_ical_part_drop_lines (TlIcalPart *self, const char *name)
{
  for (guint i = self->lines->len; i > 0; i--)
    if (g_str_equal (((TlIcalLine *)self->lines->pdata[i - 1])->name, name))
      g_ptr_array_remove_index (self->lines, i - 1);
}

void
tl_ical_part_drop_parts (TlIcalPart *self, const char *name)
{
  for (guint i = self->parts->len; i > 0; i--)
    if (g_str_equal (((TlIcalPart *)self->parts->pdata[i - 1])->name, name))
      g_ptr_array_remove_index (self->parts, i - 1);
}

/* --- lines --------------------------------------------------------------------------------------- */

void
tl_ical_refuse (GPtrArray *refused, guint line, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (refused, g_strdup_printf ("line %u: %s", line, why));
}

/* Behind the parameters, whose quoted values may hold colons; NULL when there is no value. */
static const char *
find_value (const char *text)
{
  gboolean is_quoted = FALSE;

  for (const char *at = text; *at; at++) {
    if (*at == '"')
      is_quoted = !is_quoted;
    else if (*at == ':' && !is_quoted)
      return at + 1;
  }
  return strchr (text, ':') ? strchr (text, ':') + 1 : NULL; /* a quote that nobody closed */
}

/* Takes `text`; NULL when it is no content line. */
static TlIcalLine *
line_new (char *text, guint number)
{
  gsize length = 0;
  const char *value = find_value (text);
  TlIcalLine *self;

  while (g_ascii_isalnum (text[length]) || text[length] == '-' || text[length] == '_')
    length++;
  if (length == 0 || value == NULL || (text[length] != ';' && text[length] != ':')) {
    g_free (text);
    return NULL;
  }
  self = g_new0 (TlIcalLine, 1);
  self->text = text;
  self->name = g_ascii_strup (text, (gssize)length);
  self->value = value;
  self->line = number;
  return self;
}

void
tl_ical_part_take_line (TlIcalPart *self, char *text)
{
  TlIcalLine *line = line_new (text, 0);

  g_ptr_array_add (self->lines, line);
}

char *
tl_ical_line_param (const TlIcalLine *self, const char *name)
{
  const char *at = self->text + strlen (self->name), *end = self->value - 1;

  while (at < end && *at == ';') {
    const char *start = ++at, *equals = NULL;
    gboolean is_quoted = FALSE;

    for (; at < end && (is_quoted || *at != ';'); at++) {
      if (*at == '"')
        is_quoted = !is_quoted;
      if (*at == '=' && equals == NULL)
        equals = at;
    }
    if (equals && (gsize)(equals - start) == strlen (name) &&
        g_ascii_strncasecmp (start, name, strlen (name)) == 0) {
      const char *from = equals + 1, *to = at;

      if (to - from >= 2 && *from == '"' && to[-1] == '"') {
        from++;
        to--;
      }
      return g_strndup (from, (gsize)(to - from));
    }
  }
  return NULL;
}

char *
tl_ical_text_read (const char *value, gsize max)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *end;

  for (const char *at = value; *at; at++) {
    if (*at == '\\' && at[1]) {
      at++;
      g_string_append_c (text, *at == 'n' || *at == 'N' ? '\n' : *at);
    } else {
      g_string_append_c (text, *at);
    }
  }
  if (text->len > max)
    g_string_truncate (text, max);
  if (!g_utf8_validate (text->str, -1, &end))
    g_string_truncate (text, (gsize)(end - text->str));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
tl_ical_text_write (const char *text)
{
  GString *value = g_string_new (NULL);

  for (const char *at = text; *at; at++) {
    if (*at == '\r')
      continue;
    if (*at == '\\' || *at == ';' || *at == ',' || *at == '\n')
      g_string_append_c (value, '\\');
    g_string_append_c (value, *at == '\n' ? 'n' : *at);
  }
  return g_string_free_and_steal (value);
}

/* --- reading ------------------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *refused;
  GPtrArray *open; /* the component that lines go to is the last; not owned */
  guint n_parts;
} Reading;

static void
begin (Reading *self, TlIcalLine *line)
{
  TlIcalPart *parent = self->open->pdata[self->open->len - 1];
  g_autofree char *name = g_strstrip (g_strdup (line->value));
  TlIcalPart *part = tl_ical_part_new (name, line->line);

  g_ptr_array_add (parent->parts, part);
  g_ptr_array_add (self->open, part);
  self->n_parts++;
}

/* Closes what it names, and what is open within that. */
static void
end (Reading *self, TlIcalLine *line)
{
  g_autofree char *name = g_strstrip (g_ascii_strup (line->value, -1));
  guint i = self->open->len - 1;

  while (i > 0 && !g_str_equal (((TlIcalPart *)self->open->pdata[i])->name, name))
    i--;
  if (i == 0) {
    tl_ical_refuse (self->refused, line->line, "END:%.40s closes nothing", name);
    return;
  }
  ((TlIcalPart *)self->open->pdata[i])->is_whole = TRUE;
  g_ptr_array_set_size (self->open, (int)i);
}

static void
add_line (Reading *self, TlIcalLine *line)
{
  TlIcalPart *part = self->open->pdata[self->open->len - 1];

  if (g_str_equal (line->name, "BEGIN") && self->open->len <= MOST_DEPTH &&
      self->n_parts < MOST_PARTS) {
    begin (self, line);
  } else if (g_str_equal (line->name, "BEGIN")) {
    tl_ical_refuse (self->refused, line->line, "components are nested too deep or too many");
  } else if (g_str_equal (line->name, "END")) {
    end (self, line);
  } else {
    g_ptr_array_add (part->lines, line);
    return;
  }
  line_free (line);
}

/* Only an unfolded line tells: some fold within a character. */
static char *
to_utf8 (const char *line)
{
  char *latin;

  if (g_utf8_validate (line, -1, NULL))
    return g_strdup (line);
  latin = g_convert (line, -1, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
  return latin ? latin : g_convert (line, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static void
take_text (Reading *self, GString *text, guint number)
{
  g_autofree char *utf8 = NULL;
  TlIcalLine *line;

  if (text->len == 0)
    return;
  utf8 = to_utf8 (text->str);
  line = text->len <= LONGEST_LINE ? line_new (g_strdup (utf8), number) : NULL;
  if (line)
    add_line (self, line);
  else
    tl_ical_refuse (self->refused, number, "“%.40s” is not a property; it is left out", utf8);
  g_string_truncate (text, 0);
}

static void
read_lines (Reading *self, const char *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint number = 0, first = 1;

  while (*text) {
    gsize length = 0;

    while (text[length] && text[length] != '\r' && text[length] != '\n')
      length++;
    number++;
    if (*text == ' ' || *text == '\t') {
      g_string_append_len (line, text + 1, (gssize)length - 1);
    } else {
      take_text (self, line, first);
      g_string_append_len (line, text, (gssize)length);
      first = number;
    }
    text += length;
    if (text[0] == '\r' && text[1] == '\n')
      text++;
    if (*text)
      text++;
  }
  take_text (self, line, first);
}

/* Without marks, NUL and wide characters. */
static char *
decode (const char *text, gsize length)
{
  gboolean is_marked = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0;
  gboolean is_wide =
      length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0);
  gsize skipped = is_marked ? 3 : 0;
  char *decoded = is_wide ? g_convert (text, (gssize)length, "UTF-8", "UTF-16", NULL, &length, NULL)
                          : g_strndup ("", length - skipped + 1);

  if (decoded == NULL)
    return g_strdup ("");
  if (!is_wide)
    memcpy (decoded, text + skipped, length -= skipped);
  for (gsize i = 0; i < length; i++)
    if (decoded[i] == '\0')
      decoded[i] = '?';
  return decoded;
}

TlIcalPart *
tl_ical_part_read (const char *text, gsize length, GPtrArray *refused, GError **error)
{
  g_autofree char *decoded = decode (text, length);
  g_autoptr (TlIcalPart) root = tl_ical_part_new (NULL, 1);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  Reading reading = { refused, open, 0 };

  g_ptr_array_add (open, root);
  read_lines (&reading, decoded);
  if (root->parts->len == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "line 1: this is no calendar; one has a line BEGIN:VCALENDAR");
    return NULL;
  }
  return g_steal_pointer (&root);
}

/* --- writing ------------------------------------------------------------------------------------- */

static void
append_folded (GString *text, const char *line)
{
  gsize width = 0;

  for (const char *at = line; *at; at = g_utf8_next_char (at)) {
    gsize size = (gsize)(g_utf8_next_char (at) - at);

    if (width + size > FOLD) {
      g_string_append (text, "\r\n ");
      width = 1;
    }
    g_string_append_len (text, at, (gssize)size);
    width += size;
  }
  g_string_append (text, "\r\n");
}

void
tl_ical_line_write (const TlIcalLine *self, GString *text)
{
  append_folded (text, self->text);
}

void
tl_ical_part_write (const TlIcalPart *self, GString *text)
{
  g_string_append_printf (text, "BEGIN:%s\r\n", self->name);
  for (guint i = 0; i < self->lines->len; i++)
    tl_ical_line_write (self->lines->pdata[i], text);
  for (guint i = 0; i < self->parts->len; i++)
    tl_ical_part_write (self->parts->pdata[i], text);
  g_string_append_printf (text, "END:%s\r\n", self->name);
}
