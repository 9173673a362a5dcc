/* peer.c: see the header. */
#include "tests/bench/peers/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define LOOK_US 20000

char *
peer_file (const char *path)
{
  const char *root = g_getenv ("TIDELINE_PEERS");
  g_autofree char *file = root ? g_build_filename (root, path, NULL) : NULL;

  return file && g_file_test (file, G_FILE_TEST_EXISTS) ? g_steal_pointer (&file) : NULL;
}

guint
peer_free_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (fd, (struct sockaddr *)&address, sizeof address) < 0 ||
      getsockname (fd, (struct sockaddr *)&address, &length) < 0)
    g_error ("the loopback has no free port");
  close (fd);
  return ntohs (address.sin_port);
}

static gboolean
listens (guint port)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;
  int fd = -1;

  while ((fd = http_connect (port, 0)) < 0 && g_get_monotonic_time () < until)
    g_usleep (LOOK_US);
  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* Of a session of its own: one of them ends all of its process group. */
static GSubprocess *
spawn (const char *const *argv, const char *const *env, const char *dir, char **why)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *log = g_build_filename (dir, "log", NULL);
  g_auto (GStrv) all = g_get_environ ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (words, (gpointer) "setsid");
  for (guint i = 0; argv[i]; i++)
    g_ptr_array_add (words, (gpointer)argv[i]);
  g_ptr_array_add (words, NULL);
  for (guint i = 0; env && env[i]; i++) {
    g_auto (GStrv) pair = g_strsplit (env[i], "=", 2);
    all = g_environ_setenv (all, pair[0], pair[1], TRUE);
  }
  g_subprocess_launcher_set_environ (launcher, all);
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)words->pdata, &error);
  if (process == NULL)
    *why = g_strdup (error->message);
  return process;
}

Peer *
peer_start (const char *const *argv, const char *const *env, guint port, char *dir, char **why)
{
  Peer *self = g_new0 (Peer, 1);

  self->dir = dir;
  self->port = port;
  self->process = spawn (argv, env, dir, why);
  if (self->process && listens (port))
    return self;
  if (*why == NULL) {
    g_autofree char *log = g_build_filename (dir, "log", NULL);
    g_autofree char *said = NULL;

    g_file_get_contents (log, &said, NULL, NULL);
    *why = g_strdup_printf ("it did not start: %.200s", said ? said : "");
  }
  peer_stop (self);
  return NULL;
}

void
peer_stop (Peer *self)
{
  const char *remove[] = { "rm", "-rf", self->dir, NULL };

  if (self->process) {
    g_subprocess_send_signal (self->process, SIGTERM);
    g_subprocess_wait (self->process, NULL, NULL);
  }
  g_clear_object (&self->process);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (self->dir);
  g_free (self);
}
