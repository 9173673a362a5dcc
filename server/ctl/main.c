/* main.c: tidelinectl: finds the command in a table, reads its options, runs it. Options may stand
 * before or after the command. Exit status: 0 done, 1 not (a sentence on standard error), 2 misused. */
#include "server/ctl/ctl.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const TlCommand *const commands[] = {
  &tl_command_init,
  &tl_command_user_add,
  &tl_command_doctor,
  &tl_command_status,
  &tl_command_user_role,
  &tl_command_user_list,
  &tl_command_user_disable,
  &tl_command_user_enable,
  &tl_command_user_reset,
  &tl_command_user_totp_off,
  &tl_command_feeds_refresh, /* before "feeds" */
  &tl_command_feeds_pause,
  &tl_command_feeds_resume,
  &tl_command_feeds,
  &tl_command_jobs_retry, /* before "jobs" */
  &tl_command_jobs_drop,
  &tl_command_jobs,
  &tl_command_backup,
  &tl_command_restore,
  &tl_command_reindex,
  &tl_command_storage_init,
  &tl_command_storage_move,
  &tl_command_storage_collect,
  &tl_command_invite_list, /* before "invite" */
  &tl_command_invite_revoke,
  &tl_command_invite,
  &tl_command_user_export,
  &tl_command_user_delete,
  &tl_command_deliveries_replay, /* before "deliveries" */
  &tl_command_deliveries,
  &tl_command_mail_test,
  &tl_command_user_link,
  &tl_command_user_unlink,
  &tl_command_client_add,
  &tl_command_client_list,
  &tl_command_client_remove,
  &tl_command_keys_rotate,
};

static TlCtl ctl;

static const GOptionEntry common[] = {
  { "standalone", 's', 0, G_OPTION_ARG_FILENAME, &ctl.dir, "The server of this stand-alone folder",
    "DIR" },
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &ctl.config_file, "The server that FILE configures",
    "FILE" },
  G_OPTION_ENTRY_NULL,
};

static char *
list_commands (void)
{
  GString *text = g_string_new ("Commands (COMMAND --help says more):");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *usage = g_strdup_printf ("%s %s", commands[i]->words, commands[i]->arguments);
    g_string_append_printf (text, "\n  %-22s %s", usage, commands[i]->summary);
  }
  return g_string_free_and_steal (text);
}

/* How many of `argv` are the words of `command`; 0 when it isn't the one. */
static guint
match (const TlCommand *command, char **argv)
{
  g_auto (GStrv) words = g_strsplit (command->words, " ", -1);
  guint n = 0;

  for (; words[n]; n++)
    if (!argv[n] || strcmp (argv[n], words[n]) != 0)
      return 0;
  return n;
}

static int
fail_usage (const char *sentence)
{
  fprintf (stderr, "tidelinectl: %s\n", sentence);
  return 2;
}

static gboolean
parse (GOptionContext *context, const GOptionEntry *options, char ***argv, GError **error)
{
  g_option_context_add_main_entries (context, common, NULL);
  if (options)
    g_option_context_add_main_entries (context, options, NULL);
  return g_option_context_parse_strv (context, argv, error);
}

/* `argv`: the command's words, then its options and arguments. */
static int
run_command (const TlCommand *command, guint n_words, char **argv)
{
  g_autofree char *usage = g_strdup_printf ("%s %s", command->words, command->arguments);
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_auto (GStrv) rest = g_strdupv (argv + n_words - 1); /* [0]: a program name, for GOption */
  g_autofree char *prefix = g_strdup_printf ("tidelinectl %s", command->words);
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_set_str (&rest[0], prefix);
  g_set_prgname (prefix);
  g_option_context_set_summary (context, command->summary);
  if (!parse (context, command->options, &rest, &error))
    return fail_usage (error->message);
  if (g_strv_length (rest + 1) != command->n_arguments) {
    g_autofree char *sentence = g_strdup_printf ("usage: tidelinectl [OPTION…] %s", usage);
    return fail_usage (g_strchomp (sentence));
  }
  done = command->run (&ctl, rest + 1, &error);
  tl_ctl_close (&ctl);
  if (error && error->domain == G_OPTION_ERROR)
    return fail_usage (error->message);
  if (error)
    fprintf (stderr, "tidelinectl: %s\n", error->message);
  return done ? 0 : 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND");
  g_autofree char *list = list_commands ();
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_description (context, list);
  if (!parse (context, NULL, &arguments, &error))
    return fail_usage (error->message);
  if (!arguments[1])
    return fail_usage ("say a command; tidelinectl --help lists them");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    guint n = match (commands[i], arguments + 1);
    if (n > 0)
      return run_command (commands[i], n, arguments + 1);
  }
  g_autofree char *sentence =
      g_strdup_printf ("there is no command “%s”; tidelinectl --help lists them", arguments[1]);
  return fail_usage (sentence);
}
