/* blobs.h: bytes by content, behind a small vtable (a folder, or S3). Ids are "b" and the SHA-256
 * in hex. Who may read a blob is decided in server/services/storage, not here. */
#pragma once

#include "server/edge/config.h"
#include "server/stores/s3.h"

typedef struct _TlBlobs TlBlobs;

typedef struct {
  /* Durable (fsync'ed file and folder) when it returns TRUE. Storing twice is fine. */
  gboolean (*put) (TlBlobs *self, const char *id, GBytes *bytes, GError **error);
  /* An open descriptor at its start; G_IO_ERROR_NOT_FOUND. */
  int (*open) (TlBlobs *self, const char *id, gsize *size, GError **error);
  gboolean (*remove) (TlBlobs *self, const char *id, GError **error);
  void (*free) (TlBlobs *self);
  /* NULL, or an address that gives the blob for some minutes to whoever has it, as `type` and with the
   * Content-Disposition `disposition`. */
  char *(*address) (TlBlobs *self, const char *id, const char *type, const char *disposition);
} TlBlobsClass;

struct _TlBlobs {
  const TlBlobsClass *class;
};

TlBlobs *tl_blobs_dir_new (const char *dir, GError **error);
/* Objects of `bucket`; `folder` keeps what was read, at most `limit` bytes of it. `gives_addresses`: clients fetch
 * from the service themselves. A service that is away is G_IO_ERROR_BUSY. */
TlBlobs *tl_blobs_s3_new (const TlS3Account *account, const char *bucket, const char *folder,
                          guint64 limit, gboolean gives_addresses, GError **error);
/* The one that is configured. */
TlBlobs *tl_blobs_open (const TlConfig *config, GError **error);
/* What a person calls it: the folder, or the bucket. */
const char *tl_blobs_name (const TlConfig *config);
TlS3Account tl_s3_account (const TlConfig *config);
/* "b" and 64 hex digits, newly allocated. */
char *tl_blob_id (GBytes *bytes);
gboolean tl_blob_is_id (const char *id);
