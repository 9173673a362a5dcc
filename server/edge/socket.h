/* socket.h: the reactor of WebSockets: one epoll thread, wslay for frames (RFC 6455, RFC 8887).
 *
 * A socket is made from an upgraded HTTP connection (its descriptor is dup'ed). Text messages are
 * handed to `message` on a worker thread; anyone may send from any thread. A slow reader gets a bare
 * notice when its queue passes 256 kB, and is closed past 1 MB or after 30 s without progress. Ping
 * every 45 s; closed after 100 s of silence. wslay's context lives only while a frame is in flight. */
#pragma once

#include "server/edge/http.h"

typedef struct _TlReactor TlReactor;
typedef struct _TlSocket TlSocket; /* reference counted */

typedef struct {
  /* on a worker thread; `text` is valid UTF-8, at most max_request bytes */
  void (*message) (TlSocket *socket, TlPg *pg, const char *text, gsize length, gpointer data);
  /* once, after the last message() returned */
  void (*closed) (TlSocket *socket, gpointer data);
} TlSocketEvents;

TlReactor *tl_reactor_new (TlServer *server, gsize max_message, GError **error);
/* Drops all sockets, and from now on each one that is still upgraded. The HTTP server, whose workers
 * run message(), goes between this and tl_reactor_free(). */
void tl_reactor_stop (TlReactor *self);
void tl_reactor_free (TlReactor *self);
guint tl_reactor_count (TlReactor *self);

/* Answers `request` with 101 and makes a socket of it, which lives at least until the handler returns.
 * NULL with a 400/426 answered. */
TlSocket *tl_reactor_upgrade (TlReactor *self, TlRequest *request, const char *subprotocol,
                              const TlSocketEvents *events, gpointer data);

/* Answers `request` with a stream of text events (EventSource), on no thread of its own: a socket that
 * can be sent events and closed. It pings every `ping` seconds when that is not 0, and with
 * `ends_after_event` it ends after the first event. */
TlSocket *tl_reactor_stream (TlReactor *self, TlRequest *request, guint ping,
                             gboolean ends_after_event, const TlSocketEvents *events,
                             gpointer data);

TlSocket *tl_socket_ref (TlSocket *self);
void tl_socket_unref (TlSocket *self);
gpointer tl_socket_data (TlSocket *self);
/* A whole text frame, built once, may go to many sockets. */
GBytes *tl_socket_frame (const char *text, gsize length);
/* FALSE when the queue is full: the frame was dropped (send something smaller instead). */
gboolean tl_socket_send_frame (TlSocket *self, GBytes *frame);
void tl_socket_send_text (TlSocket *self, const char *text);
/* On a stream: an event with that name and id. A WebSocket gets the text alone. */
void tl_socket_send_event (TlSocket *self, const char *event, const char *id, const char *text);
void tl_socket_close (TlSocket *self, guint16 code, const char *reason);
