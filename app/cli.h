/* cli.h: Tideline in a terminal: the same replica and outbox as the app, usable without a display. */
#pragma once

#include <glib.h>

/* Is `word` a command of the command line? */
gboolean tl_cli_is_command (const char *word);
/* Runs it; returns the exit status: 0, 1 it did not work, 2 wrong usage. */
int tl_cli_run (int argc, char **argv);
