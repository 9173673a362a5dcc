/* act.h: what the actions of every section share: one action on its way to the writer thread. For sync/actions*.c
 * only. */
#pragma once

#include "sync/outbox.h"

/* What it is about differs; unused members are 0. `result`: the key it made or found. */
typedef struct {
  const TlType *type;
  TlVerb verb;
  gint64 key, other, result;
  gboolean flag;
  char *text, *folder;
  char *draft; /* the place of the draft that this was, which goes with it */
  JsonObject *body;
  GArray *keys; /* of gint64 */
} TlAct;

/* `body` is taken. */
TlAct *tl_act_new (const TlType *type, TlVerb verb, gint64 key, JsonObject *body);
/* Takes the act; `func` gets it as its data, in the writer thread. */
DexFuture *tl_act_do (TlReplica *replica, TlWriteFunc func, TlAct *act);
/* Resolves to the act's result (G_TYPE_INT64). */
DexFuture *tl_act_do_for_key (TlReplica *replica, TlWriteFunc func, TlAct *act);
/* One operation as it is. */
DexFuture *tl_act_do_plain (TlReplica *replica, const TlType *type, TlVerb verb, gint64 key,
                            JsonObject *body);
/* The body of an act (TlWriteFunc): its one operation enters the outbox. */
gboolean tl_act_run_plain (TlDb *db, TlChanges *changes, gpointer act, GError **error);

/* Null for no text. */
void tl_act_set_text (JsonObject *body, const char *name, const char *text);
void tl_act_set_ref (JsonObject *body, const char *name, gint64 key);
/* `json` is taken; NULL leaves the member out. */
void tl_act_set_json (JsonObject *body, const char *name, char *json);
/* The first column of one row, or `otherwise`. */
gint64 tl_act_ask (TlDb *db, sqlite3_stmt *statement, gint64 otherwise, GError **error);
