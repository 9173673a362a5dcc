/* text.c: what goes into the full-text tables (writer thread).
 *
 * The text of blocks is scanned out of the JSON without building a tree: this runs once for every article of a
 * first sync. The JSON is valid (SQLite took it apart); whatever stands under "t", "text", "alt" or "title" is
 * text. */
#include "sync/text.h"

#include <string.h>

#define SQL "sql/text.sql"

const char *
tl_text_columns (const TlType *type)
{
  if (type == &tl_article_type)
    return ", title, blocks";
  if (type == &tl_post_type)
    return ", warning, text";
  if (type == &tl_calendar_event_type)
    return ", title, concat_ws(' ', location, description)";
  return type == &tl_message_type ? ", NULL, body" : NULL;
}

gboolean
tl_text_wants_grams (const char *text)
{
  static const struct {
    gunichar first, last;
  } scripts[] = {
    { 0x0E00, 0x0EFF }, /* Thai, Lao */
    { 0x1000, 0x109F }, /* Myanmar */
    { 0x1780, 0x17FF }, /* Khmer */
    { 0x19E0, 0x19FF }, /* Khmer symbols */
    { 0x2E80, 0x2FDF }, /* radicals */
    { 0x3005, 0x3007 }, /* Han marks */
    { 0x3040, 0x31FF }, /* kana, bopomofo, Hangul letters */
    { 0x3400, 0x9FFF }, /* Han */
    { 0xA9E0, 0xA9FF }, /* Myanmar */
    { 0xAA60, 0xAA7F }, /* Myanmar */
    { 0xAC00, 0xD7FF }, /* Hangul */
    { 0xF900, 0xFAFF }, /* Han */
    { 0x20000, 0x3FFFF },
  };

  for (const char *at = text; *at; at++) {
    gunichar letter;

    if ((guchar)*at < 0xE0) /* all of them take three bytes or more */
      continue;
    letter = g_utf8_get_char (at);
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
      if (letter >= scripts[i].first && letter <= scripts[i].last)
        return TRUE;
  }
  return FALSE;
}

static gunichar
read_hex (const char *at)
{
  gunichar value = 0;

  for (guint i = 0; i < 4 && g_ascii_isxdigit (at[i]); i++)
    value = value * 16 + (gunichar)g_ascii_xdigit_value (at[i]);
  return value;
}

/* At the "u" of an escape; returns its last digit. */
static const char *
append_escaped (const char *at, GString *text)
{
  gunichar letter = read_hex (at + 1);

  at += 4;
  if (letter >= 0xD800 && letter < 0xDC00 && at[1] == '\\' && at[2] == 'u') {
    gunichar low = read_hex (at + 3);
    letter = 0x10000 + ((letter - 0xD800) << 10) + ((low - 0xDC00) & 0x3FF);
    at += 6;
  }
  if (letter != 0 && g_unichar_validate (letter))
    g_string_append_unichar (text, letter);
  return at;
}

/* From behind the opening quote; returns the closing one. `text` may be NULL. */
static const char *
read_string (const char *at, GString *text)
{
  for (;;) {
    gsize plain = strcspn (at, "\"\\");

    if (text)
      g_string_append_len (text, at, (gssize)plain);
    at += plain;
    if (*at != '\\' || at[1] == 0)
      return at;
    at++;
    if (text && *at == 'u' && strlen (at) >= 5)
      at = append_escaped (at, text);
    else if (text)
      g_string_append_c (text, strchr ("bfnrt", *at) ? ' ' : *at);
    at++;
  }
}

typedef enum { NOT_TEXT, OF_RUN, OF_BLOCK } Member;

static Member
which_member (const char *name, gsize length)
{
  static const char *const names[] = { "t", "text", "alt", "title" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && memcmp (names[i], name, length) == 0)
      return i == 0 ? OF_RUN : OF_BLOCK;
  return NOT_TEXT;
}

/* Words of two blocks are two. */
static void
end_block (GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

void
tl_text_of_blocks (const char *json, GString *text)
{
  Member member = NOT_TEXT;

  for (const char *at = strpbrk (json, "\"]"); at && *at; at = strpbrk (at + 1, "\"]")) {
    const char *end;

    if (*at == ']') { /* of runs */
      end_block (text);
      continue;
    }
    end = read_string (at + 1, member != NOT_TEXT ? text : NULL);
    if (*end == 0)
      break;
    if (member == OF_BLOCK)
      end_block (text);
    member = member == NOT_TEXT && end[1] == ':' && end[2] == '"'
                 ? which_member (at + 1, (gsize)(end - at - 1))
                 : NOT_TEXT;
    at = end;
  }
}

static gboolean
run (TlDb *db, const TlType *type, const char *what, gint64 key, const char *title,
     const char *content, GError **error)
{
  char name[48];
  sqlite3_stmt *statement;

  g_snprintf (name, sizeof name, "%s-%s", what, type->name);
  statement = tl_db_statement (db, SQL, name);
  sqlite3_bind_int64 (statement, 1, key);
  if (content) {
    sqlite3_bind_text (statement, 2, title, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, content, -1, SQLITE_STATIC);
  }
  return tl_db_run (db, statement, error);
}

gboolean
tl_text_put (TlDb *db, const TlType *type, gint64 key, const char *title, const char *content,
             GError **error)
{
  g_autoptr (GString) text = NULL;

  if (content == NULL)
    content = "";
  if (type == &tl_article_type) {
    text = g_string_sized_new (strlen (content));
    tl_text_of_blocks (content, text);
    content = text->str;
  }
  if (!run (db, type, "put", key, title, content, error))
    return FALSE;
  if (tl_text_wants_grams (content) || (title && tl_text_wants_grams (title)))
    return run (db, type, "put-grams", key, title, content, error);
  return run (db, type, "remove-grams", key, NULL, NULL, error);
}

gboolean
tl_text_put_record (TlDb *db, const TlType *type, gconstpointer record, GError **error)
{
  const TlRecord *head = record;

  if (type == &tl_article_type) {
    const TlArticle *article = record;
    return tl_text_put (db, type, head->key, article->title, article->blocks, error);
  }
  if (type == &tl_post_type) {
    const TlPost *post = record;
    return tl_text_put (db, type, head->key, post->warning, post->text, error);
  }
  if (type == &tl_calendar_event_type) {
    const TlCalendarEvent *event = record;
    const char *parts[] = { event->location, event->description, NULL };
    g_autofree char *body = g_strjoinv (" ", (char **)(parts[0] ? parts : parts + 1));
    return tl_text_put (db, type, head->key, event->title, body, error);
  }
  return type != &tl_message_type ||
         tl_text_put (db, type, head->key, NULL, ((const TlMessage *)record)->body, error);
}

gboolean
tl_text_remove (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  return tl_text_columns (type) == NULL || (run (db, type, "remove", key, NULL, NULL, error) &&
                                            run (db, type, "remove-grams", key, NULL, NULL, error));
}
