/* Whether the search finds first what a person would look for: questions.txt over the demo's content and texts.txt, of
 * many languages, asked of the replica and of the server by one driver. Of each kind the first hit is compared; hits are
 * described by the replica, whoever found them. A question that an engine is known to answer otherwise has the engine's
 * name in a fourth column (docs/search.md says why). */
#include "sync/actions.h"
#include "sync/engine.h"
#include "sync/models/lists.h"
#include "sync/models/server-search.h"
#include "tests/app/client.h"

#include <string.h>

#define ARTICLES 37 /* of the demo's feeds: fetched by jobs */

/* Hits as TlKeyRow (key, type number), best first of each kind. */
typedef struct {
  const char *name;
  GArray *(*ask) (Client *client, const char *question);
} Engine;

static GStrv
read_lines (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "tests/relevance", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (g_strchomp (text), "\n", -1);
}

/* --- the engines ------------------------------------------------------------------------------ */

static TlKeyList *hits;

static GArray *
ask_replica (Client *client, const char *question)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));

  g_auto (GValue) ready = G_VALUE_INIT;

  tl_search_list_ask (hits, question, 0);
  client_await (tl_key_list_when_ready (hits), &ready, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (hits)); i++) {
    TlKeyRow row = { tl_key_list_key (hits, i), tl_key_list_section_at (hits, i) };

    g_array_append_val (rows, row);
  }
  return rows;
}

static GArray *
ask_server (Client *client, const char *question)
{
  g_auto (GValue) found = G_VALUE_INIT;

  client_await (tl_server_search (client->replica, client->remote, client->me, question, 0), &found,
                0);
  return g_array_ref (g_value_get_boxed (&found));
}

static const Engine engines[] = { { "replica", ask_replica }, { "postgresql", ask_server } };

/* --- what is there ---------------------------------------------------------------------------- */

static gpointer
count_articles (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *count = NULL;
  int n = 0;

  if (sqlite3_prepare_v2 (tl_db_handle (db), "SELECT count(*) FROM article", -1, &count, NULL) ==
          SQLITE_OK &&
      sqlite3_step (count) == SQLITE_ROW)
    n = sqlite3_column_int (count, 0);
  sqlite3_finalize (count);
  return GINT_TO_POINTER (n);
}

static gpointer
find_room (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *room = NULL;
  gint64 *key = g_new0 (gint64, 1);

  if (sqlite3_prepare_v2 (tl_db_handle (db), "SELECT key FROM room WHERE name = 'Boat crew'", -1,
                          &room, NULL) == SQLITE_OK &&
      sqlite3_step (room) == SQLITE_ROW)
    *key = sqlite3_column_int64 (room, 0);
  sqlite3_finalize (room);
  return key;
}

/* Title and text, as one. */
static gpointer
read_text (TlDb *db, gpointer data, GError **error)
{
  static const char *const sql =
      "SELECT concat_ws(' ', title, blocks) FROM article WHERE key = ?1 UNION ALL "
      "SELECT body FROM message WHERE key = ?1 UNION ALL "
      "SELECT concat_ws(' ', warning, text) FROM post WHERE key = ?1 UNION ALL "
      "SELECT title FROM event WHERE key = ?1 UNION ALL "
      "SELECT name FROM principal WHERE key = ?1 UNION ALL SELECT name FROM room WHERE key = ?1";
  sqlite3_stmt *text = NULL;
  char *found = NULL;

  if (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &text, NULL) == SQLITE_OK) {
    sqlite3_bind_int64 (text, 1, *(gint64 *)data);
    if (sqlite3_step (text) == SQLITE_ROW)
      found = g_strdup ((const char *)sqlite3_column_text (text, 0));
  }
  sqlite3_finalize (text);
  return found;
}

static void
sync_once (Client *client, TlEngine *engine)
{
  g_auto (GValue) done = G_VALUE_INIT;

  client_await (tl_engine_sync_once (engine), &done, 0);
}

static gpointer
ask_db (Client *client, TlReadFunc func, gpointer data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  client_await (tl_replica_read (client->replica, func, data, g_free, NULL), &value, 0);
  return g_value_get_pointer (&value);
}

/* All of the demo, and the texts as messages of the boat's crew. */
static void
settle_in (Client *client, TlEngine *engine)
{
  g_auto (GStrv) texts = read_lines ("texts.txt");
  g_autofree gint64 *room = NULL;

  do
    sync_once (client, engine);
  while (GPOINTER_TO_INT (ask_db (client, count_articles, NULL)) < ARTICLES);
  room = ask_db (client, find_room, NULL);
  g_assert_cmpint (*room, !=, 0);
  for (guint i = 0; texts[i]; i++) {
    g_auto (GValue) sent = G_VALUE_INIT;

    client_await (tl_action_send (client->replica, *room, texts[i], 0), &sent, 0);
  }
  sync_once (client, engine);
  sync_once (client, engine);
}

/* --- questions -------------------------------------------------------------------------------- */

static gboolean
answers_first (Client *client, const Engine *engine, const GStrv parts)
{
  const TlType *kind = tl_type_by_name (parts[0]);
  g_autoptr (GArray) rows = engine->ask (client, parts[1]);

  for (guint i = 0; i < rows->len; i++) {
    const TlKeyRow *row = &g_array_index (rows, TlKeyRow, i);
    g_autofree char *text = NULL;

    if (row->section != kind->number)
      continue;
    text = ask_db (client, read_text, g_memdup2 (&row->key, sizeof row->key));
    if (text && strstr (text, parts[2]))
      return TRUE;
    g_test_message ("%s: “%s”: first is “%.60s”, not “%s”", engine->name, parts[1], text, parts[2]);
    return FALSE;
  }
  g_test_message ("%s: “%s”: nothing of the kind %s", engine->name, parts[1], parts[0]);
  return FALSE;
}

static void
test_first (Client *client, gconstpointer login)
{
  TlAccount account = { .dir = client->folder, .login = (char *)"robin", .key = client->me };
  TlEngine *engine = tl_engine_new (client->replica, client->remote, &account);
  g_auto (GStrv) lines = read_lines ("questions.txt");
  guint wrong = 0, asked = 0;

  settle_in (client, engine);
  hits = tl_search_list_new (client->replica, client->me);
  for (guint i = 0; lines[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (lines[i], "\t", 4);

    if (g_strv_length (parts) < 3)
      continue;
    asked++;
    for (guint e = 0; e < G_N_ELEMENTS (engines); e++)
      if (parts[3] == NULL || strstr (parts[3], engines[e].name) == NULL)
        wrong += !answers_first (client, &engines[e], parts);
  }
  g_object_unref (hits);
  g_object_unref (engine);
  g_assert_cmpuint (asked, >=, 150);
  g_assert_cmpuint (wrong, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  client_server = tl_test_server_new_demo ();
  g_test_add ("/relevance/what-is-looked-for-comes-first", Client, "robin", client_set_up,
              test_first, client_tear_down);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
