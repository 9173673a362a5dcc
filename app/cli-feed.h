/* cli-feed.h: the commands about the feed. */
#pragma once

#include "app/cli-private.h"

/* "list posts [PERSON]": one's home, or what somebody wrote. */
gboolean tl_cli_list_posts (TlCli *cli, GError **error);
/* "read POST": its thread. */
gboolean tl_cli_read_post (TlCli *cli, gint64 post, GError **error);
gboolean tl_cli_post (TlCli *cli, GError **error);
