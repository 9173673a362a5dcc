/* cli.c: the commands, one row of a table each. Every command is a function in a fiber; the main loop runs
 * until it returns. Writing commands enter the outbox; when no app holds the lock they are sent at once,
 * otherwise the app is told. */
#include "app/cli.h"

#include "app/cli-calendar.h"
#include "app/cli-feed.h"
#include "app/cli-print.h"
#include "app/cli-private.h"
#include "app/terminal.h"
#include "sync/actions.h"
#include "sync/engine.h"
#include "sync/models/lists.h"
#include "sync/uploads.h"
#include "sync/wire/blocks.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef gboolean (*Command) (TlCli *cli, GError **error);

gboolean
tl_cli_usage (GError **error, const char *usage)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("Usage: tideline %s"), usage);
  return FALSE;
}

/* --- what a command stands on ---------------------------------------------------------------- */

static gboolean
open_account (TlCli *cli, GError **error)
{
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();
  g_autofree char *name = NULL;

  if (accounts->len == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("No account yet: tideline sign-in SERVER NAME"));
    return FALSE;
  }
  cli->account = tl_account_copy (accounts->pdata[0]);
  name = tl_account_id (cli->account);
  cli->secrets = tl_secrets_new ();
  cli->remote = tl_remote_new (cli->account->server, name, cli->secrets);
  cli->replica = tl_replica_open (cli->account->dir, error);
  if (cli->replica == NULL)
    return FALSE;
  cli->engine = tl_engine_new (cli->replica, cli->remote, cli->account);
  return TRUE;
}

/* What was written leaves now, or the process that syncs is told. Being offline is no failure: it waits. */
gboolean
tl_cli_leave_now (TlCli *cli, GError **error)
{
  g_autoptr (GError) cause = NULL;

  tl_account_wake (cli->account);
  if (dex_await (tl_engine_sync_once (cli->engine), &cause) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BUSY))
    return TRUE;
  tl_terminal_say (stderr, "%s\n", _ ("Kept in the outbox; it leaves with the next sync."));
  tl_terminal_say (stderr, "%s\n", cause->message);
  return TRUE;
}

/* The list's first answer, with its first `limit` items loaded. */
GPtrArray *
tl_cli_load_items (TlKeyList *list, guint limit)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;

  dex_await (tl_key_list_when_ready (list), NULL);
  n = MIN (limit, g_list_model_get_n_items (G_LIST_MODEL (list)));
  for (guint i = 0; i < n; i++) {
    GObject *item = g_list_model_get_item (G_LIST_MODEL (list), i);
    gboolean is_loaded = FALSE;

    g_object_get (item, "loaded", &is_loaded, NULL);
    while (!is_loaded) {
      dex_await (dex_timeout_new_msec (1), NULL);
      g_object_get (item, "loaded", &is_loaded, NULL);
    }
    g_ptr_array_add (items, item);
  }
  return items;
}

gboolean
tl_cli_print_list (TlCli *cli, TlKeyList *list)
{
  g_autoptr (GPtrArray) items = tl_cli_load_items (list, (guint)cli->limit);

  tl_cli_print_items (items, cli->as_json);
  g_object_unref (list);
  return TRUE;
}

gint64
tl_cli_parse_key (const char *text)
{
  gint64 key = 0;

  if (text && !tl_id_parse (text, &key))
    key = g_ascii_strtoll (text, NULL, 10);
  return key;
}

gint64
tl_cli_key (TlCli *cli, int index)
{
  return index < cli->argc ? tl_cli_parse_key (cli->argv[index]) : 0;
}

/* The room of the person that an argument names; 0 with an error. */
static gint64
argument_room (TlCli *cli, int index, const char *usage, GError **error)
{
  g_autoptr (TlKeyList) rooms = NULL;
  gint64 key = tl_cli_key (cli, index);

  if (key == 0) {
    tl_cli_usage (error, usage);
    return 0;
  }
  rooms = tl_room_list_new (cli->replica, cli->account->key);
  dex_await (tl_key_list_when_ready (rooms), NULL);
  if (tl_key_list_find (rooms, key) >= 0)
    return key;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("There is no such room of yours: %s (“tideline list rooms” shows them)"),
               cli->argv[index]);
  return 0;
}

/* --- commands -------------------------------------------------------------------------------- */

static char *
ask_password (TlCli *cli, GError **error)
{
  g_autofree char *text = NULL;

  if (cli->password_file) {
    if (!g_file_get_contents (cli->password_file, &text, NULL, error))
      return NULL;
  } else if (isatty (STDIN_FILENO)) {
    text = g_strdup (getpass (_ ("Password: ")));
  } else {
    char line[1024];
    text = g_strdup (fgets (line, sizeof line, stdin) ? line : "");
  }
  return g_strdup (g_strchomp (text));
}

/* A code after the password, for who has set that up. */
static JsonObject *
sign_in_with (TlCli *cli, const char *password, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *code = NULL;
  char line[128];
  JsonObject *person = dex_await_boxed (
      tl_remote_sign_in (cli->remote, cli->argv[1], password, g_get_host_name ()), &cause);

  if (person || !g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_CODE)) {
    if (cause)
      g_propagate_error (error, g_steal_pointer (&cause));
    return person;
  }
  if (isatty (STDIN_FILENO))
    code = g_strdup (getpass (_ ("Code: ")));
  else
    code = g_strdup (fgets (line, sizeof line, stdin) ? line : "");
  return dex_await_boxed (
      tl_remote_sign_in_code (cli->remote, cli->argv[1], g_strchomp (code), g_get_host_name ()),
      error);
}

static gboolean
command_sign_in (TlCli *cli, GError **error)
{
  g_autofree char *password = NULL;
  g_autoptr (JsonObject) person = NULL;
  g_autoptr (TlAccount) account = NULL;
  gint64 key = 0;

  if (cli->argc != 2)
    return tl_cli_usage (error, "sign-in SERVER NAME");
  password = ask_password (cli, error);
  if (password == NULL)
    return FALSE;
  cli->secrets = tl_secrets_new ();
  cli->remote = tl_remote_new (cli->argv[0], NULL, cli->secrets);
  person = sign_in_with (cli, password, error);
  if (person == NULL)
    return FALSE;
  tl_id_parse (json_object_get_string_member_with_default (person, "accountId", ""), &key);
  account = tl_account_save (
      cli->argv[0], cli->argv[1],
      json_object_get_string_member_with_default (person, "name", cli->argv[1]), key, error);
  if (account == NULL)
    return FALSE;
  if (!tl_secrets_is_persistent (cli->secrets)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("Signed in, but there is no secret service to keep the session in: "
                            "the next command will ask again"));
    return FALSE;
  }
  tl_terminal_say (stdout, _ ("Signed in as %s.\n"), account->name);
  return TRUE;
}

static gboolean
command_sync (TlCli *cli, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!dex_await (tl_engine_sync_once (cli->engine), &cause)) {
    if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BUSY)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    tl_account_wake (cli->account);
    puts (_ ("The app is running and syncs."));
    return TRUE;
  }
  puts (_ ("In sync."));
  return TRUE;
}

static gboolean
command_status (TlCli *cli, GError **error)
{
  g_autoptr (TlKeyList) outbox = tl_outbox_list_new (cli->replica);
  g_autoptr (TlKeyList) feeds = tl_feed_list_new (cli->replica);
  g_autoptr (TlKeyList) rooms = tl_room_list_new (cli->replica, cli->account->key);
  g_autoptr (GPtrArray) waiting = tl_cli_load_items (outbox, G_MAXUINT);
  g_autoptr (GPtrArray) followed = tl_cli_load_items (feeds, G_MAXUINT);
  g_autoptr (GPtrArray) joined = tl_cli_load_items (rooms, G_MAXUINT);
  guint articles = 0, messages = 0;

  for (guint i = 0; i < followed->len; i++)
    if (!((TlFeedItem *)followed->pdata[i])->is_folder)
      articles += ((TlFeedItem *)followed->pdata[i])->unread;
  for (guint i = 0; i < joined->len; i++)
    messages += ((TlRoomItem *)joined->pdata[i])->unread;
  tl_cli_print_status (cli->account->name, cli->account->server, articles, messages, waiting,
                       cli->as_json);
  return TRUE;
}

static gboolean
command_list (TlCli *cli, GError **error)
{
  const char *usage = "list articles|starred|feeds|rooms|people|events|posts [PERSON]|messages "
                      "ROOM";
  const char *what = cli->argc > 0 ? cli->argv[0] : "articles";
  TlArticleFilter filter = cli->unread_only ? TL_ARTICLES_UNREAD : TL_ARTICLES_ALL;

  if (g_str_equal (what, "articles"))
    return tl_cli_print_list (cli, tl_article_list_new (cli->replica, filter, 0, NULL));
  if (g_str_equal (what, "starred"))
    return tl_cli_print_list (cli,
                              tl_article_list_new (cli->replica, TL_ARTICLES_STARRED, 0, NULL));
  if (g_str_equal (what, "feeds"))
    return tl_cli_print_list (cli, tl_feed_list_new (cli->replica));
  if (g_str_equal (what, "rooms"))
    return tl_cli_print_list (cli, tl_room_list_new (cli->replica, cli->account->key));
  if (g_str_equal (what, "posts"))
    return tl_cli_list_posts (cli, error);
  if (g_str_equal (what, "events"))
    return tl_cli_list_events (cli, error);
  if (g_str_equal (what, "people"))
    return tl_cli_print_list (cli, tl_person_list_new (cli->replica, 0));
  if (g_str_equal (what, "messages")) {
    gint64 room = argument_room (cli, 1, usage, error);
    return room != 0 &&
           tl_cli_print_list (cli, tl_message_list_new (cli->replica, room, cli->account->key));
  }
  return tl_cli_usage (error, usage);
}

static gboolean
command_read (TlCli *cli, GError **error)
{
  gint64 key = tl_cli_key (cli, 0);
  TlArticle *article;
  g_autoptr (GError) failed = NULL;
  g_autoptr (GPtrArray) blocks = NULL;
  g_autofree char *text = NULL;

  if (key == 0)
    return tl_cli_usage (error, "read ARTICLE|POST");
  article = dex_await_pointer (tl_article_load (cli->replica, key), &failed);
  if (article == NULL && g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return tl_cli_read_post (cli, key, error);
  if (article == NULL) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  blocks = tl_blocks_parse (article->blocks ? article->blocks : "[]", NULL);
  text = blocks ? tl_blocks_to_text (blocks) : g_strdup ("");
  tl_cli_print_article (article, text, cli->as_json);
  tl_record_free (&tl_article_type, article);
  if (!cli->mark)
    return TRUE;
  return dex_await (tl_action_set_read (cli->replica, &key, 1, TRUE), error) &&
         tl_cli_leave_now (cli, error);
}

static gboolean
command_search (TlCli *cli, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", cli->argv);
  TlKeyList *hits;

  if (text[0] == '\0')
    return tl_cli_usage (error, "search WORDS");
  hits = tl_search_list_new (cli->replica, cli->account->key);
  dex_await (tl_key_list_when_ready (hits), NULL);
  tl_search_list_ask (hits, text, 0);
  return tl_cli_print_list (cli, hits);
}

char *
tl_cli_text (TlCli *cli, int index)
{
  g_autoptr (GString) text = NULL;
  char buffer[4096];
  gsize n;

  if (cli->argc > index)
    return g_strjoinv (" ", cli->argv + index);
  text = g_string_new (NULL);
  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, (gssize)n);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

GPtrArray *
tl_cli_keep_files (TlCli *cli, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);

  for (guint i = 0; cli->files && cli->files[i]; i++) {
    g_autoptr (GFile) file = g_file_new_for_commandline_arg (cli->files[i]);
    TlAttachment *kept = dex_await_boxed (tl_upload_keep_file (cli->replica, file), error);

    if (kept == NULL)
      return NULL;
    g_ptr_array_add (files, kept);
  }
  return g_steal_pointer (&files);
}

static gboolean
command_send (TlCli *cli, GError **error)
{
  gint64 room = argument_room (cli, 0, "send ROOM [TEXT] [--file FILE]", error);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) files = NULL;

  if (room == 0)
    return FALSE;
  files = tl_cli_keep_files (cli, error);
  if (files == NULL)
    return FALSE;
  text = files->len > 0 && cli->argc < 2 ? g_strdup ("") : g_strstrip (tl_cli_text (cli, 1));
  if (text[0] == '\0' && files->len == 0)
    return tl_cli_usage (error, "send ROOM [TEXT] [--file FILE]");
  return dex_await (tl_action_send_with (cli->replica, room, text, 0, files, NULL), error) &&
         tl_cli_leave_now (cli, error);
}

static gboolean
command_outbox (TlCli *cli, GError **error)
{
  gint64 op = tl_cli_key (cli, 1);

  if (cli->argc == 0)
    return tl_cli_print_list (cli, tl_outbox_list_new (cli->replica));
  if (g_str_equal (cli->argv[0], "retry") && op != 0)
    return dex_await (tl_action_retry (cli->replica, op), error) && tl_cli_leave_now (cli, error);
  if (g_str_equal (cli->argv[0], "discard") && op != 0)
    return dex_await (tl_action_discard (cli->replica, op), error) && tl_cli_leave_now (cli, error);
  if (g_str_equal (cli->argv[0], "both") && op != 0)
    return dex_await (tl_action_keep_both (cli->replica, op), error) &&
           tl_cli_leave_now (cli, error);
  return tl_cli_usage (error, "outbox [retry|discard|both NUMBER]");
}

static const struct {
  const char *word;
  Command run;
  gboolean needs_account;
  const char *help;
} commands[] = {
  { "sign-in", command_sign_in, FALSE, N_ ("SERVER NAME: sign in on this computer") },
  { "sync", command_sync, TRUE, N_ ("send what waits, get what is new") },
  { "status", command_status, TRUE, N_ ("who you are, what is unread, what waits") },
  { "list", command_list, TRUE,
    N_ ("articles|starred|feeds|rooms|people|posts [PERSON]|messages ROOM|events [--from DAY] "
        "[--until DAY]") },
  { "read", command_read, TRUE, N_ ("ARTICLE [--mark]: its text; POST: its thread") },
  { "search", command_search, TRUE, N_ ("WORDS: over everything that is here") },
  { "send", command_send, TRUE, N_ ("ROOM [TEXT] [--file FILE]: a message, or standard input") },
  { "post", tl_cli_post, TRUE,
    N_ ("[TEXT] [--reply POST] [--warning TEXT] [--visibility WHO] [--file FILE]") },
  { "event", tl_cli_event, TRUE,
    N_ ("TITLE --start TIME [--end TIME|--duration 1h30m] [--calendar NAME]") },
  { "import", tl_cli_import, TRUE, N_ ("FILE.ics [--calendar NAME]: events into a calendar") },
  { "export", tl_cli_export, TRUE, N_ ("[CALENDAR]: its events as iCalendar") },
  { "outbox", command_outbox, TRUE, N_ ("[retry|discard|both NUMBER]: what has not left") },
};

/* The command of a word; -1 with an error that names those there are. */
static int
find_command (const char *word, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i].word, word))
      return (int)i;
    g_string_append_printf (known, "%s%s", i ? ", " : "", commands[i].word);
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _ ("“%s” is no command; there are: %s"), word, known->str);
  return -1;
}

/* What the library remarks, in the words of a terminal. */
static GLogWriterOutput
write_remark (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  if ((level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_WARNING)) == 0)
    return g_log_writer_default (level, fields, n, data);
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      tl_terminal_say (stderr, "tideline: %s\n", (const char *)fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

/* --- running --------------------------------------------------------------------------------- */

typedef struct {
  TlCli cli;
  int command;
  GError *error;
  gboolean is_done;
  GMainLoop *loop;
} Run;

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  TlCli *cli = &run->cli;

  run->is_done = (!commands[run->command].needs_account || open_account (cli, &run->error)) &&
                 commands[run->command].run (cli, &run->error);
  g_main_loop_quit (run->loop);
  return dex_future_new_for_boolean (TRUE);
}

static void
cli_clear (TlCli *cli)
{
  g_clear_object (&cli->engine);
  if (cli->replica)
    tl_replica_close (g_steal_pointer (&cli->replica));
  g_clear_object (&cli->remote);
  g_clear_object (&cli->secrets);
  g_clear_pointer (&cli->account, tl_account_free);
  g_free (cli->password_file);
  g_strfreev (cli->files);
  g_free (cli->reply);
  g_free (cli->warning);
  g_free (cli->visibility);
  g_free (cli->from);
  g_free (cli->until);
  g_free (cli->start);
  g_free (cli->end);
  g_free (cli->duration);
  g_free (cli->calendar);
}

static gboolean
parse_options (TlCli *cli, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->as_json, N_ ("Print JSON"), NULL },
    { "unread", 0, 0, G_OPTION_ARG_NONE, &cli->unread_only, N_ ("Only what is unread"), NULL },
    { "mark", 0, 0, G_OPTION_ARG_NONE, &cli->mark, N_ ("Mark as read"), NULL },
    { "reply", 0, 0, G_OPTION_ARG_STRING, &cli->reply, N_ ("Answer this post"), N_ ("POST") },
    { "warning", 0, 0, G_OPTION_ARG_STRING, &cli->warning, N_ ("What the post is behind"),
      N_ ("TEXT") },
    { "visibility", 0, 0, G_OPTION_ARG_STRING, &cli->visibility,
      N_ ("Who sees it: public, followers or mentioned"), N_ ("WHO") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &cli->from, N_ ("Events from then on"), N_ ("TIME") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &cli->until, N_ ("Events before then"), N_ ("TIME") },
    { "start", 0, 0, G_OPTION_ARG_STRING, &cli->start, N_ ("When the event starts"), N_ ("TIME") },
    { "end", 0, 0, G_OPTION_ARG_STRING, &cli->end, N_ ("When it ends"), N_ ("TIME") },
    { "duration", 0, 0, G_OPTION_ARG_STRING, &cli->duration, N_ ("How long it takes"),
      N_ ("LENGTH") },
    { "calendar", 0, 0, G_OPTION_ARG_STRING, &cli->calendar, N_ ("The calendar’s name"),
      N_ ("NAME") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &cli->limit, N_ ("At most this many"), N_ ("N") },
    { "file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &cli->files, N_ ("Send this file along"),
      N_ ("FILE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &cli->password_file,
      N_ ("Read the password from a file"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND"));
  GString *summary = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (summary, "  %-8s %s\n", commands[i].word, _ (commands[i].help));
  g_option_context_set_summary (context, summary->str);
  g_string_free (summary, TRUE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  cli->limit = 50;
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  cli->limit = MAX (cli->limit, 1);
  return TRUE;
}

int
tl_cli_run (int argc, char **argv)
{
  Run run = { 0 };
  int status = 0;

  g_log_set_writer_func (write_remark, NULL, NULL);
  dex_init ();
  if (!parse_options (&run.cli, &argc, &argv, &run.error) ||
      (run.command = find_command (argv[1], &run.error)) < 0) {
    tl_terminal_say (stderr, "tideline: %s\n", run.error->message);
    g_clear_error (&run.error);
    return 2;
  }
  run.cli.argc = argc - 2;
  run.cli.argv = argv + 2;
  run.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, run_fiber, &run, NULL));
  g_main_loop_run (run.loop);
  if (run.error) {
    tl_terminal_say (stderr, "tideline: %s\n", run.error->message);
    status = run.error->domain == G_OPTION_ERROR ? 2 : 1;
    g_clear_error (&run.error);
  }
  cli_clear (&run.cli);
  g_main_loop_unref (run.loop);
  return status;
}
