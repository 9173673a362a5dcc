/* blobs.h: bytes by content, behind a small vtable (a folder; later S3). Ids are "b" and the SHA-256
 * in hex. Who may read a blob is decided in server/services/storage, not here. */
#pragma once

#include <gio/gio.h>

typedef struct _TlBlobs TlBlobs;

typedef struct {
  /* Durable (fsync'ed file and folder) when it returns TRUE. Storing twice is fine. */
  gboolean (*put) (TlBlobs *self, const char *id, GBytes *bytes, GError **error);
  /* An open descriptor at its start; G_IO_ERROR_NOT_FOUND. */
  int (*open) (TlBlobs *self, const char *id, gsize *size, GError **error);
  gboolean (*remove) (TlBlobs *self, const char *id, GError **error);
  void (*free) (TlBlobs *self);
} TlBlobsClass;

struct _TlBlobs {
  const TlBlobsClass *class;
};

TlBlobs *tl_blobs_dir_new (const char *dir, GError **error);
/* "b" and 64 hex digits, newly allocated. */
char *tl_blob_id (GBytes *bytes);
