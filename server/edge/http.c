/* http.c: libmicrohttpd in front of the worker pools.
 *
 * A request goes through four moments: its head (a route is found), its body (gathered, bounded), its
 * turn on a worker (suspended meanwhile), its answer. The first, second and fourth are on
 * libmicrohttpd's thread; whoever has a request suspended it or was given it by the pool, so that it
 * needs no lock. */
#include "server/edge/http-private.h"
#include "server/edge/log.h"
#include "server/edge/turns.h"
#include "server/jmap/jmap.h"
#include "server/services/user/tokens.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_QUEUED 1000
#define MAX_CONNECTIONS 20000
#define MAX_PER_ADDRESS 2000
#define TIMEOUT_SECONDS 60
#define HEAD_BYTES (32 * 1024)
#define MAX_BODIES (512 * 1024 * 1024) /* of all requests together */
#define MAX_EXCESS (1024 * 1024)       /* read of what was refused, for the answer to be read */
#define STOP_SECONDS 5
#define STATEMENT_SECONDS 10 /* of a request */
#define QUEUE_SECONDS 10     /* that a request may wait for a worker */

enum { OPEN, STOPPING, LATE };

struct _TlHttpServer {
  TlServer *server;
  const TlConfig *config;
  const TlRoute *routes;
  TlPool *fast, *slow, *health;
  TlTurns *uploads;
  struct MHD_Daemon *daemon;
  guint port;
  int phase;    /* atomic */
  int running;  /* atomic: requests given to workers whose answer has not left */
  gsize bodies; /* bytes gathered; libmicrohttpd's thread, as */
  gint64 next_id;
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

static gboolean
takes_method (const TlRoute *route, const char *method)
{
  return g_str_equal (route->method, method) ||
         (g_str_equal (method, "HEAD") && g_str_equal (route->method, "GET"));
}

/* NULL when none; then `allowed` has the methods that the path does take. */
static const TlRoute *
find_route (TlHttpServer *self, const char *method, const char *path, const char **rest,
            GString *allowed)
{
  for (const TlRoute *route = self->routes; route->handler; route++) {
    if (!path_matches (route, path, rest))
      continue;
    if (takes_method (route, method))
      return route;
    g_string_append_printf (allowed, "%s%s", allowed->len ? ", " : "", route->method);
    if (g_str_equal (route->method, "GET"))
      g_string_append (allowed, ", HEAD");
  }
  return NULL;
}

static gsize
max_body (TlHttpServer *self, const TlRoute *route)
{
  if (route->flags & TL_ROUTE_REQUEST)
    return self->config->max_request;
  return route->flags & TL_ROUTE_UPLOAD ? self->config->max_upload : route->max_body;
}

/* --- one request ----------------------------------------------------------------------------- */

static TlPending *
pending_new (TlHttpServer *self, struct MHD_Connection *connection, const char *method,
             const char *path)
{
  TlPending *pending = g_new0 (TlPending, 1);
  TlRequest *request = &pending->request;

  pending->http = self;
  pending->connection = connection;
  pending->body = g_byte_array_new ();
  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->rest = "";
  request->id = g_strdup_printf ("%08x-%" G_GINT64_MODIFIER "x", self->id_salt, ++self->next_id);
  request->address = tl_peer_address (connection, self->config->proxy);
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
  TlHttpServer *self = pending->http;

  if (pending->upgraded)
    pending->upgraded (pending->upgrade_data, -1, NULL, 0);
  if (pending->stream)
    tl_stream_end (pending->stream);
  if (pending->uploader)
    tl_turns_give (self->uploads, pending->uploader);
  self->bodies -= pending->gathered;
  if (pending->is_running)
    g_atomic_int_add (&self->running, -1);
  if (request->answer_fd >= 0)
    close (request->answer_fd);
  g_clear_pointer (&request->answer, g_bytes_unref);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_clear_pointer (&pending->body, g_byte_array_unref);
  g_ptr_array_unref (request->headers);
  g_free ((char *)request->method);
  g_free ((char *)request->path);
  g_free ((char *)request->id);
  g_free ((char *)request->address);
  g_free (pending);
}

/* --- on a worker ----------------------------------------------------------------------------- */

static void
answer_busy (TlRequest *request, const char *detail)
{
  tl_request_set_header (request, "Retry-After", "2");
  tl_request_problem (request, 503, "about:blank", detail, NULL);
}

static void
handle_request (TlPending *pending, TlPg *pg)
{
  TlRequest *request = &pending->request;
  g_autoptr (GError) error = NULL;

  request->pg = pg;
  if (g_atomic_int_get (&pending->http->phase) == LATE) {
    answer_busy (request, "The server stops; please try again");
  } else if (g_get_monotonic_time () - pending->queued_at > QUEUE_SECONDS * G_TIME_SPAN_SECOND) {
    answer_busy (request, "The server is busy; please try again");
  } else if ((pending->route->flags & TL_ROUTE_NO_STORE) == 0 && !tl_pg_ensure (pg, &error)) {
    tl_log (TL_LOG_WARNING, request->id, "PostgreSQL is away", "path", request->path, "error",
            error->message, NULL);
    answer_busy (request, "The database is away; please try again");
  } else {
    pending->route->handler (request);
  }
}

static void
run_handler (TlPg *pg, gpointer data)
{
  TlPending *pending = data;
  TlRequest *request = &pending->request;

  handle_request (pending, pg);
  if (request->status >= 500)
    tl_log (TL_LOG_WARNING, request->id, "request failed", "method", request->method, "path",
            request->path, NULL);
  pending->is_answered = TRUE;
  MHD_resume_connection (pending->connection); /* and is not ours any more */
}

static enum MHD_Result
answer (TlPending *pending)
{
  return tl_pending_answer (pending, g_atomic_int_get (&pending->http->phase) != OPEN);
}

static TlPool *
pool_of (TlPending *pending)
{
  TlHttpServer *self = pending->http;

  if (pending->route->flags & TL_ROUTE_HEALTH)
    return self->health;
  return pending->route->flags & TL_ROUTE_SLOW ? self->slow : self->fast;
}

static enum MHD_Result
dispatch (TlPending *pending)
{
  TlHttpServer *self = pending->http;

  pending->request.body = g_byte_array_free_to_bytes (g_steal_pointer (&pending->body));
  if (pending->route->flags & TL_ROUTE_AT_ONCE) {
    pending->route->handler (&pending->request);
    pending->is_answered = TRUE;
    return answer (pending);
  }
  pending->is_running = TRUE;
  pending->queued_at = g_get_monotonic_time ();
  g_atomic_int_inc (&self->running);
  MHD_suspend_connection (pending->connection);
  if (tl_pool_push (pool_of (pending), run_handler, pending))
    return MHD_YES;
  answer_busy (&pending->request, "The server is busy; please try again");
  pending->is_answered = TRUE;
  MHD_resume_connection (pending->connection);
  return MHD_YES;
}

/* --- libmicrohttpd's callbacks --------------------------------------------------------------- */

static void
refuse (TlPending *pending, guint status, const char *detail)
{
  tl_request_problem (&pending->request, status, "about:blank", detail, NULL);
  pending->is_answered = TRUE;
}

static void
refuse_size (TlPending *pending)
{
  tl_request_problem (&pending->request, 413, "urn:ietf:params:jmap:error:limit",
                      "The request is larger than this server takes",
                      pending->route->flags & TL_ROUTE_UPLOAD ? "maxSizeUpload" : "maxSizeRequest");
  pending->is_answered = TRUE;
}

static guint64
declared_length (TlRequest *request)
{
  const char *length = tl_request_header (request, "Content-Length");

  return length ? g_ascii_strtoull (length, NULL, 10) : 0;
}

static enum MHD_Result
count_value (void *count, enum MHD_ValueKind kind, const char *name, const char *value)
{
  if (g_ascii_strcasecmp (name, "Content-Length") == 0 ||
      g_ascii_strcasecmp (name, "Transfer-Encoding") == 0)
    ++*(guint *)count;
  return MHD_YES;
}

/* Where a body ends must not be in doubt: a proxy might see another request than we do. */
static gboolean
is_ambiguous (TlPending *pending)
{
  guint count = 0;

  MHD_get_connection_values (pending->connection, MHD_HEADER_KIND, count_value, &count);
  return count > 1;
}

/* Asked before the body is taken: strangers must not fill the room for bodies. */
static gint64
account_of (TlRequest *request)
{
  const char *authorization = tl_request_header (request, "Authorization");

  return tl_tokens_account (request->server->tokens, authorization);
}

/* From its head to its answer an upload is one of its account's. */
static gboolean
count_upload (TlPending *pending)
{
  gint64 account = account_of (&pending->request);

  if (!(pending->route->flags & TL_ROUTE_UPLOAD))
    return TRUE;
  if (!tl_turns_take (pending->http->uploads, account)) {
    tl_request_problem (&pending->request, 429, "urn:ietf:params:jmap:error:limit",
                        "More uploads at once than an account may have", "maxConcurrentUpload");
    pending->is_answered = TRUE;
    return FALSE;
  }
  pending->uploader = account;
  return TRUE;
}

static void
take_head (TlPending *pending)
{
  TlRequest *request = &pending->request;
  TlHttpServer *self = pending->http;
  g_autoptr (GString) allowed = g_string_new (NULL);

  pending->route = find_route (self, request->method, request->path, &request->rest, allowed);
  if (pending->route == NULL && allowed->len > 0) {
    tl_request_set_header (request, "Allow", allowed->str);
    refuse (pending, 405, "This address does not take this method");
  } else if (pending->route == NULL) {
    refuse (pending, 404, "There is nothing at this address");
  } else if ((pending->route->flags & TL_ROUTE_SIGNED_IN) && account_of (request) == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    refuse (pending, 401, "Sign in first: the access token is missing or has run out");
  } else if (declared_length (request) > max_body (self, pending->route)) {
    refuse_size (pending);
  } else if (!count_upload (pending)) {
    return;
  } else if (g_atomic_int_get (&self->phase) != OPEN) {
    answer_busy (request, "The server stops; please try again");
    pending->is_answered = TRUE;
  }
}

/* An answer before the body ends the connection: a refusal waits for the body when that is small. */
static enum MHD_Result
begin_request (TlPending *pending)
{
  if (is_ambiguous (pending)) {
    refuse (pending, 400, "The length of the request's body is in doubt");
    return answer (pending);
  }
  take_head (pending);
  if (pending->is_answered && declared_length (&pending->request) > MAX_EXCESS)
    return answer (pending);
  return MHD_YES;
}

/* A body that is refused when part of it came is read on for a while: only who has sent all reads
 * the answer. */
static enum MHD_Result
take_body (TlPending *pending, const char *data, gsize size)
{
  TlHttpServer *self = pending->http;

  if (!pending->is_answered) {
    if (pending->gathered + size > max_body (self, pending->route)) {
      refuse_size (pending);
    } else if (self->bodies + size > MAX_BODIES) {
      answer_busy (&pending->request, "The server is busy; please try again");
      pending->is_answered = TRUE;
    } else {
      g_byte_array_append (pending->body, (const guint8 *)data, (guint)size);
      pending->gathered += size;
      self->bodies += size;
      return MHD_YES;
    }
    g_byte_array_unref (pending->body);
    pending->body = g_byte_array_new ();
    self->bodies -= pending->gathered;
    pending->gathered = 0;
  }
  pending->excess += size;
  return pending->excess > MAX_EXCESS ? MHD_NO : MHD_YES;
}

static enum MHD_Result
handle_access (void *cls, struct MHD_Connection *connection, const char *url, const char *method,
               const char *version, const char *upload_data, size_t *upload_size, void **req_cls)
{
  TlPending *pending = *req_cls;
  gsize size = *upload_size;

  if (pending == NULL) {
    pending = *req_cls = pending_new (cls, connection, method, url);
    return begin_request (pending);
  }
  *upload_size = 0;
  if (size > 0)
    return take_body (pending, upload_data, size);
  return pending->is_answered ? answer (pending) : dispatch (pending);
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

static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* A NUL would end the path for us and not for a proxy: then nothing is decoded, and nothing found. */
static size_t
unescape (void *cls, struct MHD_Connection *connection, char *text)
{
  return strstr (text, "%00") ? strlen (text) : MHD_http_unescape (text);
}

static struct MHD_Daemon *
start_daemon (TlHttpServer *self, int fd)
{
  return MHD_start_daemon (
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE |
          MHD_USE_ERROR_LOG,
      0, NULL, NULL, handle_access, self, MHD_OPTION_EXTERNAL_LOGGER, log_daemon, NULL,
      MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, request_completed, NULL,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned int)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned int)TIMEOUT_SECONDS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
      (unsigned int)MAX_PER_ADDRESS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES,
      MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
      MHD_OPTION_END);
}

TlHttpServer *
tl_http_server_new (TlServer *server, const TlConfig *config, const TlRoute *routes, GError **error)
{
  int fd = tl_listen_on (config->listen, error);
  TlHttpServer *self;

  if (fd < 0)
    return NULL;
  raise_descriptor_limit ();
  self = g_new0 (TlHttpServer, 1);
  self->server = server;
  self->config = config;
  self->routes = routes;
  self->port = tl_listen_port (fd);
  self->id_salt = g_random_int ();
  self->uploads = tl_turns_new (TL_MAX_CONCURRENT_UPLOADS);
  self->fast =
      tl_pool_new ("worker", config->postgresql, STATEMENT_SECONDS, config->workers, MAX_QUEUED);
  self->slow = tl_pool_new ("slow", config->postgresql, STATEMENT_SECONDS, config->slow_workers,
                            MAX_QUEUED / 10);
  self->health = tl_pool_new ("health", config->postgresql, TL_HEALTH_SECONDS, 1, MAX_QUEUED / 10);
  self->daemon = start_daemon (self, fd);
  if (self->daemon)
    return self;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The HTTP server cannot start on %s",
               config->listen);
  tl_http_server_free (self);
  return NULL;
}

static void
await_answers (TlHttpServer *self, guint seconds)
{
  gint64 until = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  while (g_atomic_int_get (&self->running) > 0 && g_get_monotonic_time () < until)
    g_usleep (2000);
}

/* Workers end before the daemon does: nothing may resume a connection of a daemon that is gone. */
static void
stop (TlHttpServer *self)
{
  MHD_socket fd = MHD_quiesce_daemon (self->daemon);

  g_atomic_int_set (&self->phase, STOPPING);
  await_answers (self, STOP_SECONDS);
  g_atomic_int_set (&self->phase, LATE);
  tl_pool_stop (self->fast);
  tl_pool_stop (self->slow);
  tl_pool_stop (self->health);
  await_answers (self, 1);
  MHD_stop_daemon (self->daemon);
  if (fd != MHD_INVALID_SOCKET)
    close (fd);
}

void
tl_http_server_free (TlHttpServer *self)
{
  if (self == NULL)
    return;
  if (self->daemon)
    stop (self);
  tl_pool_free (self->fast);
  tl_pool_free (self->slow);
  tl_pool_free (self->health);
  tl_turns_free (self->uploads);
  g_free (self);
}
