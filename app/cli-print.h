/* cli-print.h: what the command line prints: for people a line a row, for programs JSON. */
#pragma once

#include "sync/wire/types.h"

/* Items of a list model: JSON has every property by its name. */
void tl_cli_print_items (GPtrArray *items, gboolean as_json);
void tl_cli_print_article (const TlArticle *article, const char *text, gboolean as_json);
/* `waiting`: items of the outbox list. */
void tl_cli_print_status (const char *name, const char *server, guint unread_articles,
                          guint unread_messages, GPtrArray *waiting, gboolean as_json);
