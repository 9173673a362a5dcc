/* fixture.h: a temporary account folder, and waiting for futures without fibers. */
#pragma once

#include "sync/replica.h"

#include <glib/gstdio.h>

static inline char *
fixture_dir (void)
{
  char *dir = g_dir_make_tmp ("tideline-XXXXXX", NULL);
  g_assert_nonnull (dir);
  return dir;
}

static inline void
fixture_remove (char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    g_remove (file);
  }
  g_remove (path);
  g_free (path);
}

typedef char FixtureDir;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FixtureDir, fixture_remove)

/* Runs the main context until the future is settled. */
static inline const GValue *
fixture_await (DexFuture *future, GError **error)
{
  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  return dex_future_get_value (future, error);
}

static inline void
fixture_write (TlReplica *replica, TlWriteFunc func, gpointer data)
{
  g_autoptr (DexFuture) future = tl_replica_write (replica, func, data, NULL);
  g_autoptr (GError) error = NULL;

  fixture_await (future, &error);
  g_assert_no_error (error);
}

/* A connection without threads, in a transaction; and the next one. */
static inline TlDb *
fixture_db (const char *dir)
{
  g_autoptr (GError) error = NULL;
  TlDb *db = tl_db_open (dir, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (tl_db_begin (db, &error));
  return db;
}

static inline void
fixture_commit (TlDb *db)
{
  g_autoptr (GError) error = NULL;

  tl_db_commit (db, &error);
  g_assert_no_error (error);
  tl_db_begin (db, &error);
  g_assert_no_error (error);
}
