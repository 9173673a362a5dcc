/* hooks.h: what the hooks of all services share: statements with numbers, refusals, and reading and writing
 * the members of JSON objects that were checked against their field table. Within one TlWrite. */
#pragma once

#include "server/jmap/type.h"
#include "server/services/user/roles.h"

/* Runs statement `name` of `file` with numbers, prepared once a connection. */
PGresult *tl_hook_query (TlWrite *write, const char *file, const char *name, int n,
                         const gint64 *args, GError **error);
gint64 tl_hook_number (PGresult *result, int row, int column);
/* Is `account` in `scope` now? */
gboolean tl_hook_sees (TlWrite *write, gint64 account, gint64 scope, gboolean *sees,
                       GError **error);
/* Does the role of the writer on this server allow it? */
gboolean tl_hook_may (TlWrite *write, TlDeed deed, gboolean *may, GError **error);
/* From here to its end this transaction is the only one in which `account` does something about `id`
 * that is there once: what was there before is seen. */
gboolean tl_hook_take_turns (TlWrite *write, gint64 account, gint64 id, GError **error);
/* Refuses with `code`; always FALSE. */
gboolean tl_hook_refuse (GError **error, TlSetError code, const char *sentence);

/* The id that property `name` of `object` refers to, 0 for none. */
gint64 tl_hook_id (JsonObject *object, const char *name);
void tl_hook_set_id (JsonObject *object, const char *name, gint64 id);
void tl_hook_set_now (JsonObject *object, const char *name);
/* The string `name` of `object`, NULL when absent or null. */
const char *tl_hook_string (JsonObject *object, const char *name);
/* The same without the space around it; nothing left is NULL. */
char *tl_hook_trimmed (JsonObject *object, const char *name);
gboolean tl_hook_is_one_of (const char *word, const char *const *words);

/* Hooks of a type that is its owner's alone and says nothing about others: all is allowed. */
gboolean tl_hook_create_own (TlWrite *write, JsonObject *object, gint64 *scope, GError **error);
gboolean tl_hook_update_own (TlWrite *write, gint64 id, gint64 scope, JsonObject *current,
                             JsonObject *patch, GError **error);
gboolean tl_hook_destroy_own (TlWrite *write, gint64 id, gint64 scope, JsonObject *current,
                              GError **error);
