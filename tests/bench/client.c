/* client.c: a client as a process of its own: the shipped sync library into an empty folder, once through.
 * Prints what it took on one line: microseconds from the sign-in to the first articles or messages and
 * to the end, bytes of memory before and at the most, seconds of CPU.
 *
 * Arguments: SERVER LOGIN PASSWORD; the folder is that of the account below XDG_DATA_HOME. */
#include "tests/bench/bench.h"

#include "sync/engine.h"

#include <stdio.h>
#include <unistd.h>

typedef struct {
  char **argv;
  GMainLoop *loop;
  gint64 began, first, ended;
  gint64 before;
  int status;
} Client;

static void
changed (TlReplica *replica, const TlChanges *changes, gpointer data)
{
  Client *self = data;

  if (self->first == 0 && (tl_changes_has_type (changes, &tl_article_type) ||
                           tl_changes_has_type (changes, &tl_message_type)))
    self->first = g_get_monotonic_time ();
}

static gboolean
sync_all (Client *self, GError **error)
{
  const char *server = self->argv[1], *login = self->argv[2];
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (TlRemote) remote = tl_remote_new (server, login, secrets);
  g_autoptr (JsonObject) person = NULL;
  g_autoptr (TlAccount) account = NULL;
  g_autoptr (TlReplica) replica = NULL;
  g_autoptr (TlEngine) engine = NULL;
  gint64 key = 0;

  self->began = g_get_monotonic_time ();
  person = dex_await_boxed (tl_remote_sign_in (remote, login, self->argv[3], "bench"), error);
  if (person == NULL)
    return FALSE;
  tl_id_parse (json_object_get_string_member (person, "accountId"), &key);
  account = tl_account_save (server, login, login, key, error);
  if (account == NULL)
    return FALSE;
  replica = tl_replica_open (account->dir, error);
  if (replica == NULL)
    return FALSE;
  g_signal_connect (replica, "changed", G_CALLBACK (changed), self);
  engine = tl_engine_new (replica, remote, account);
  self->before = bench_proc_bytes (getpid (), "status", "VmRSS");
  if (!dex_await (tl_engine_sync_once (engine), error))
    return FALSE;
  self->ended = g_get_monotonic_time ();
  tl_replica_close (replica);
  return TRUE;
}

static DexFuture *
client_fiber (gpointer data)
{
  Client *self = data;
  g_autoptr (GError) error = NULL;

  if (sync_all (self, &error))
    printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
            " %f\n",
            self->first - self->began, self->ended - self->began, self->before,
            bench_proc_bytes (getpid (), "status", "VmHWM"), bench_cpu (getpid ()));
  else
    printf ("fail %s\n", error->message);
  fflush (stdout);
  self->status = error ? 1 : 0;
  g_main_loop_quit (self->loop);
  return dex_future_new_for_boolean (TRUE);
}

int
bench_client_main (int argc, char **argv)
{
  Client self = { .argv = argv, .loop = g_main_loop_new (NULL, FALSE) };

  dex_future_disown (dex_scheduler_spawn (NULL, 0, client_fiber, &self, NULL));
  g_main_loop_run (self.loop);
  return self.status;
}
