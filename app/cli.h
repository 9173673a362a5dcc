/* cli.h: `tideline COMMAND …`: the commands of the terminal, without a window. */
#pragma once

/* Runs argv[1] with its arguments; gives the exit status: 0 fine, 1 it failed, 2 it was asked wrongly. */
int tl_cli_run (int argc, char **argv);
