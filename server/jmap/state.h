/* state.h: state strings: `epoch.snapshot`, and `epoch.since~until~id` between two pages of /changes:
 * of what changed from `since` to `until`, the objects up to that id were told. Snapshots are
 * PostgreSQL's pg_snapshot text: "xmin:xmax:xip,xip". */
#pragma once

#include <glib.h>

typedef struct {
  guint epoch;
  char *since;
  char *until;  /* NULL for an ordinary state */
  gint64 after; /* with `until` */
} TlState;

void tl_state_clear (TlState *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlState, tl_state_clear)

/* Strict and bounded: what it accepts, PostgreSQL accepts too. */
gboolean tl_state_parse (const char *text, TlState *state);
char *tl_state_format (const char *epoch, const char *snapshot);
char *tl_state_format_page (guint epoch, const char *since, const char *until, gint64 after);

/* The snapshot that sees what `snapshot` does and the transaction `xid`, which is younger, and nothing
 * else. NULL when that would be too long. */
char *tl_state_add (const char *snapshot, guint64 xid);
