/* models.h: replicas made by plain SQL, and waiting for lists. */
#pragma once

#include "sync/models/lists.h"
#include "tests/sync/fixture.h"

typedef struct {
  const char *sql;
  guint64 types;
  gint64 key; /* the one object of `type` that is named, 0: all may have changed */
  const TlType *type;
} ModelsEdit;

static inline gboolean
models_run (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const ModelsEdit *edit = data;

  if (edit->key)
    tl_changes_add (changes, edit->type, edit->key);
  else
    tl_changes_all (changes);
  changes->types = edit->types ? edit->types : changes->types;
  return sqlite3_exec (tl_db_handle (db), edit->sql, NULL, NULL, NULL) == SQLITE_OK ||
         tl_db_fail (db, error);
}

/* Statements; everything may have changed. */
static inline void
models_sql (TlReplica *replica, const char *sql)
{
  ModelsEdit edit = { .sql = sql };
  fixture_write (replica, models_run, &edit);
}

static inline void
models_edit (TlReplica *replica, const char *sql, const TlType *type, gint64 key)
{
  ModelsEdit edit = { .sql = sql, .key = key, .type = type };
  fixture_write (replica, models_run, &edit);
}

static inline TlReplica *
models_open (const char *dir)
{
  g_autoptr (GError) error = NULL;
  TlReplica *replica = tl_replica_open (dir, &error);

  g_assert_no_error (error);
  return replica;
}

static inline gpointer
models_nothing (TlDb *db, gpointer data, GError **error)
{
  return NULL;
}

/* Until all that was asked before, by lists too, is answered: as many reads as there are readers,
 * then what they left to do. */
static inline void
models_settle (TlReplica *replica)
{
  for (guint i = 0; i < 6; i++) {
    g_autoptr (DexFuture) one = tl_replica_read (replica, models_nothing, NULL, NULL, NULL);
    g_autoptr (DexFuture) two = tl_replica_read (replica, models_nothing, NULL, NULL, NULL);

    fixture_await (one, NULL);
    fixture_await (two, NULL);
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
}

static inline void
models_ready (TlKeyList *list)
{
  g_autoptr (DexFuture) ready = tl_key_list_when_ready (list);
  g_autoptr (GError) error = NULL;

  fixture_await (ready, &error);
  g_assert_no_error (error);
}

/* The item, loaded; the list is to be ready. */
static inline gpointer
models_item (TlKeyList *list, guint position)
{
  GObject *item = g_list_model_get_item (G_LIST_MODEL (list), position);
  gboolean loaded = FALSE;

  g_assert_nonnull (item);
  for (g_object_get (item, "loaded", &loaded, NULL); !loaded;
       g_object_get (item, "loaded", &loaded, NULL))
    g_main_context_iteration (NULL, TRUE);
  return item;
}

/* "1 2 3": the keys. */
static inline char *
models_keys (TlKeyList *list)
{
  GString *keys = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    g_string_append_printf (keys, "%s%" G_GINT64_FORMAT, i ? " " : "", tl_key_list_key (list, i));
  return g_string_free_and_steal (keys);
}

#define models_assert_keys(list, expected)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *keys_ = models_keys (list);                                                   \
    g_assert_cmpstr (keys_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

/* Waits until the list has these keys. */
static inline void
models_await_keys (TlKeyList *list, const char *expected)
{
  for (;;) {
    g_autofree char *keys = models_keys (list);

    if (tl_key_list_is_ready (list) && g_str_equal (keys, expected))
      return;
    g_test_message ("has %s, waits for %s", keys, expected);
    g_main_context_iteration (NULL, TRUE);
  }
}
