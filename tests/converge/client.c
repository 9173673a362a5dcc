/* client.c: one device, as a process of its own that can be killed at any moment: the shipped sync library on
 * a folder, driven by lines on standard input, answering with lines on standard output.
 *
 *   sync          one round               -> ok TALLY… | fail REASON
 *   live          syncs by itself, listening to pushes, until the next round -> ok
 *   op SEED       a random thing a person does     -> what it was ("send TOKEN", "delete TOKEN", …)
 *   say SEED      a message               -> send TOKEN
 *   file SEED     something with a file   -> what it was
 *   pending       what the outbox holds   -> WAITING REFUSED (with what stands on them)
 *   waiting       the TOKENs of the messages that wait
 *   discard       what was refused, as a person does -> the TOKENs of its messages
 *   dump FILE     every row that the server knows  -> ok
 *
 * TALLY: "Type:verb", what the server took in that round; "Type:refused", what it did not.
 * Arguments: FOLDER SERVER LOGIN PASSWORD-FILE FEEDS-URL. */
#include "sync/account.h"
#include "sync/actions.h"
#include "sync/engine.h"
#include "sync/outbox.h"
#include "tests/converge/deeds.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  TlAccount *account;
  TlSecrets *secrets;
  TlRemote *remote;
  TlReplica *replica;
  TlEngine *engine;
  Person person;
  GMainLoop *loop;
  DexFuture *living; /* while it syncs by itself */
} Client;

/* --- looking into the replica ---------------------------------------------------------------- */

static gpointer
read_pending (TlDb *db, gpointer data, GError **error)
{
  return tl_outbox_list (db, error);
}

static void
dump_table (TlDb *db, FILE *file, const TlType *type)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT * FROM \"%s\" WHERE key > 0 ORDER BY key", type->table);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    fprintf (file, "%s", type->name);
    for (int i = 0; i < sqlite3_column_count (statement); i++) {
      const char *name = sqlite3_column_name (statement, i);
      const char *text = (const char *)sqlite3_column_text (statement, i);

      /* When a feed was last fetched is not logged: it is no news to anyone. */
      if (!g_str_equal (name, "fetchedAt"))
        fprintf (file, "|%s=%s", name, text ? text : "null");
    }
    fputc ('\n', file);
  }
  sqlite3_finalize (statement);
}

static gpointer
write_dump (TlDb *db, gpointer data, GError **error)
{
  FILE *file = fopen (data, "w");

  g_assert_nonnull (file);
  for (guint i = 0; tl_types[i]; i++)
    dump_table (db, file, tl_types[i]);
  fclose (file);
  return g_strdup ("ok");
}

/* --- the line protocol ----------------------------------------------------------------------- */

static GPtrArray *
list_ops (Client *self)
{
  return dex_await_pointer (
      tl_replica_read (self->replica, read_pending, NULL, NULL, (GDestroyNotify)g_ptr_array_unref),
      NULL);
}

/* Does it need an object that will not be made? */
static gboolean
stands_on (const TlOp *op, GPtrArray *refused)
{
  for (guint i = 0; i < refused->len; i++) {
    const TlOp *create = refused->pdata[i];
    g_autofree char *ref = g_strdup_printf ("\"#n%" G_GINT64_FORMAT "\"", -create->key);

    if ((op->key == create->key && (op->key < 0 || op->type == create->type)) ||
        strstr (op->body, ref))
      return TRUE;
  }
  return FALSE;
}

/* What stands on a refused create is refused with it; a refusal holds up nothing else. */
static char *
count_pending (Client *self)
{
  g_autoptr (GPtrArray) ops = list_ops (self);
  g_autoptr (GPtrArray) refused = g_ptr_array_new ();
  guint waiting = 0;

  for (guint i = 0; i < ops->len; i++) {
    TlOp *op = ops->pdata[i];

    if (op->status != TL_OP_REFUSED && !stands_on (op, refused))
      waiting++;
    else if (op->verb == TL_OP_CREATE)
      g_ptr_array_add (refused, op);
  }
  return g_strdup_printf ("%u %u", waiting, ops->len - waiting);
}

static gboolean
has_op (GPtrArray *ops, gint64 id)
{
  for (guint i = 0; i < ops->len; i++)
    if (((const TlOp *)ops->pdata[i])->id == id)
      return TRUE;
  return FALSE;
}

/* The token that the message begins with, if it is one that is counted. */
static void
add_token (GString *tokens, const TlOp *op)
{
  const char *body = op->verb == TL_OP_CREATE ? strstr (op->body, "\"body\":\"m") : NULL;

  if (body && strspn (body + 9, "0123456789abcdef") == 16)
    g_string_append_printf (tokens, " %.17s", body + 8);
}

static char *
list_waiting (Client *self)
{
  g_autoptr (GPtrArray) ops = list_ops (self);
  g_autoptr (GString) tokens = g_string_new ("waiting");

  for (guint i = 0; i < ops->len; i++)
    add_token (tokens, ops->pdata[i]);
  return g_strdup (tokens->str);
}

/* What depends on it goes with it. */
static char *
discard_refused (Client *self)
{
  g_autoptr (GPtrArray) before = list_ops (self);
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GString) tokens = g_string_new ("discarded");

  for (guint i = 0; i < before->len; i++) {
    const TlOp *op = before->pdata[i];

    if (op->status == TL_OP_REFUSED)
      dex_await (tl_action_discard (self->replica, op->id), NULL);
  }
  after = list_ops (self);
  for (guint i = 0; i < before->len; i++)
    if (!has_op (after, ((const TlOp *)before->pdata[i])->id))
      add_token (tokens, before->pdata[i]);
  return g_strdup (tokens->str);
}

/* --- a round --------------------------------------------------------------------------------- */

static gboolean
is_refused (GPtrArray *ops, gint64 id)
{
  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (op->id == id)
      return op->status == TL_OP_REFUSED;
  }
  return FALSE;
}

static void
live (Client *self)
{
  if (self->living == NULL)
    self->living = tl_engine_start (self->engine);
}

static void
rest (Client *self)
{
  if (self->living)
    dex_await (tl_engine_stop (self->engine), NULL);
  dex_clear (&self->living);
}

static char *
sync_once (Client *self)
{
  static const char *const verbs[] = { "create", "update", "destroy" };
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GString) tally = g_string_new ("ok");
  g_autoptr (GError) error = NULL;

  rest (self);
  before = list_ops (self);

  if (!dex_await (tl_engine_sync_once (self->engine), &error)) {
    g_strdelimit (error->message, "\n", ' ');
    return g_strdup_printf ("fail %s", error->message);
  }
  after = list_ops (self);
  for (guint i = 0; i < before->len; i++) {
    const TlOp *op = before->pdata[i];

    if (!has_op (after, op->id))
      g_string_append_printf (tally, " %s:%s", op->type->name, verbs[op->verb]);
    else if (op->status != TL_OP_REFUSED && is_refused (after, op->id))
      g_string_append_printf (tally, " %s:refused", op->type->name);
  }
  return g_strdup (tally->str);
}

static char *
answer (Client *self, const char *line)
{
  if (g_str_equal (line, "sync"))
    return sync_once (self);
  if (g_str_equal (line, "live")) {
    live (self);
    return g_strdup ("ok");
  }
  if (g_str_has_prefix (line, "op "))
    return person_does (&self->person, (guint32)g_ascii_strtoull (line + 3, NULL, 10));
  if (g_str_has_prefix (line, "say "))
    return person_says (&self->person, (guint32)g_ascii_strtoull (line + 4, NULL, 10));
  if (g_str_has_prefix (line, "file "))
    return person_sends_files (&self->person, (guint32)g_ascii_strtoull (line + 5, NULL, 10));
  if (g_str_equal (line, "pending"))
    return count_pending (self);
  if (g_str_equal (line, "waiting"))
    return list_waiting (self);
  if (g_str_equal (line, "discard"))
    return discard_refused (self);
  if (g_str_has_prefix (line, "dump "))
    return dex_await_pointer (
        tl_replica_read (self->replica, write_dump, (gpointer)(line + 5), NULL, g_free), NULL);
  return g_strdup ("unknown command");
}

/* Reads lines without blocking the main loop: the reads happen on a thread. */
static gpointer
read_lines (gpointer data)
{
  DexChannel *lines = data;
  char buffer[4096];

  while (fgets (buffer, sizeof buffer, stdin))
    dex_future_disown (dex_channel_send (lines, dex_future_new_for_string (g_strchomp (buffer))));
  dex_channel_close_send (lines);
  dex_unref (lines);
  return NULL;
}

static gboolean
sign_in (Client *self, char **argv, GError **error)
{
  g_autofree char *password = NULL;
  g_autoptr (JsonObject) person = NULL;
  gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gint64 key = 0;

  self->secrets = tl_secrets_new ();
  self->remote = tl_remote_new (argv[2], NULL, self->secrets);
  if (!g_file_get_contents (argv[4], &password, NULL, error))
    return FALSE;
  /* The proxy may hit the sign-in too, and PostgreSQL may only just be coming back. */
  while (person == NULL && g_get_monotonic_time () < until) {
    g_clear_error (error);
    person = dex_await_boxed (
        tl_remote_sign_in (self->remote, argv[3], g_strchomp (password), "converge"), error);
  }
  if (person == NULL)
    return FALSE;
  tl_id_parse (json_object_get_string_member (person, "accountId"), &key);
  self->account = g_new0 (TlAccount, 1);
  self->account->dir = g_strdup (argv[1]);
  self->account->server = g_strdup (argv[2]);
  self->account->login = g_strdup (argv[3]);
  self->account->name = g_strdup (argv[3]);
  self->account->key = key;
  self->replica = tl_replica_open (argv[1], error);
  if (self->replica == NULL)
    return FALSE;
  self->engine = tl_engine_new (self->replica, self->remote, self->account);
  /* The first person never leaves, so that every room that is for good goes on. */
  self->person = (Person){ .replica = self->replica,
                           .me = key,
                           .feeds = argv[5],
                           .may_leave = !g_str_equal (argv[3], "alice") };
  return TRUE;
}

typedef struct {
  Client *client;
  char **argv;
} Start;

static DexFuture *
client_fiber (gpointer data)
{
  Start *start = data;
  Client *self = start->client;
  DexChannel *lines = dex_channel_new (0);
  g_autoptr (GError) error = NULL;

  if (!sign_in (self, start->argv, &error)) {
    printf ("fail %s\n", error->message);
    exit (1);
  }
  puts ("ready");
  fflush (stdout);
  g_thread_unref (g_thread_new ("lines", read_lines, dex_ref (lines)));
  for (;;) {
    g_autofree char *line = dex_await_string (dex_channel_receive (lines), NULL);
    g_autofree char *reply = line ? answer (self, line) : NULL;

    if (line == NULL)
      break;
    puts (reply);
    fflush (stdout);
  }
  rest (self);
  g_main_loop_quit (self->loop);
  return dex_future_new_for_boolean (TRUE);
}

int
main (int argc, char **argv)
{
  Client self = { 0 };
  Start start = { &self, argv };

  g_assert_cmpint (argc, ==, 6);
  dex_init ();
  self.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, client_fiber, &start, NULL));
  g_main_loop_run (self.loop);
  g_clear_object (&self.engine);
  tl_replica_close (self.replica);
  return 0;
}
