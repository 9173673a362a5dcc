/* methods.h: which method is answered by what. */
#pragma once

#include "server/jmap/call.h"

typedef struct {
  TlMethod run;
  const TlTypeService *service; /* NULL for a method that is of no type */
  const char *capability;
  gboolean needs_account;
} TlMethodEntry;

/* A method that is of no data type. */
typedef struct {
  const char *name;
  const char *capability;
  TlMethod run;
  gboolean needs_account;
} TlPlainMethod;

/* Those of the services, NULL-terminated, in server/services/services.c. */
extern const TlPlainMethod tl_service_methods[];

/* FALSE for a name that nobody answers. */
gboolean tl_method_find (const char *name, TlMethodEntry *entry);

/* Runs one call whose references are resolved. Appends `{…}` to `out`, the arguments of its response;
 * on FALSE those of an error response. */
gboolean tl_method_run (TlCall *call, const char *name, JsonObject *args, GPtrArray *capabilities,
                        GString *out);
/* Appends the arguments of an error response. */
void tl_method_append_error (GString *out, const GError *error);
