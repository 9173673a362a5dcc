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
  guint size; /* of a picture, 0: as it is */
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

/* The address names the account, which the first token tells. */
static char *
path_of (const Transfer *transfer)
{
  g_autoptr (GString) path = g_string_new (transfer->path);

  if (transfer->path == NULL && transfer->blob)
    g_string_printf (path, TL_REMOTE_DOWNLOADS "%s/%s/blob", transfer->self->account_id,
                     transfer->blob);
  else if (transfer->path == NULL)
    g_string_printf (path, "/jmap/upload/%s", transfer->self->account_id);
  if (transfer->size > 0)
    g_string_append_printf (path, "?size=%u", transfer->size);
  return g_string_free_and_steal (g_steal_pointer (&path));
}

static DexFuture *
transfer_fiber (gpointer data)
{
  Transfer *transfer = data;
  TlRemote *self = transfer->self;
  GError *error = NULL;
  GBytes *answer = NULL;
  g_autofree char *path = NULL;

  if (!tl_remote_ensure_token (self, &error))
    return dex_future_new_for_error (error);
  path = path_of (transfer);
  answer = tl_remote_authorized (self, transfer->body ? "POST" : "GET", path, transfer->type,
                                 transfer->body, transfer->max_bytes, &error);
  return answer ? dex_future_new_take_boxed (G_TYPE_BYTES, answer)
                : dex_future_new_for_error (error);
}

static DexFuture *
start (Transfer *transfer)
{
  return dex_scheduler_spawn (NULL, 0, transfer_fiber, transfer, transfer_free);
}

DexFuture *
tl_remote_media (TlRemote *self, const char *hash, guint size)
{
  Transfer *transfer = transfer_new (self);

  transfer->path = g_strconcat ("/media/", hash, NULL);
  transfer->size = size;
  transfer->max_bytes = MAX_PICTURE;
  return start (transfer);
}

DexFuture *
tl_remote_download (TlRemote *self, const char *blob_id, guint size)
{
  Transfer *transfer = transfer_new (self);

  transfer->blob = g_strdup (blob_id);
  transfer->size = size;
  transfer->max_bytes = TL_REMOTE_MAX_ANSWER;
  return start (transfer);
}

char *
tl_remote_downloads (TlRemote *self, gint64 account)
{
  return g_strdup_printf ("%s" TL_REMOTE_DOWNLOADS "t%" G_GINT64_FORMAT "/", self->server, account);
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
