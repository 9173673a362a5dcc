/* blob-methods.h: blobs within JMAP requests (RFC 8620, 6.3; RFC 9404), and quotas (RFC 9425). */
#pragma once

#include "server/jmap/call.h"

gboolean tl_blob_copy (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                       GError **error);
gboolean tl_blob_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                      GError **error);
gboolean tl_blob_lookup (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                         GError **error);
gboolean tl_blob_upload (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                         GError **error);

gboolean tl_quota_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                       GError **error);
gboolean tl_quota_changes (TlCall *call, const TlTypeService *service, JsonObject *args,
                           GString *out, GError **error);
gboolean tl_quota_query (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                         GError **error);
gboolean tl_quota_query_changes (TlCall *call, const TlTypeService *service, JsonObject *args,
                                 GString *out, GError **error);

/* The id that `name` means: itself, or what was created as “#name”; NULL for nothing. */
const char *tl_blob_resolve (TlCall *call, const char *name);
/* The names of types that Blob/lookup looks through, NULL-terminated. */
extern const char *const tl_blob_lookup_types[];
