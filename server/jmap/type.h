/* type.h: how the server serves a data type: its statements, composed once from the field table,
 * and the hooks of the service that owns it. Adding a type is one TlTypeService in its service. */
#pragma once

#include "server/jobs/jobs.h"
#include "server/server.h"
#include "sync/wire/types.h"

/* One /set call's transaction. */
typedef struct {
  TlServer *server;
  TlPg *pg;
  gint64 account;
  gint64 private_scope;
  GArray *changes;     /* of TlChange: appended to the log last */
  JsonObject *created; /* creation id -> id, of the whole request */
} TlWrite;

typedef enum {
  TL_CREATED = 'c',
  TL_UPDATED = 'u',
  TL_DESTROYED = 'd',
  TL_MEMBER = 'm'
} TlChangeKind;

typedef struct {
  gint64 scope;
  gint64 id;
  guint8 type; /* 0 with TL_MEMBER */
  TlChangeKind kind;
  char *props; /* comma separated, or NULL */
} TlChange;

void tl_write_log (TlWrite *write, gint64 scope, const TlType *type, gint64 id, TlChangeKind kind,
                   const char *props);
/* Begins or ends a membership and logs it in the account's private scope. */
gboolean tl_write_join (TlWrite *write, gint64 account, gint64 scope, const char *role,
                        GError **error);
gboolean tl_write_leave (TlWrite *write, gint64 account, gint64 scope, GError **error);
/* A new scope of `kind`; 0 on error. */
gint64 tl_write_new_scope (TlWrite *write, const char *kind, GError **error);
/* The role of the writer in `scope` ("owner", …, "reader"), NULL when not in it: the one place
 * where authorisation is decided. */
const char *tl_write_role (TlWrite *write, gint64 scope);

/* For what a service writes outside of /set (jobs, sign-up): one transaction with its log entries.
 * `account` may be 0: then there is no private scope. Commit appends to the log as its last deed, and
 * wakes whoever listens; it ends the transaction either way, as abort does. */
gboolean tl_write_begin (TlWrite *write, TlServer *server, TlPg *pg, gint64 account,
                         GError **error);
gboolean tl_write_commit (TlWrite *write, GError **error);
void tl_write_abort (TlWrite *write);

/* A refusal that a client gets as a SetError (RFC 8620, 5.3): "forbidden", "invalidProperties", … */
#define TL_SET_ERROR (tl_set_error_quark ())
GQuark tl_set_error_quark (void);
typedef enum {
  TL_SET_ERROR_FORBIDDEN,
  TL_SET_ERROR_INVALID_PROPERTIES, /* message: "property: why" */
  TL_SET_ERROR_NOT_FOUND,
  TL_SET_ERROR_TOO_LARGE,
  TL_SET_ERROR_OVER_QUOTA,
  TL_SET_ERROR_SINGLETON,
  TL_SET_ERROR_INVALID_PATCH,
  TL_SET_ERROR_CONFLICT,
  TL_SET_ERROR_STATE_MISMATCH,
  TL_SET_ERROR_RATE_LIMIT,
} TlSetError;

typedef struct {
  const TlType *type;

  /* Before the row is written. `object` was checked against the field table: fill in what the server
   * sets, decide `*scope` (0: the private scope), refuse by error. */
  gboolean (*create) (TlWrite *write, JsonObject *object, gint64 *scope, GError **error);
  /* The row is there with id `id`: memberships, further objects, jobs. May be NULL. */
  gboolean (*created) (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error);
  /* `patch`: the changed properties, whole values, checked; add server-set ones (editedAt). NULL: the
   * type's objects cannot be updated. */
  gboolean (*update) (TlWrite *write, gint64 id, gint64 scope, JsonObject *current,
                      JsonObject *patch, GError **error);
  /* Before the row goes. NULL: cannot be destroyed by clients. */
  gboolean (*destroy) (TlWrite *write, gint64 id, gint64 scope, JsonObject *current,
                       GError **error);
  /* After the commit (kick jobs). May be NULL. */
  void (*committed) (TlServer *server);

  /* Query: names of filter conditions and sorts beside the generic ones (each property that is an
   * ID, BOOL, INT or DATE can be filtered by equality, `before`/`after` on `date`, `text` by search). */
  const char *date;
  /* Strings that can be filtered by equality, and those found by any part of them (NULL-terminated, or
   * NULL). */
  const char *const *words;
  const char *const *parts;
  /* Instead of `date`: a column of ranges of time, none of the properties; what overlaps is meant. */
  const char *range;
  /* The property that Search/query quotes from, or NULL. */
  const char *text;
  /* Do properties change without a word in the log (when a feed was last looked at)? Then what changed in
   * a query's results cannot be told. */
  gboolean changes_silently;
  /* Members of a create object that are no properties and that `create` takes care of ("members"),
   * NULL-terminated, or NULL. */
  const char *const *extra;
} TlTypeService;

const TlTypeService *tl_type_service (const TlType *type);
/* By its name, the server's own types too; NULL for none. */
const TlType *tl_type_served (const char *name);

/* Every type served, NULL-terminated, in server/services/services.c. */
extern const TlTypeService *const tl_type_services[];
extern const TlRoute tl_routes[];
extern const TlJobKind *const tl_job_kinds[];
