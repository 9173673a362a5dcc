/* cli-calendar.h: the commands about calendars and events. */
#pragma once

#include "app/cli-private.h"

/* "list events": a month from today, or --from and --until. */
gboolean tl_cli_list_events (TlCli *cli, GError **error);
gboolean tl_cli_event (TlCli *cli, GError **error);
gboolean tl_cli_import (TlCli *cli, GError **error);
gboolean tl_cli_export (TlCli *cli, GError **error);
