/* http-load.h: a small HTTP/1.1 client that costs next to nothing: raw sockets, keep-alive, TCP_NODELAY
 * and TCP_QUICKACK. One connection that waits, or many at once in a closed loop on epoll. */
#pragma once

#include <gio/gio.h>

typedef struct _HttpLine HttpLine;

/* `number` chooses among the loopback's addresses, so that limits for one address don't bite. */
int http_connect (guint port, guint number);
HttpLine *http_line_new (guint port);
void http_line_free (HttpLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpLine, http_line_free)
/* Sends and waits for the whole answer, whose body is valid until the next exchange; `wire` gets the
 * bytes that came, head and all. NULL when the answer is no success or none. */
const char *http_exchange (HttpLine *self, GBytes *request, gsize *length, gsize *wire);

/* A whole request. `header` is a line of its own, `body` may be NULL. */
GBytes *http_request (const char *method, const char *path, const char *header, const char *body);
GBytes *http_post (const char *path, const char *token, const char *body);

typedef struct {
  guint64 done;
  guint64 failed; /* no success, or a JMAP error in it */
  double seconds;
} HttpLoad;

/* The `n`-th request of connection `connection`; kept alive by whoever makes it. */
typedef GBytes *(*HttpNext) (gpointer data, guint connection, guint64 n);
HttpLoad http_load (guint port, guint connections, double seconds, HttpNext next, gpointer data);
