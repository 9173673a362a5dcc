/* restore.c: `restore DIR`: brings a backup back into a stand-alone folder that is not there yet or an
 * empty database, or (--verify) into a throw-away folder, only to see that it is whole. The dump's hash,
 * the rows of every table and each blob's content are checked. Clients see a new epoch and sync anew. */
#include "server/ctl/archive.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL "ctl/backup.sql"

static gboolean verify = FALSE, force = FALSE;

static const GOptionEntry options[] = {
  { "verify", 0, 0, G_OPTION_ARG_NONE, &verify, "Only try it, beside everything, and remove it",
    NULL },
  { "force", 0, 0, G_OPTION_ARG_NONE, &force,
    "Take the place of what is there: a folder is set aside, a database replaced", NULL },
  G_OPTION_ENTRY_NULL,
};

/* Whether `member` is there and of this type. */
static gboolean
holds (JsonObject *object, const char *member, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, member);

  return node && json_node_get_node_type (node) == type;
}

static JsonObject *
read_manifest (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, TL_ARCHIVE_MANIFEST, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  if (!json_parser_load_from_file (parser, path, error)) {
    g_prefix_error (error, "“%s” cannot be read: ", path);
    return NULL;
  }
  object = JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))
               ? json_node_get_object (json_parser_get_root (parser))
               : NULL;
  if (!object || !json_object_get_string_member_with_default (object, "dump", NULL) ||
      !holds (object, "tables", JSON_NODE_OBJECT)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is no manifest of a backup",
                 path);
    return NULL;
  }
  if (json_object_get_int_member_with_default (object, "format", 0) > TL_ARCHIVE_FORMAT) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "“%s” was written by a newer tidelinectl; install that", path);
    return NULL;
  }
  return json_object_ref (object);
}

/* The dump's path, once its content is seen to be what the manifest says. */
static char *
check_dump (const char *dir, JsonObject *manifest, GError **error)
{
  const char *expected = json_object_get_string_member (manifest, "dump");
  g_autofree char *name = g_strconcat ("dump-", expected, NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *hash = tl_archive_hash (path, error);

  if (!hash)
    return NULL;
  if (strcmp (hash, expected) == 0)
    return g_steal_pointer (&path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is damaged", path);
  return NULL;
}

static gboolean
check_counts (TlCtl *ctl, JsonObject *manifest, GError **error)
{
  JsonObject *expected = json_object_get_object_member (manifest, "tables");
  g_autoptr (JsonObject) found = tl_archive_count (ctl->pg, error);
  g_autoptr (GList) names = NULL;

  if (!found)
    return FALSE;
  names = json_object_get_members (expected);
  for (GList *l = names; l; l = l->next) {
    gint64 then = json_object_get_int_member (expected, l->data);
    gint64 now = json_object_get_int_member_with_default (found, l->data, -1);
    if (then == now)
      continue;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "Table %s has %" G_GINT64_FORMAT " rows, not %" G_GINT64_FORMAT,
                 (const char *)l->data, now, then);
    return FALSE;
  }
  return TRUE;
}

static gboolean
copy_in (TlCtl *ctl, const char *dir, GError **error)
{
  g_autofree char *blobs = g_build_filename (dir, "blobs", NULL);
  TlBlobs *from = tl_blobs_dir_new (blobs, error);
  TlBlobs *to = from ? tl_blobs_open (ctl->config, error) : NULL;
  int count;

  return tl_archive_copy_blobs (ctl->pg, from, to, tl_blobs_name (ctl->config), &count, error);
}

/* Into the empty database of `ctl`. */
static gboolean
fill (TlCtl *ctl, const char *dir, JsonObject *manifest, const char *dump, GError **error)
{
  g_autoptr (PGresult) used =
      tl_pg_query (ctl->pg, "in-use", tl_sql (SQL, "in-use"), 0, NULL, error);
  g_autofree char *to = NULL;

  if (!used)
    return FALSE;
  if (*PQgetvalue (used, 0, 0) == 't') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 "The database is in use already; restore into an empty one, or replace what is in "
                 "it with --force");
    return FALSE;
  }
  to = g_strconcat ("--dbname=", PQdb (tl_pg_conn (ctl->pg)), NULL);
  const char *arguments[] = {
    "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", to, dump, NULL
  };
  return tl_archive_run (ctl->pg, "pg_restore", arguments, error) &&
         tl_pg_script (ctl->pg, tl_sql (SQL, "begin-epoch"), error) &&
         check_counts (ctl, manifest, error) && copy_in (ctl, dir, error) &&
         tl_migrate (ctl->pg, error);
}

static gboolean
is_alone (TlCtl *ctl, GError **error)
{
  g_autoptr (PGresult) others =
      tl_pg_query (ctl->pg, "others", tl_sql (SQL, "others"), 0, NULL, error);

  if (!others)
    return FALSE;
  if (*PQgetvalue (others, 0, 0) == '0')
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "tidelined is at work in this database (connections: %s); stop it first",
               PQgetvalue (others, 0, 0));
  return FALSE;
}

/* Instead of what is in the database of `ctl`, which comes back when this fails. */
static gboolean
replace (TlCtl *ctl, const char *dir, JsonObject *manifest, const char *dump, GError **error)
{
  if (!is_alone (ctl, error) || !tl_pg_script (ctl->pg, tl_sql (SQL, "set-aside"), error))
    return FALSE;
  if (fill (ctl, dir, manifest, dump, error))
    return tl_pg_script (ctl->pg, tl_sql (SQL, "forget-aside"), error);
  tl_pg_rollback (ctl->pg);
  if (!tl_pg_script (ctl->pg, tl_sql (SQL, "bring-back"), NULL))
    g_prefix_error (error, "What was there before is in the schemas named before_…: ");
  return FALSE;
}

static gboolean
restore_database (TlCtl *ctl, const char *dir, JsonObject *manifest, const char *dump,
                  GError **error)
{
  g_autoptr (PGresult) used = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  used = tl_pg_query (ctl->pg, "in-use", tl_sql (SQL, "in-use"), 0, NULL, error);
  if (!used)
    return FALSE;
  return force && *PQgetvalue (used, 0, 0) == 't' ? replace (ctl, dir, manifest, dump, error)
                                                  : fill (ctl, dir, manifest, dump, error);
}

static void
remove_folder (const char *dir)
{
  const char *argv[] = { "rm", "-rf", "--", dir, NULL };
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);

  if (process)
    g_subprocess_wait (process, NULL, NULL);
}

/* A folder of its own, removed when it fails or was only a trial. */
static gboolean
restore_folder (TlCtl *ctl, const char *dir, JsonObject *manifest, const char *dump, GError **error)
{
  gboolean done;

  ctl->config = tl_config_new ();
  ctl->own = tl_standalone_start (ctl->dir, ctl->config, error);
  if (!ctl->own)
    return FALSE;
  ctl->pg = tl_pg_new (ctl->config->postgresql);
  done = fill (ctl, dir, manifest, dump, error);
  g_clear_pointer (&ctl->pg, tl_pg_free);
  g_clear_pointer (&ctl->own, tl_standalone_stop);
  if (!done || verify)
    remove_folder (ctl->dir);
  return done;
}

/* Gives where it is then. */
static gboolean
set_folder_aside (const char *dir, char **aside, GError **error)
{
  g_autoptr (TlConfig) config = tl_config_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");

  if (tl_standalone_find (dir, config)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The server of “%s” runs; stop it first", dir);
    return FALSE;
  }
  *aside = g_strconcat (dir, ".before-", time, NULL);
  if (g_rename (dir, *aside) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be renamed: %s", dir,
               g_strerror (errno));
  return FALSE;
}

static gboolean
choose_folder (TlCtl *ctl, char **aside, GError **error)
{
  if (verify) {
    g_clear_pointer (&ctl->config_file, g_free);
    g_free (ctl->dir);
    ctl->dir = g_dir_make_tmp ("tideline-restore-XXXXXX", error);
    return ctl->dir != NULL;
  }
  if (!ctl->dir || !g_file_test (ctl->dir, G_FILE_TEST_EXISTS))
    return TRUE;
  if (force)
    return set_folder_aside (ctl->dir, aside, error);
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_EXISTS,
      "“%s” is there already; restore into a new folder, or have it set aside with --force",
      ctl->dir);
  return FALSE;
}

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (JsonObject) manifest = read_manifest (arguments[0], error);
  g_autofree char *dump = manifest ? check_dump (arguments[0], manifest, error) : NULL;
  g_autofree char *aside = NULL;
  gboolean done;

  if (!dump || !choose_folder (ctl, &aside, error))
    return FALSE;
  if (ctl->dir)
    done = restore_folder (ctl, arguments[0], manifest, dump, error);
  else
    done = restore_database (ctl, arguments[0], manifest, dump, error);
  if (!done && aside)
    g_rename (aside, ctl->dir);
  if (!done)
    g_prefix_error (error, "“%s” was not restored: ", arguments[0]);
  else if (verify)
    printf ("“%s” is whole: it was restored, compared and removed again.\n", arguments[0]);
  else
    printf ("“%s” is restored; clients will fetch everything anew.\n", arguments[0]);
  if (done && aside)
    printf ("What was there before is in “%s”.\n", aside);
  return done;
}

const TlCommand tl_command_restore = {
  "restore", "DIR", "Bring a backup back, or try it with --verify", options, 1, run,
};
