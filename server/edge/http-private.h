/* http-private.h: what http.c, request.c and handshake.c share of a request under way. */
#pragma once

#include "server/edge/http.h"
#include "server/edge/pool.h"
#include "server/edge/socket.h"

#include <microhttpd.h>

/* On libmicrohttpd's thread, once: the raw descriptor (now ours) and what was read beyond the
 * handshake. The descriptor is -1 when the connection ended before it could be handed over. */
typedef void (*TlUpgraded) (gpointer data, int fd, const char *extra, gsize length);

typedef struct {
  TlRequest request; /* first: handlers get its address */
  TlHttpServer *http;
  struct MHD_Connection *connection;
  const TlRoute *route;
  GByteArray *body;
  gsize gathered;       /* bytes of the body, counted for all requests together */
  gint64 uploader;      /* the account whose upload it is, counted; 0 */
  gsize excess;         /* bytes that came after the request was refused */
  gboolean is_answered; /* by the handler, or before it could run */
  gboolean is_running;  /* was given to a worker; until the answer has left */
  gint64 queued_at;     /* monotonic: when it was */
  TlUpgraded upgraded;  /* until it was called */
  gpointer upgrade_data;
  TlSocket *stream; /* whose events are the answer's body */
} TlPending;

/* stream.c: a response with the events of `stream`, which is taken, and its end without one. */
struct MHD_Response *tl_stream_response (TlSocket *stream, struct MHD_Connection *connection);
void tl_stream_end (TlSocket *stream);
/* answer.c: `is_last`: the connection ends with it. */
enum MHD_Result tl_pending_answer (TlPending *pending, gboolean is_last);
TlPool *tl_http_server_pool (TlHttpServer *self);
/* peer.c: `proxy`: the address of the one that is believed, NULL for none. */
char *tl_peer_address (struct MHD_Connection *connection, const char *proxy);
/* listen.c: a listening descriptor on "host:port"; -1 with an error that names the address. */
int tl_listen_on (const char *address, GError **error);
guint tl_listen_port (int fd);
/* Answers 101 with the headers set so far and hands the descriptor over. */
void tl_request_upgrade (TlRequest *request, TlUpgraded upgraded, gpointer data);
