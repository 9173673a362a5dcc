/* answer.c: a request's answer becomes libmicrohttpd's. On its thread. */
#include "server/edge/http-private.h"

#include <fcntl.h>
#include <unistd.h>

static void
bytes_free (void *data)
{
  g_bytes_unref (data);
}

static void
upgrade_now (void *cls, struct MHD_Connection *connection, void *req_cls, const char *extra,
             size_t extra_size, MHD_socket socket, struct MHD_UpgradeResponseHandle *handle)
{
  TlPending *pending = cls;
  TlUpgraded upgraded = g_steal_pointer (&pending->upgraded);

  /* The copy is ours from here on; libmicrohttpd gives its own descriptor up. */
  upgraded (pending->upgrade_data, fcntl (socket, F_DUPFD_CLOEXEC, 0), extra, extra_size);
  MHD_upgrade_action (handle, MHD_UPGRADE_ACTION_CLOSE);
}

static struct MHD_Response *
response_new (TlPending *pending)
{
  TlRequest *request = &pending->request;
  gsize size = 0;
  const void *data;

  if (pending->upgraded)
    return MHD_create_response_for_upgrade (upgrade_now, pending);
  if (pending->stream)
    return tl_stream_response (g_steal_pointer (&pending->stream), pending->connection);
  if (request->answer_fd >= 0) {
    off_t end = lseek (request->answer_fd, 0, SEEK_END);
    struct MHD_Response *response =
        MHD_create_response_from_fd (end > 0 ? (uint64_t)end : 0, request->answer_fd);
    request->answer_fd = -1;
    return response;
  }
  if (request->answer == NULL)
    return MHD_create_response_from_buffer_static (0, "");
  data = g_bytes_get_data (request->answer, &size);
  return MHD_create_response_from_buffer_with_free_callback_cls (size, data, bytes_free,
                                                                 g_bytes_ref (request->answer));
}

enum MHD_Result
tl_pending_answer (TlPending *pending, gboolean is_last)
{
  TlRequest *request = &pending->request;
  struct MHD_Response *response = response_new (pending);
  enum MHD_Result result;

  if (response == NULL)
    return MHD_NO;
  MHD_add_response_header (response, "X-Request-Id", request->id);
  MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
  if (!pending->upgraded && request->status != 204)
    MHD_add_response_header (response, "Content-Type", request->type);
  if (is_last && !pending->upgraded)
    MHD_add_response_header (response, "Connection", "close");
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    MHD_add_response_header (response, request->headers->pdata[i], request->headers->pdata[i + 1]);
  result = MHD_queue_response (pending->connection, request->status, response);
  MHD_destroy_response (response);
  return result;
}
