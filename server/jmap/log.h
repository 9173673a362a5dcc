/* log.h: what happened in an account since a state, read once for all types of a request. */
#pragma once

#include "server/jmap/call.h"

typedef struct {
  guint8 type;
  char kind;
  gint64 id;
  gint64 scope;
  char *props; /* or NULL */
} TlLogRow;

typedef struct {
  char *now;           /* snapshot of the reading */
  gboolean is_usable;  /* FALSE: another epoch, too old, or from the future */
  gboolean is_current; /* nothing at all happened */
  gboolean is_partial; /* memberships changed or there is too much: rows don't tell it all */
  GArray *rows;        /* of TlLogRow, in the log's order */
} TlLog;

GHashTable *tl_logs_new (void);
/* Kept in `call` until its states are forgotten. */
const TlLog *tl_log_read (TlCall *call, const char *since, guint epoch, GError **error);

/* May the states between `since` and `until` be asked for? */
gboolean tl_log_usable (TlCall *call, guint epoch, const char *since, const char *until,
                        gboolean *usable, GError **error);
