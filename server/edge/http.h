/* http.h: what a handler sees of an HTTP request, and the server that calls it.
 *
 * libmicrohttpd parses and writes on its own epoll thread; the whole body is taken first (bounded),
 * then the request is suspended, its handler runs as a plain blocking function on a worker thread,
 * and the request is resumed. Only http.c and pool.c know about threads. */
#pragma once

#include "server/edge/config.h"
#include "server/stores/pg.h"

typedef struct _TlHttpServer TlHttpServer;
typedef struct _TlServer TlServer; /* server/server.h: the stores and services of this process */

typedef struct {
  const char *method;  /* "GET", "POST", … */
  const char *path;    /* decoded, without the query */
  const char *rest;    /* what follows the route's prefix, "" when exact */
  GBytes *body;        /* may be empty, never NULL */
  const char *id;      /* request id, for logs and the X-Request-Id header */
  const char *address; /* of the peer */
  TlServer *server;
  TlPg *pg; /* this worker's connection */

  /* the answer */
  guint status;       /* 200 unless set */
  const char *type;   /* static; "application/json" unless set */
  GBytes *answer;     /* taken; or */
  int answer_fd;      /* a file to send (owned), -1 unless set */
  GPtrArray *headers; /* of char *: name, value, name, value… */

  gpointer connection; /* http.c's */
} TlRequest;

#define TL_HEALTH_SECONDS 2

typedef void (*TlHandler) (TlRequest *request);

typedef enum {
  TL_ROUTE_PREFIX = 1 << 0,   /* path is a prefix */
  TL_ROUTE_SLOW = 1 << 1,     /* runs on the slow pool (argon2, files, outbound fetches) */
  TL_ROUTE_NO_STORE = 1 << 2, /* runs when PostgreSQL is away, too */
  TL_ROUTE_REQUEST = 1 << 3,  /* the body may have the configured max-request; */
  TL_ROUTE_UPLOAD = 1 << 4,   /* max-upload */
  TL_ROUTE_SIGNED_IN =
      1 << 5, /* without an access token it is answered 401 before its body is taken */
  TL_ROUTE_AT_ONCE = 1 << 6, /* never waits for a worker: touches no store, `pg` is NULL */
  TL_ROUTE_HEALTH = 1 << 7,  /* on a worker of its own that gives PostgreSQL TL_HEALTH_SECONDS */
} TlRouteFlags;

typedef struct {
  const char *method;
  const char *path;
  TlRouteFlags flags;
  gsize max_body; /* bytes; larger is answered 413 (unless a flag says another) */
  TlHandler handler;
} TlRoute;

/* `routes`: NULL-handler terminated, kept by the caller. Listens at once; errors name the address. */
TlHttpServer *tl_http_server_new (TlServer *server, const TlConfig *config, const TlRoute *routes,
                                  GError **error);
/* Takes no more requests, gives the ones taken 5 s to be answered, then those that no worker has begun
 * get 503. What a worker is at is waited for. */
void tl_http_server_free (TlHttpServer *self);
guint tl_http_server_port (TlHttpServer *self);

/* Case-insensitive; NULL when absent. */
const char *tl_request_header (TlRequest *request, const char *name);
const char *tl_request_query (TlRequest *request, const char *name);
/* Does the Content-Type say application/json? */
gboolean tl_request_is_json (TlRequest *request);
void tl_request_set_header (TlRequest *request, const char *name, const char *value);
/* `json` is taken. */
void tl_request_answer_json (TlRequest *request, guint status, char *json);
/* A problem details object (RFC 7807): type is a URN or "about:blank". */
void tl_request_problem (TlRequest *request, guint status, const char *type, const char *detail,
                         const char *limit);
