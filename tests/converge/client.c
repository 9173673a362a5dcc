/* client.c: one device, as a process of its own that can be killed at any moment: the shipped sync library on
 * a folder, driven by lines on standard input, answering with lines on standard output.
 *
 *   sync          one round                        -> ok | fail REASON
 *   op SEED       a random thing a person does     -> what it was ("send TOKEN", "delete TOKEN", …)
 *   pending       what the outbox holds            -> WAITING REFUSED
 *   discard       what was refused, as a person does -> the TOKENs of its messages
 *   dump FILE     every row that the server knows  -> ok
 *
 * Arguments: FOLDER SERVER LOGIN PASSWORD-FILE FEEDS-URL. */
#include "sync/account.h"
#include "sync/actions.h"
#include "sync/engine.h"
#include "sync/outbox.h"
#include "tests/converge/circle.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  TlAccount *account;
  TlSecrets *secrets;
  TlRemote *remote;
  TlReplica *replica;
  TlEngine *engine;
  const char *feeds;
  const char *login;
  GMainLoop *loop;
  gboolean may_leave;
} Client;

/* --- looking into the replica ---------------------------------------------------------------- */

typedef struct {
  GArray *rooms; /* of gint64 */
  GArray *own;   /* of gint64: messages */
  GPtrArray *own_bodies;
  GArray *articles, *people, *subscriptions;
  gint64 newest_seq;
  gint64 room; /* whose newest_seq it is */
} View;

static void
view_free (gpointer data)
{
  View *view = data;

  g_array_unref (view->rooms);
  g_array_unref (view->own);
  g_ptr_array_unref (view->own_bodies);
  g_array_unref (view->articles);
  g_array_unref (view->people);
  g_array_unref (view->subscriptions);
  g_free (view);
}

static GArray *
read_keys (TlDb *db, const char *sql, gint64 me)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, me);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys;
}

static gpointer
read_view (TlDb *db, gpointer data, GError **error)
{
  Client *self = data;
  gint64 me = self->account->key;
  View *view = g_new0 (View, 1);
  sqlite3_stmt *statement = NULL;

  view->rooms = read_keys (db, "SELECT key FROM room ORDER BY key", 0);
  view->own = read_keys (db, "SELECT key FROM message WHERE senderId = ?1 ORDER BY key", me);
  view->articles = read_keys (db, "SELECT key FROM article ORDER BY key LIMIT 40", 0);
  view->people = read_keys (db, "SELECT key FROM principal WHERE key <> ?1 ORDER BY key", me);
  view->subscriptions = read_keys (db, "SELECT key FROM subscription ORDER BY key", 0);
  view->own_bodies = g_ptr_array_new_with_free_func (g_free);
  sqlite3_prepare_v2 (tl_db_handle (db),
                      "SELECT body FROM message WHERE senderId = ?1 ORDER BY key", -1, &statement,
                      NULL);
  sqlite3_bind_int64 (statement, 1, me);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (view->own_bodies, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  sqlite3_prepare_v2 (tl_db_handle (db),
                      "SELECT roomId, seq FROM message WHERE seq > 0 ORDER BY key DESC LIMIT 1", -1,
                      &statement, NULL);
  if (sqlite3_step (statement) == SQLITE_ROW) {
    view->room = sqlite3_column_int64 (statement, 0);
    view->newest_seq = sqlite3_column_int64 (statement, 1);
  }
  sqlite3_finalize (statement);
  return view;
}

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

/* --- what a person does ---------------------------------------------------------------------- */

static gint64
any_of (GRand *random, GArray *keys)
{
  return keys->len
             ? g_array_index (keys, gint64, (guint)g_rand_int_range (random, 0, (gint32)keys->len))
             : 0;
}

typedef char *(*Deed) (Client *self, View *view, GRand *random, GError **error);

static char *
deed_send (Client *self, View *view, GRand *random, GError **error)
{
  gint64 room = any_of (random, view->rooms);
  g_autofree char *token = g_strdup_printf ("m%08x%08x", g_rand_int (random), g_rand_int (random));

  if (room == 0 || !dex_await (tl_action_send (self->replica, room, token, 0), error))
    return NULL;
  return g_strdup_printf ("send %s", token);
}

static char *
deed_edit (Client *self, View *view, GRand *random, GError **error)
{
  guint i = view->own->len ? (guint)g_rand_int_range (random, 0, (gint32)view->own->len) : 0;
  g_autofree char *body = NULL;
  g_auto (GStrv) words = NULL;

  if (view->own->len == 0)
    return NULL;
  /* The first word is the token; an edit keeps it. */
  words = g_strsplit (view->own_bodies->pdata[i], " ", 2);
  body = g_strdup_printf ("%s edited %u", words[0], g_rand_int (random));
  if (!dex_await (
          tl_action_edit_message (self->replica, g_array_index (view->own, gint64, i), body),
          error))
    return NULL;
  return g_strdup_printf ("edit %s", words[0]);
}

static char *
deed_delete (Client *self, View *view, GRand *random, GError **error)
{
  guint i = view->own->len ? (guint)g_rand_int_range (random, 0, (gint32)view->own->len) : 0;
  g_auto (GStrv) words = NULL;

  if (view->own->len == 0)
    return NULL;
  words = g_strsplit (view->own_bodies->pdata[i], " ", 2);
  if (!dex_await (tl_action_delete_message (self->replica, g_array_index (view->own, gint64, i)),
                  error))
    return NULL;
  return g_strdup_printf ("delete %s", words[0]);
}

static char *
deed_mark (Client *self, View *view, GRand *random, GError **error)
{
  gint64 article = any_of (random, view->articles);
  gboolean is_on = g_rand_boolean (random);
  DexFuture *future;

  if (article == 0)
    return NULL;
  switch (g_rand_int_range (random, 0, 3)) {
  case 0:
    future = tl_action_set_read (self->replica, &article, 1, is_on);
    break;
  case 1:
    future = tl_action_set_starred (self->replica, article, is_on);
    break;
  default:
    future = tl_action_set_later (self->replica, article, is_on);
  }
  return dex_await (future, error) ? g_strdup ("mark") : NULL;
}

static char *
deed_read_room (Client *self, View *view, GRand *random, GError **error)
{
  if (view->room == 0 ||
      !dex_await (tl_action_room_read (self->replica, view->room, view->newest_seq), error))
    return NULL;
  return g_strdup ("read");
}

static char *
deed_new_room (Client *self, View *view, GRand *random, GError **error)
{
  g_autofree char *name = g_strdup_printf ("room %08x", g_rand_int (random));
  gint64 person = any_of (random, view->people);

  if (view->rooms->len > 12 || person == 0 ||
      !dex_await (tl_action_new_room (self->replica, name, &person, 1), error))
    return NULL;
  return g_strdup ("room");
}

static char *
deed_leave (Client *self, View *view, GRand *random, GError **error)
{
  gint64 room = any_of (random, view->rooms);

  /* One person never leaves, so that every room goes on. */
  if (!self->may_leave || room <= 0 || view->rooms->len < 4 ||
      !dex_await (tl_action_leave_room (self->replica, room, self->account->key), error))
    return NULL;
  return g_strdup ("leave");
}

static char *
deed_follow (Client *self, View *view, GRand *random, GError **error)
{
  static const char *const slugs[] = { "shoreline", "crumb", "civic", "ridge" };
  gint64 subscription = any_of (random, view->subscriptions);
  g_autofree char *url =
      g_strconcat (self->feeds, slugs[g_rand_int_range (random, 0, G_N_ELEMENTS (slugs))], NULL);

  if (view->subscriptions->len > 2 && g_rand_boolean (random))
    return dex_await (tl_action_unsubscribe (self->replica, subscription), error)
               ? g_strdup ("unfollow")
               : NULL;
  return dex_await (tl_action_subscribe (self->replica, url, "Folder"), error) ? g_strdup ("follow")
                                                                               : NULL;
}

static char *
deed_mark_all (Client *self, View *view, GRand *random, GError **error)
{
  return dex_await (tl_action_mark_all_read (self->replica, 0, NULL,
                                             g_get_real_time () / 1000 -
                                                 g_rand_int_range (random, 0, 100000)),
                    error)
             ? g_strdup ("mark-all")
             : NULL;
}

static char *
deed_circle (Client *self, View *view, GRand *random, GError **error)
{
  return circle_deed (self->replica, self->account->key, g_rand_int (random), error);
}

static const struct {
  Deed deed;
  int weight;
} deeds[] = {
  { deed_send, 40 },     { deed_edit, 10 },    { deed_delete, 6 }, { deed_mark, 20 },
  { deed_read_room, 8 }, { deed_new_room, 3 }, { deed_leave, 2 },  { deed_follow, 4 },
  { deed_mark_all, 2 },  { deed_circle, 30 },
};

static char *
do_something (Client *self, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GError) error = NULL;
  View *view =
      dex_await_pointer (tl_replica_read (self->replica, read_view, self, NULL, view_free), &error);
  int total = 0, draw;
  char *what = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    total += deeds[i].weight;
  draw = g_rand_int_range (random, 0, total);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
    draw -= deeds[i].weight;
    if (draw < 0) {
      what = deeds[i].deed (self, view, random, &error);
      break;
    }
  }
  view_free (view);
  /* A deed may be refused with a reason (what is followed already cannot be followed again): nothing was done. */
  return what ? what : g_strdup ("nothing");
}

/* --- the line protocol ----------------------------------------------------------------------- */

static GPtrArray *
list_ops (Client *self)
{
  return dex_await_pointer (
      tl_replica_read (self->replica, read_pending, NULL, NULL, (GDestroyNotify)g_ptr_array_unref),
      NULL);
}

static char *
count_pending (Client *self)
{
  g_autoptr (GPtrArray) ops = list_ops (self);
  guint refused = 0;

  for (guint i = 0; i < ops->len; i++)
    refused += ((const TlOp *)ops->pdata[i])->status == TL_OP_REFUSED;
  return g_strdup_printf ("%u %u", ops->len - refused, refused);
}

static char *
discard_refused (Client *self)
{
  g_autoptr (GPtrArray) ops = list_ops (self);
  g_autoptr (GString) tokens = g_string_new ("discarded");

  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];
    const char *body = op->verb == TL_OP_CREATE ? strstr (op->body, "\"body\":\"") : NULL;

    if (op->status != TL_OP_REFUSED)
      continue;
    if (body)
      g_string_append_printf (tokens, " %.17s", body + 8);
    /* One that went with the one before is not there any more. */
    dex_await (tl_action_discard (self->replica, op->id), NULL);
  }
  return g_strdup (tokens->str);
}

static char *
answer (Client *self, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (g_str_equal (line, "sync")) {
    if (dex_await (tl_engine_sync_once (self->engine), &error))
      return g_strdup ("ok");
    g_strdelimit (error->message, "\n", ' ');
    return g_strdup_printf ("fail %s", error->message);
  }
  if (g_str_has_prefix (line, "op "))
    return do_something (self, (guint32)g_ascii_strtoull (line + 3, NULL, 10));
  if (g_str_equal (line, "pending"))
    return count_pending (self);
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
  gint64 key = 0;

  self->secrets = tl_secrets_new ();
  self->remote = tl_remote_new (argv[2], NULL, self->secrets);
  if (!g_file_get_contents (argv[4], &password, NULL, error))
    return FALSE;
  /* The proxy may hit the sign-in too. */
  for (guint try = 0; person == NULL && try < 50; try++) {
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
  self.feeds = argv[5];
  self.login = argv[3];
  self.may_leave = !g_str_equal (argv[3], "alice");
  self.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, client_fiber, &start, NULL));
  g_main_loop_run (self.loop);
  g_clear_object (&self.engine);
  tl_replica_close (self.replica);
  return 0;
}
