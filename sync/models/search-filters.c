/* search-filters.c: the filters of a search as parameters (search-texts.h). Who and where are looked up here, by names
 * without case and accents; the statements get their keys as JSON arrays. */
#include "sync/models/search-texts.h"

#include <string.h>

#define SQL "models/search.sql"

void
tl_search_bind (sqlite3_stmt *statement, const char *name, const char *text)
{
  int index = sqlite3_bind_parameter_index (statement, name);

  if (index > 0)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

void
tl_search_bind_number (sqlite3_stmt *statement, const char *name, gint64 number)
{
  int index = sqlite3_bind_parameter_index (statement, name);

  if (index > 0)
    sqlite3_bind_int64 (statement, index, number);
}

/* Binds the keys of those whose name contains one of `parts`: null when there is none to be looked for and
 * `is_wanted`. */
static gboolean
bind_named (TlDb *db, const char *who, gint64 me, const GStrv parts, gboolean is_wanted,
            sqlite3_stmt *statement, const char *name, GError **error)
{
  sqlite3_stmt *named = tl_db_statement (db, SQL, who);
  g_autoptr (GString) keys = g_string_new ("[");
  g_autoptr (GError) failed = NULL;

  if (parts[0] == NULL) {
    tl_search_bind (statement, name, is_wanted ? NULL : "[]");
    return TRUE;
  }
  sqlite3_bind_int64 (named, 1, me);
  while (tl_db_step (db, named, &failed))
    if (tl_terms_contain (parts, (const char *)sqlite3_column_text (named, 1)))
      g_string_append_printf (keys, "%s%" G_GINT64_FORMAT, keys->len > 1 ? "," : "",
                              (gint64)sqlite3_column_int64 (named, 0));
  g_string_append_c (keys, ']');
  tl_search_bind (statement, name, keys->str);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/* Patterns of LIKE as a JSON array. */
static void
bind_patterns (const GStrv parts, sqlite3_stmt *statement, const char *name)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; parts[i]; i++) {
    g_autofree char *plain = tl_search_plain (parts[i]);

    g_string_append (json, i > 0 ? ",\"%" : "\"%");
    for (const char *at = plain; *at; at++)
      if (strchr ("%_\\", *at))
        g_string_append_printf (json, *at == '\\' ? "\\\\\\\\" : "\\\\%c", *at);
      else if ((guchar)*at < 0x20 || *at == '"')
        g_string_append_printf (json, "\\u%04x", (guint)*at);
      else
        g_string_append_c (json, *at);
    g_string_append (json, "%\"");
  }
  g_string_append_c (json, ']');
  tl_search_bind (statement, name, json->str);
}

static void
bind_spans (const GPtrArray *terms, sqlite3_stmt *statement)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < terms->len; i++) {
    const TlSearchTerm *term = terms->pdata[i];

    g_string_append_printf (json, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", i > 0 ? "," : "",
                            term->from, term->until);
  }
  g_string_append_c (json, ']');
  tl_search_bind (statement, ":not_on", json->str);
}

gboolean
tl_search_bind_filters (TlDb *db, const TlSearchQuery *query, gint64 me, sqlite3_stmt *statement,
                        GError **error)
{
  const struct {
    const char *who;
    GStrv parts;
    gboolean is_wanted;
    const char *name;
  } named[] = {
    { "who-people", query->from, TRUE, ":people" },
    { "who-people", query->not_from, FALSE, ":not_people" },
    { "who-feeds", query->from, TRUE, ":feeds" },
    { "who-feeds", query->not_from, FALSE, ":not_feeds" },
    { "who-rooms", query->rooms, TRUE, ":rooms" },
    { "who-rooms", query->not_rooms, FALSE, ":not_rooms" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (!bind_named (db, named[i].who, me, named[i].parts, named[i].is_wanted, statement,
                     named[i].name, error))
      return FALSE;
  bind_patterns (query->from, statement, ":names");
  bind_patterns (query->not_from, statement, ":not_names");
  bind_spans (query->not_on, statement);
  tl_search_bind_number (statement, ":after", query->after);
  tl_search_bind_number (statement, ":before", query->before);
  tl_search_bind_number (statement, ":has", query->has);
  tl_search_bind_number (statement, ":has_not", query->has_not);
  tl_search_bind_number (statement, ":is", query->is);
  tl_search_bind_number (statement, ":is_not", query->is_not);
  return TRUE;
}
