/* remote-files.c: pictures and blobs, down and up. Fibers on the main context. */
#include "sync/remote-private.h"

#include "sync/wire/field.h"

#define MAX_PICTURE (16 * 1024 * 1024)

typedef struct {
  TlRemote *self;
  char *path; /* NULL: of `blob` */
  char *blob;
  char *type;
  GBytes *body;
  gsize max_bytes;
} Transfer;

static Transfer *
transfer_new (TlRemote *self)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->self = g_object_ref (self);
  return transfer;
}

static void
transfer_free (gpointer data)
{
  Transfer *transfer = data;

  g_object_unref (transfer->self);
  g_free (transfer->path);
  g_free (transfer->blob);
  g_free (transfer->type);
  g_clear_pointer (&transfer->body, g_bytes_unref);
  g_free (transfer);
}

static DexFuture *
transfer_fiber (gpointer data)
{
  Transfer *transfer = data;
  TlRemote *self = transfer->self;
  GError *error = NULL;
  GBytes *answer = NULL;

  /* The address names the account, which the first token tells. */
  if (!tl_remote_ensure_token (self, &error))
    return dex_future_new_for_error (error);
  if (transfer->path == NULL && transfer->blob)
    transfer->path =
        g_strdup_printf ("/jmap/download/%s/%s/blob", self->account_id, transfer->blob);
  else if (transfer->path == NULL)
    transfer->path = g_strdup_printf ("/jmap/upload/%s", self->account_id);
  answer = tl_remote_authorized (self, transfer->body ? "POST" : "GET", transfer->path,
                                 transfer->type, transfer->body, transfer->max_bytes, &error);
  return answer ? dex_future_new_take_boxed (G_TYPE_BYTES, answer)
                : dex_future_new_for_error (error);
}

static DexFuture *
start (Transfer *transfer)
{
  return dex_scheduler_spawn (NULL, 0, transfer_fiber, transfer, transfer_free);
}

DexFuture *
tl_remote_media (TlRemote *self, const char *hash)
{
  Transfer *transfer = transfer_new (self);

  transfer->path = g_strconcat ("/media/", hash, NULL);
  transfer->max_bytes = MAX_PICTURE;
  return start (transfer);
}

DexFuture *
tl_remote_download (TlRemote *self, const char *blob_id)
{
  Transfer *transfer = transfer_new (self);

  transfer->blob = g_strdup (blob_id);
  transfer->max_bytes = TL_REMOTE_MAX_ANSWER;
  return start (transfer);
}

DexFuture *
tl_remote_upload (TlRemote *self, GBytes *bytes, const char *type)
{
  Transfer *transfer = transfer_new (self);

  transfer->body = g_bytes_ref (bytes);
  transfer->type = g_strdup (type);
  transfer->max_bytes = 65536;
  return start (transfer);
}
