/* child.h: a program that runs as long as this process does: spawned without privileges, stopped by
 * the kernel when its parent's thread ends, asked politely otherwise. */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

/* Descriptor of TlChild.folder in the child: named on its command line as TL_CHILD_FOLDER. */
#define TL_CHILD_FOLDER_FD 3
#define TL_CHILD_FOLDER "/proc/self/fd/3"

typedef struct {
  const char *name; /* "PostgreSQL": for sentences */
  char **argv;
  char *log;       /* stdout and stderr are appended here */
  int folder;      /* handed down open, so that its ancestors need not be reachable; -1 for none */
  int stop_signal; /* of a clean shutdown */
  uid_t uid;       /* whom it runs as when this process is root */
  gid_t gid;
  pid_t pid; /* 0 while it does not run */
  goffset log_start;
} TlChild;

void tl_child_clear (TlChild *self);
/* The child gets `stop_signal` when the calling thread ends, however it ends. */
gboolean tl_child_spawn (TlChild *self, GError **error);
/* Has it ended? Waits `timeout_ms` for that at most. */
gboolean tl_child_wait (TlChild *self, guint timeout_ms, int *status);
/* Stops it cleanly, or by force after `timeout_ms`. */
void tl_child_stop (TlChild *self, guint timeout_ms);
/* The last line since its start that says what went wrong ("" when there is none). */
char *tl_child_complaint (TlChild *self);
