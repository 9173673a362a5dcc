/* storage.h: uploads and downloads (RFC 8620, 6), and who may read which blob. */
#pragma once

#include "server/server.h"

void tl_storage_upload (TlRequest *request);
void tl_storage_download (TlRequest *request);

/* Keeps `bytes` as uploaded by `account`; the blob's id. TL_SET_ERROR_OVER_QUOTA. */
char *tl_storage_keep (TlServer *server, TlPg *pg, gint64 account, GBytes *bytes, const char *type,
                       GError **error);

/* Begins a transaction in which the bytes are stored and not collected: its row is to be written, and committed. */
gboolean tl_storage_begin_put (TlServer *server, TlPg *pg, const char *blob, GBytes *bytes,
                               GError **error);

/* What `account` may read, G_IO_ERROR_NOT_FOUND for all else: whether, an open descriptor, or the bytes. */
gboolean tl_storage_may_read (TlPg *pg, gint64 account, const char *blob, GError **error);
int tl_storage_open (TlServer *server, TlPg *pg, gint64 account, const char *blob, gsize *size,
                     GError **error);
GBytes *tl_storage_read (TlServer *server, TlPg *pg, gint64 account, const char *blob,
                         GError **error);

/* For the table of routes; rest is "accountId" and "accountId/blobId/name". */
#define TL_STORAGE_ROUTES                                                                          \
  { "POST", "/jmap/upload/",                                                                       \
    TL_ROUTE_PREFIX | TL_ROUTE_SLOW | TL_ROUTE_UPLOAD | TL_ROUTE_SIGNED_IN, 0,                     \
    tl_storage_upload },                                                                           \
  {                                                                                                \
    "GET", "/jmap/download/", TL_ROUTE_PREFIX | TL_ROUTE_SLOW, 0, tl_storage_download              \
  }
