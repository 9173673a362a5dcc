/* remote-save.c: asks for a blob and pours the answer into a file. A fiber on the main context. */
#include "sync/remote-save.h"

#include "sync/remote-private.h"

typedef struct {
  TlRemote *self;
  char *blob;
  GFile *file;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_object_unref (save->self);
  g_object_unref (save->file);
  g_free (save->blob);
  g_free (save);
}

static void
answered (GObject *session, GAsyncResult *result, gpointer data)
{
  DexPromise *promise = data;
  GError *error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (session), result, &error);

  if (stream)
    dex_promise_resolve_object (promise, stream);
  else
    dex_promise_reject (promise, error);
  dex_unref (promise);
}

static GInputStream *
open_blob (Save *save, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) cause = NULL;
  DexPromise *promise;

  if (!tl_remote_ensure_token (save->self, error))
    return NULL;
  path = g_strdup_printf (TL_REMOTE_DOWNLOADS "%s/%s/data.zip", save->self->account_id, save->blob);
  message = tl_remote_message (save->self, "GET", path, NULL, NULL, error);
  if (!message)
    return NULL;
  tl_remote_authorize (save->self, message);
  promise = dex_promise_new ();
  soup_session_send_async (save->self->session, message, G_PRIORITY_DEFAULT, NULL, answered,
                           dex_ref (promise));
  stream = dex_await_object (DEX_FUTURE (promise), &cause);
  if (!stream) {
    g_propagate_error (error, tl_remote_transport_error (save->self, cause));
    return NULL;
  }
  if (soup_message_get_status (message) == 200)
    return g_steal_pointer (&stream);
  g_set_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED,
               "The server answered with status %u", soup_message_get_status (message));
  return NULL;
}

static gboolean
pour (Save *save, GInputStream *stream, GError **error)
{
  g_autoptr (GFileOutputStream) out = dex_await_object (
      dex_file_replace (save->file, NULL, FALSE, G_FILE_CREATE_PRIVATE, 0), error);

  return out && dex_await_int64 (dex_output_stream_splice (G_OUTPUT_STREAM (out), stream,
                                                           G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                                               G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                                           0),
                                 error) >= 0;
}

static DexFuture *
save_fiber (gpointer data)
{
  Save *save = data;
  GError *error = NULL;
  g_autoptr (GInputStream) stream = open_blob (save, &error);

  if (stream)
    pour (save, stream, &error);
  if (!error)
    return dex_future_new_true ();
  if (stream)
    g_file_delete (save->file, NULL, NULL);
  return dex_future_new_for_error (error);
}

DexFuture *
tl_remote_save (TlRemote *self, const char *blob_id, GFile *file)
{
  Save *save = g_new (Save, 1);

  *save = (Save){ g_object_ref (self), g_strdup (blob_id), g_object_ref (file) };
  return dex_scheduler_spawn (NULL, 0, save_fiber, save, save_free);
}
