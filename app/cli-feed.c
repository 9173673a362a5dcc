/* cli-feed.c: see the header. */
#include "app/cli-feed.h"

#include "app/cli-print.h"
#include "sync/actions-social.h"
#include "sync/models/posts.h"

#include <glib/gi18n.h>

#define USAGE                                                                                      \
  "post [TEXT] [--reply POST] [--warning TEXT] [--visibility public|followers|mentioned]"

gboolean
tl_cli_list_posts (TlCli *cli, GError **error)
{
  gint64 me = cli->account->key, person = tl_cli_key (cli, 1);

  if (cli->argc > 1 && person == 0)
    person = dex_await_int64 (tl_person_find (cli->replica, cli->argv[1]), NULL);
  if (cli->argc > 1 && person == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is nobody called %s (“tideline list people” shows everybody)"),
                 cli->argv[1]);
    return FALSE;
  }
  return tl_cli_print_list (
      cli, tl_post_list_new (cli->replica, person ? TL_POSTS_PERSON : TL_POSTS_HOME, person, me));
}

gboolean
tl_cli_read_post (TlCli *cli, gint64 post, GError **error)
{
  g_autoptr (TlKeyList) thread =
      tl_post_list_new (cli->replica, TL_POSTS_THREAD, post, cli->account->key);
  g_autoptr (GPtrArray) items = tl_cli_load_items (thread, (guint)cli->limit);

  if (items->len == 0) {
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, post);

    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no article or post %s"),
                 number);
    return FALSE;
  }
  tl_cli_print_items (items, cli->as_json);
  return TRUE;
}

gboolean
tl_cli_post (TlCli *cli, GError **error)
{
  static const char *const visibilities[] = { "public", "followers", "mentioned", NULL };
  g_autoptr (GPtrArray) files = tl_cli_keep_files (cli, error);
  g_autofree char *text = NULL;
  TlNewPost post = { .warning = cli->warning,
                     .visibility = cli->visibility ? cli->visibility : "public",
                     .reply_to = tl_cli_parse_key (cli->reply),
                     .images = files };

  if (files == NULL)
    return FALSE;
  text = files->len > 0 && cli->argc == 0 ? g_strdup ("") : g_strstrip (tl_cli_text (cli, 0));
  post.text = text;
  if ((text[0] == '\0' && files->len == 0) || !g_strv_contains (visibilities, post.visibility) ||
      (cli->reply && post.reply_to == 0))
    return tl_cli_usage (error, USAGE);
  return dex_await (tl_action_post (cli->replica, &post), error) && tl_cli_leave_now (cli, error);
}
