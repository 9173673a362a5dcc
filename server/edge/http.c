/* http.c: libmicrohttpd in front of the worker pools.
 *
 * A request goes through four moments: its head (a route is found), its body (gathered, bounded), its turn on
 * a worker (suspended meanwhile), its answer. The first, second and fourth are on libmicrohttpd's thread. */
#include "server/edge/http-private.h"
#include "server/edge/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_QUEUED 1000
#define MAX_CONNECTIONS 20000
#define MAX_PER_ADDRESS 2000
#define TIMEOUT_SECONDS 60
#define HEAD_BYTES (32 * 1024)

struct _TlHttpServer {
  TlServer *server;
  const TlRoute *routes;
  TlPool *fast, *slow;
  struct MHD_Daemon *daemon;
  guint port;
  int running;    /* atomic: requests on workers */
  gint64 next_id; /* atomic */
  guint32 id_salt;
};

TlPool *
tl_http_server_pool (TlHttpServer *self)
{
  return self->fast;
}

guint
tl_http_server_port (TlHttpServer *self)
{
  return self->port;
}

/* --- routes ---------------------------------------------------------------------------------- */

static gboolean
path_matches (const TlRoute *route, const char *path, const char **rest)
{
  gsize length = strlen (route->path);

  if ((route->flags & TL_ROUTE_PREFIX) == 0) {
    *rest = "";
    return g_str_equal (route->path, path);
  }
  *rest = path + length;
  return strncmp (route->path, path, length) == 0;
}

/* NULL when none; `*is_known`: the path has routes of other methods. */
static const TlRoute *
find_route (TlHttpServer *self, const char *method, const char *path, const char **rest,
            gboolean *is_known)
{
  *is_known = FALSE;
  for (const TlRoute *route = self->routes; route->handler; route++) {
    if (!path_matches (route, path, rest))
      continue;
    *is_known = TRUE;
    if (g_str_equal (route->method, method) ||
        (g_str_equal (method, "HEAD") && g_str_equal (route->method, "GET")))
      return route;
  }
  return NULL;
}

/* --- one request ----------------------------------------------------------------------------- */

static char *
peer_address (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *address = info ? info->client_addr : NULL;
  char text[INET6_ADDRSTRLEN] = "";

  if (address && address->sa_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
  else if (address && address->sa_family == AF_INET6)
    inet_ntop (AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
  return g_strdup (text);
}

static TlPending *
pending_new (TlHttpServer *self, struct MHD_Connection *connection, const char *method,
             const char *path)
{
  TlPending *pending = g_new0 (TlPending, 1);
  TlRequest *request = &pending->request;

  pending->http = self;
  pending->connection = connection;
  pending->body = g_byte_array_new ();
  request->method = g_intern_string (method);
  request->path = g_strdup (path);
  request->id = g_strdup_printf ("%08x-%" G_GINT64_MODIFIER "x", self->id_salt,
                                 __atomic_add_fetch (&self->next_id, 1, __ATOMIC_RELAXED));
  request->address = peer_address (connection);
  request->server = self->server;
  request->status = 200;
  request->type = "application/json";
  request->answer_fd = -1;
  request->headers = g_ptr_array_new_with_free_func (g_free);
  return pending;
}

static void
pending_free (TlPending *pending)
{
  TlRequest *request = &pending->request;

  if (request->answer_fd >= 0)
    close (request->answer_fd);
  g_clear_pointer (&request->answer, g_bytes_unref);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_clear_pointer (&pending->body, g_byte_array_unref);
  g_ptr_array_unref (request->headers);
  g_free ((char *)request->path);
  g_free ((char *)request->id);
  g_free ((char *)request->address);
  g_free (pending);
}

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
  int fd = dup (socket);

  /* The descriptor is ours from here on; libmicrohttpd gives its own up. */
  pending->upgraded (pending->upgrade_data, fd, extra, extra_size);
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

static enum MHD_Result
queue_answer (TlPending *pending)
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
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    MHD_add_response_header (response, request->headers->pdata[i], request->headers->pdata[i + 1]);
  result = MHD_queue_response (pending->connection, request->status, response);
  MHD_destroy_response (response);
  return result;
}

/* --- on a worker ----------------------------------------------------------------------------- */

static void
run_handler (TlPg *pg, gpointer data)
{
  TlPending *pending = data;
  TlRequest *request = &pending->request;
  g_autoptr (GError) error = NULL;
  TlHttpServer *self = pending->http;

  request->pg = pg;
  if ((pending->route->flags & TL_ROUTE_NO_STORE) == 0 && !tl_pg_ensure (pg, &error)) {
    tl_log (TL_LOG_WARNING, request->id, "PostgreSQL is away", "path", request->path, "error",
            error->message, NULL);
    tl_request_set_header (request, "Retry-After", "2");
    tl_request_problem (request, 503, "about:blank", "The database is away; please try again",
                        NULL);
  } else {
    pending->route->handler (request);
  }
  if (request->status >= 500)
    tl_log (TL_LOG_WARNING, request->id, "request failed", "method", request->method, "path",
            request->path, NULL);
  pending->is_answered = TRUE;
  MHD_resume_connection (pending->connection);
  g_atomic_int_dec_and_test (&self->running);
}

static enum MHD_Result
dispatch (TlPending *pending)
{
  TlHttpServer *self = pending->http;
  TlPool *pool = (pending->route->flags & TL_ROUTE_SLOW) ? self->slow : self->fast;

  pending->request.body = g_byte_array_free_to_bytes (g_steal_pointer (&pending->body));
  g_atomic_int_inc (&self->running);
  MHD_suspend_connection (pending->connection);
  if (tl_pool_push (pool, run_handler, pending))
    return MHD_YES;
  tl_request_set_header (&pending->request, "Retry-After", "1");
  tl_request_problem (&pending->request, 503, "about:blank", "The server is busy; please try again",
                      NULL);
  pending->is_answered = TRUE;
  MHD_resume_connection (pending->connection);
  g_atomic_int_dec_and_test (&self->running);
  return MHD_YES;
}

/* --- libmicrohttpd's callbacks --------------------------------------------------------------- */

static void
refuse (TlPending *pending, guint status, const char *detail, const char *limit)
{
  tl_request_problem (&pending->request, status,
                      limit ? "urn:ietf:params:jmap:error:limit" : "about:blank", detail, limit);
  pending->is_answered = TRUE;
}

static void
begin_request (TlPending *pending)
{
  TlRequest *request = &pending->request;
  const char *length = tl_request_header (request, "Content-Length");
  gboolean is_known;

  pending->route =
      find_route (pending->http, request->method, request->path, &request->rest, &is_known);
  if (pending->route == NULL)
    refuse (pending, is_known ? 405 : 404,
            is_known ? "This address does not take this method"
                     : "There is nothing at this address",
            NULL);
  else if (length && g_ascii_strtoull (length, NULL, 10) > pending->route->max_body)
    refuse (pending, 413, "The request is larger than this server takes", "maxSizeRequest");
}

static enum MHD_Result
handle_access (void *cls, struct MHD_Connection *connection, const char *url, const char *method,
               const char *version, const char *upload_data, size_t *upload_size, void **req_cls)
{
  TlPending *pending = *req_cls;

  if (pending == NULL) {
    pending = *req_cls = pending_new (cls, connection, method, url);
    begin_request (pending);
    return pending->is_answered ? queue_answer (pending) : MHD_YES;
  }
  if (*upload_size > 0) {
    if (!pending->is_answered && pending->body->len + *upload_size > pending->route->max_body)
      refuse (pending, 413, "The request is larger than this server takes", "maxSizeRequest");
    if (!pending->is_answered)
      g_byte_array_append (pending->body, (const guint8 *)upload_data, (guint)*upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  return pending->is_answered ? queue_answer (pending) : dispatch (pending);
}

static void
request_completed (void *cls, struct MHD_Connection *connection, void **req_cls,
                   enum MHD_RequestTerminationCode code)
{
  g_clear_pointer ((TlPending **)req_cls, pending_free);
}

static void
log_daemon (void *cls, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  tl_log (TL_LOG_DEBUG, NULL, g_strchomp (text), NULL);
}

/* --- the server ------------------------------------------------------------------------------ */

/* A listening descriptor on "host:port"; -1 with an error that names the address. */
static int
listen_on (const char *address, GError **error)
{
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (address, 8480, error);
  g_autoptr (GSocketAddressEnumerator) addresses = NULL;
  g_autoptr (GSocketAddress) first = NULL;
  struct sockaddr_storage native;
  int fd, on = 1, code;

  if (connectable == NULL)
    return -1;
  addresses = g_socket_connectable_enumerate (connectable);
  first = g_socket_address_enumerator_next (addresses, NULL, error);
  if (first == NULL || !g_socket_address_to_native (first, &native, sizeof native, error))
    return -1;
  fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, (struct sockaddr *)&native, (socklen_t)g_socket_address_get_native_size (first)) ==
          0 &&
      listen (fd, 1024) == 0)
    return fd;
  code = errno;
  close (fd);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               code == EADDRINUSE ? "%s is in use by another program%s%s"
                                  : "The server cannot listen on %s: %s%s",
               address, code == EADDRINUSE ? "" : g_strerror (code), "");
  return -1;
}

static guint
port_of (int fd)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;

  if (getsockname (fd, (struct sockaddr *)&address, &length) != 0)
    return 0;
  return ntohs (address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                              : ((struct sockaddr_in *)&address)->sin_port);
}

TlHttpServer *
tl_http_server_new (TlServer *server, const TlConfig *config, const TlRoute *routes, GError **error)
{
  int fd = listen_on (config->listen, error);
  TlHttpServer *self;

  if (fd < 0)
    return NULL;
  self = g_new0 (TlHttpServer, 1);
  self->server = server;
  self->routes = routes;
  self->port = port_of (fd);
  self->id_salt = g_random_int ();
  self->fast = tl_pool_new ("worker", config->postgresql, config->workers, MAX_QUEUED);
  self->slow = tl_pool_new ("slow", config->postgresql, config->slow_workers, MAX_QUEUED / 10);
  self->daemon = MHD_start_daemon (
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE |
          MHD_USE_ERROR_LOG,
      0, NULL, NULL, handle_access, self, MHD_OPTION_EXTERNAL_LOGGER, log_daemon, NULL,
      MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, request_completed, NULL,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned int)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned int)TIMEOUT_SECONDS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
      (unsigned int)MAX_PER_ADDRESS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES,
      MHD_OPTION_END);
  if (self->daemon)
    return self;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The HTTP server cannot start on %s",
               config->listen);
  close (fd);
  tl_http_server_free (self);
  return NULL;
}

void
tl_http_server_free (TlHttpServer *self)
{
  if (self == NULL)
    return;
  if (self->daemon) {
    MHD_socket fd = MHD_quiesce_daemon (self->daemon);
    gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

    while (g_atomic_int_get (&self->running) > 0 && g_get_monotonic_time () < until)
      g_usleep (2000);
    /* The workers first: nothing may resume a connection of a daemon that is gone. */
    g_clear_pointer (&self->fast, tl_pool_free);
    g_clear_pointer (&self->slow, tl_pool_free);
    MHD_stop_daemon (self->daemon);
    if (fd != MHD_INVALID_SOCKET)
      close (fd);
  }
  tl_pool_free (self->fast);
  tl_pool_free (self->slow);
  g_free (self);
}
