/* cli-private.h: what the commands stand on, for app/cli*.c only. All of it runs in the one fiber of the command. */
#pragma once

#include "sync/engine.h"
#include "sync/models/key-list.h"

typedef struct {
  int argc; /* after the command's word */
  char **argv;
  gboolean as_json, unread_only, mark;
  int limit;
  char *password_file;
  char **files;                            /* to go along with a message or post */
  char *reply, *warning, *visibility;      /* of a post */
  char *from, *until;                      /* of listed events */
  char *start, *end, *duration, *calendar; /* of a new event */

  TlAccount *account;
  TlSecrets *secrets;
  TlRemote *remote;
  TlReplica *replica;
  TlEngine *engine;
} TlCli;

gboolean tl_cli_usage (GError **error, const char *usage);
/* What was written leaves now, or the process that syncs is told. */
gboolean tl_cli_leave_now (TlCli *cli, GError **error);
/* The list's first answer, with its first `limit` items loaded. */
GPtrArray *tl_cli_load_items (TlKeyList *list, guint limit);
/* Prints it and lets it go. */
gboolean tl_cli_print_list (TlCli *cli, TlKeyList *list);
/* "t12", "12" or "-3"; 0 for anything else. */
gint64 tl_cli_parse_key (const char *text);
gint64 tl_cli_key (TlCli *cli, int index);
/* The words from an argument on, or standard input when there are none. */
char *tl_cli_text (TlCli *cli, int index);
/* The --file options as TlAttachment; NULL with an error. */
GPtrArray *tl_cli_keep_files (TlCli *cli, GError **error);
