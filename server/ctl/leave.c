/* leave.c: `user export`: everything of a person as an archive, written beside its name and renamed into place when it
 * is whole; and `user delete`. */
#include "server/ctl/ctl.h"
#include "server/services/user/erase.h"
#include "server/services/user/export.h"
#include "server/services/user/standing.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

static gboolean
fail (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” cannot be written: %s", path,
               g_strerror (code));
  return FALSE;
}

/* What of a server the command needs. */
static gboolean
write_to (TlCtl *ctl, gint64 account, const char *path, GError **error)
{
  TlServer server = { .config = ctl->config, .blobs = tl_blobs_open (ctl->config, error) };
  int fd;
  gboolean done;

  if (!server.blobs)
    return FALSE;
  fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  done = fd >= 0 ? tl_export_write (&server, ctl->pg, account, fd, error) : fail (path, error);
  if (done && fsync (fd) != 0)
    done = fail (path, error);
  if (fd >= 0)
    close (fd);
  server.blobs->class->free (server.blobs);
  return done;
}

static gboolean
run_export (TlCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *part = g_strconcat (arguments[1], ".part", NULL);
  gint64 account = tl_ctl_open (ctl, error) && tl_migrate (ctl->pg, error)
                       ? tl_standing_find (ctl->pg, arguments[0], error)
                       : 0;

  if (!account)
    return FALSE;
  if (!write_to (ctl, account, part, error)) {
    g_unlink (part);
    return FALSE;
  }
  if (g_rename (part, arguments[1]) != 0)
    return fail (arguments[1], error);
  printf ("Everything of %s is in %s.\n", arguments[0], arguments[1]);
  return TRUE;
}

const TlCommand tl_command_user_export = {
  "user export", "LOGIN FILE", "Write everything of a person into an archive (ZIP)", NULL, 2,
  run_export,
};

static gboolean is_sure = FALSE;

static const GOptionEntry delete_options[] = {
  { "yes", 0, 0, G_OPTION_ARG_NONE, &is_sure, "It cannot be undone, and that is meant", NULL },
  G_OPTION_ENTRY_NULL,
};

/* A server that runs looks again a minute later: a request may have been on its way. */
static gboolean
run_delete (TlCtl *ctl, char **arguments, GError **error)
{
  TlServer server = { 0 };
  gint64 account;
  gboolean done;

  if (!is_sure) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "Deleting %s cannot be undone (user export keeps a copy); say --yes to do it",
                 arguments[0]);
    return FALSE;
  }
  account = tl_ctl_open (ctl, error) && tl_migrate (ctl->pg, error)
                ? tl_standing_find (ctl->pg, arguments[0], error)
                : 0;
  if (!account)
    return FALSE;
  server.config = ctl->config;
  server.blobs = tl_blobs_open (ctl->config, error);
  if (!server.blobs)
    return FALSE;
  done = tl_erase_begin (ctl->pg, account, 0, error) &&
         tl_erase_person (&server, ctl->pg, account, error);
  server.blobs->class->free (server.blobs);
  if (done)
    printf ("%s is deleted.\n", arguments[0]);
  return done;
}

const TlCommand tl_command_user_delete = {
  "user delete", "LOGIN", "Delete a person with all that is theirs", delete_options, 1, run_delete,
};
