/* call.h: one request while it is worked on, as the methods see it. One thread. */
#pragma once

#include "server/jmap/jmap.h"
#include "server/jmap/type.h"

/* Errors of a method call (RFC 8620, 3.6.2 and those of its methods). */
#define TL_METHOD_ERROR (tl_method_error_quark ())
GQuark tl_method_error_quark (void);
typedef enum {
  TL_METHOD_ERROR_SERVER_UNAVAILABLE,
  TL_METHOD_ERROR_SERVER_FAIL,
  TL_METHOD_ERROR_UNKNOWN_METHOD,
  TL_METHOD_ERROR_INVALID_ARGUMENTS,
  TL_METHOD_ERROR_INVALID_RESULT_REFERENCE,
  TL_METHOD_ERROR_FORBIDDEN,
  TL_METHOD_ERROR_ACCOUNT_NOT_FOUND,
  TL_METHOD_ERROR_REQUEST_TOO_LARGE,
  TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES,
  TL_METHOD_ERROR_TOO_MANY_CHANGES,
  TL_METHOD_ERROR_STATE_MISMATCH,
  TL_METHOD_ERROR_FROM_ACCOUNT_NOT_FOUND,
  TL_METHOD_ERROR_UNKNOWN_DATA_TYPE,
  TL_METHOD_ERROR_ANCHOR_NOT_FOUND,
  TL_METHOD_ERROR_UNSUPPORTED_FILTER,
  TL_METHOD_ERROR_UNSUPPORTED_SORT,
} TlMethodError;

typedef struct {
  TlServer *server;
  TlPg *pg;
  gint64 account;
  const char *session; /* the UUID of the one that asks, NULL for none */
  char account_id[TL_ID_MAX];
  char account_number[TL_ID_MAX]; /* the same as a statement's parameter */
  JsonObject *created;            /* creation id -> id */
  GHashTable *logs;               /* state -> TlLog, see log.h */
  char *state;                    /* one that was current during this request, or NULL */
  gboolean is_away;               /* the database: the calls that are left fail at once */
} TlCall;

/* Writes the response's arguments to `out`. `service` is NULL for methods that are of no type. */
typedef gboolean (*TlMethod) (TlCall *call, const TlTypeService *service, JsonObject *args,
                              GString *out, GError **error);

gboolean tl_call_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                      GError **error);
gboolean tl_call_changes (TlCall *call, const TlTypeService *service, JsonObject *args,
                          GString *out, GError **error);
gboolean tl_call_set (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                      GError **error);
gboolean tl_call_query (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                        GError **error);
gboolean tl_call_query_changes (TlCall *call, const TlTypeService *service, JsonObject *args,
                                GString *out, GError **error);
gboolean tl_call_copy (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                       GError **error);
gboolean tl_call_snapshot (TlCall *call, const TlTypeService *service, JsonObject *args,
                           GString *out, GError **error);
gboolean tl_call_catch_up (TlCall *call, const TlTypeService *service, JsonObject *args,
                           GString *out, GError **error);
gboolean tl_call_search (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                         GError **error);

/* What the search finds of `types` (as in TlSearchAsk), best first: of TlSearchHit. Days are in UTC. */
GArray *tl_call_search_hits (TlCall *call, const char *text, const guint8 *types, guint limit,
                             GError **error);

/* What is known of states is out of date after a write. */
void tl_call_forget_states (TlCall *call);

G_GNUC_PRINTF (3, 4)
gboolean tl_refuse (GError **error, TlMethodError code, const char *format, ...);

/* Arguments. An absent or null one leaves *value alone; one of another kind is invalidArguments. */
gboolean tl_arg_string (JsonObject *args, const char *name, const char **value, GError **error);
gboolean tl_arg_int (JsonObject *args, const char *name, gint64 min, gint64 max, gint64 *value,
                     GError **error);
gboolean tl_arg_bool (JsonObject *args, const char *name, gboolean *value, GError **error);
gboolean tl_arg_array (JsonObject *args, const char *name, JsonArray **value, GError **error);
gboolean tl_arg_object (JsonObject *args, const char *name, JsonObject **value, GError **error);
/* NULL for what is no string. */
const char *tl_node_string (JsonNode *node);

/* `text` in quotes, escaped. */
void tl_json_append_string (GString *out, const char *text);
void tl_json_append_node (GString *out, JsonNode *node);
/* "a","b": with a comma in front when `out` ends in neither "[" nor "{". */
void tl_json_append_comma (GString *out);
void tl_json_append_id (GString *out, gint64 id);
