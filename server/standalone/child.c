/* child.c: forks and execs by hand, because three things must happen between the two in this order:
 * privileges go, the parent-death signal is set (a change of user clears it), the parent is looked
 * at once more. Descriptors 0-2 and the folder are all that a child inherits; its environment is
 * empty but for PATH and the locale, so that no PG… variable of an admin reaches it. */
#define _GNU_SOURCE
#include "server/standalone/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_MAX (8 << 20)
#define TAIL_MAX (64 << 10)

static char *const child_environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                           "HOME=/", "TZ=UTC", NULL };

void
tl_child_clear (TlChild *self)
{
  if (self->folder >= 0)
    close (self->folder);
  self->folder = -1;
  g_clear_pointer (&self->argv, g_strfreev);
  g_clear_pointer (&self->log, g_free);
}

/* Opens the log for appending; one that has grown large is set aside first. */
static int
open_log (TlChild *self, GError **error)
{
  struct stat st;
  int fd;

  if (stat (self->log, &st) == 0 && st.st_size > LOG_MAX) {
    g_autofree char *old = g_strconcat (self->log, ".old", NULL);
    g_rename (self->log, old);
  }
  fd = open (self->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be written: %s",
                 self->log, g_strerror (errno));
    return -1;
  }
  self->log_start = fstat (fd, &st) == 0 ? st.st_size : 0;
  return fd;
}

/* In the child: only async-signal-safe calls. */
static void G_GNUC_NORETURN
become (TlChild *self, int log, int null, int folder, pid_t parent)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  signal (SIGPIPE, SIG_DFL);
  setpgid (0, 0);
  dup2 (null, 0);
  dup2 (log, 1);
  dup2 (log, 2);
  if (folder >= 0)
    dup2 (folder, TL_CHILD_FOLDER_FD);
  close_range (folder >= 0 ? TL_CHILD_FOLDER_FD + 1 : 3, ~0U, 0);
  if (geteuid () == 0 &&
      (setgroups (0, NULL) < 0 || setresgid (self->gid, self->gid, self->gid) < 0 ||
       setresuid (self->uid, self->uid, self->uid) < 0))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, self->stop_signal);
  if (getppid () != parent)
    _exit (125);
  execve (self->argv[0], self->argv, child_environment);
  _exit (127);
}

gboolean
tl_child_spawn (TlChild *self, GError **error)
{
  int log = open_log (self, error);
  int null, folder;
  pid_t parent = getpid ();

  if (log < 0)
    return FALSE;
  null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  /* Above what the child's dup2 calls write to. */
  folder = self->folder >= 0 ? fcntl (self->folder, F_DUPFD_CLOEXEC, 16) : -1;
  self->pid = fork ();
  if (self->pid == 0)
    become (self, log, null, folder, parent);
  if (self->pid < 0) {
    self->pid = 0;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s could not be started: %s",
                 self->name, g_strerror (errno));
  }
  close (log);
  close (null);
  if (folder >= 0)
    close (folder);
  return self->pid > 0;
}

gboolean
tl_child_wait (TlChild *self, guint timeout_ms, int *status)
{
  gint64 until = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);
  int ignored;

  if (!self->pid)
    return TRUE;
  while (waitpid (self->pid, status ? status : &ignored, WNOHANG) == 0) {
    if (g_get_monotonic_time () >= until)
      return FALSE;
    g_usleep (5000);
  }
  self->pid = 0;
  return TRUE;
}

void
tl_child_stop (TlChild *self, guint timeout_ms)
{
  if (!self->pid)
    return;
  kill (self->pid, self->stop_signal);
  if (tl_child_wait (self, timeout_ms, NULL))
    return;
  g_warning ("%s did not stop within %u s and was killed", self->name, timeout_ms / 1000);
  kill (self->pid, SIGKILL);
  tl_child_wait (self, G_MAXUINT, NULL);
}

/* From the word that says how bad it is, without time and process; NULL for a line without one. */
static const char *
find_complaint (const char *line)
{
  static const char *const words[] = { "FATAL:", "PANIC:", "error:", "ERROR:", "Fatal", "Failed" };
  const char *found = NULL;

  for (guint i = 0; !found && i < G_N_ELEMENTS (words); i++)
    found = strstr (line, words[i]);
  return found;
}

char *
tl_child_complaint (TlChild *self)
{
  g_autofree char *text = g_malloc0 (TAIL_MAX + 1);
  g_auto (GStrv) lines = NULL;
  const char *last = "", *complaint = NULL;
  int fd = open (self->log, O_RDONLY | O_CLOEXEC);
  struct stat st;

  if (fd < 0 || fstat (fd, &st) < 0 ||
      pread (fd, text, TAIL_MAX, MAX (self->log_start, st.st_size - TAIL_MAX)) < 0)
    text[0] = '\0';
  if (fd >= 0)
    close (fd);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    const char *found = find_complaint (g_strstrip (lines[i]));
    if (*lines[i])
      last = lines[i];
    if (found)
      complaint = found;
  }
  return g_utf8_make_valid (complaint ? complaint : last, -1);
}
