/* handshake.c: an HTTP request becomes a WebSocket (RFC 6455, 4.2). Worker threads. */
#include "server/edge/http-private.h"
#include "server/edge/socket-private.h"

static gboolean
has_token (const char *header, const char *token)
{
  g_auto (GStrv) words = header ? g_strsplit (header, ",", -1) : NULL;

  for (guint i = 0; words && words[i]; i++)
    if (g_ascii_strcasecmp (g_strstrip (words[i]), token) == 0)
      return TRUE;
  return FALSE;
}

static char *
accept_key (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *)key, -1);
  g_checksum_update (checksum, (const guchar *)"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

static gboolean
is_handshake (TlRequest *request, const char *subprotocol)
{
  const char *key = tl_request_header (request, "Sec-WebSocket-Key");
  gsize length = 0;
  g_autofree guchar *nonce = key ? g_base64_decode (key, &length) : NULL;
  const char *detail = NULL;

  if (!g_str_equal (request->method, "GET")) {
    tl_request_set_header (request, "Allow", "GET");
    tl_request_problem (request, 405, "about:blank", "A WebSocket begins with GET", NULL);
    return FALSE;
  }
  if (g_strcmp0 (tl_request_header (request, "Sec-WebSocket-Version"), "13") != 0) {
    tl_request_set_header (request, "Sec-WebSocket-Version", "13");
    tl_request_set_header (request, "Upgrade", "websocket");
    tl_request_problem (request, 426, "about:blank", "This address speaks WebSocket, version 13",
                        NULL);
    return FALSE;
  }
  if (!has_token (tl_request_header (request, "Upgrade"), "websocket") ||
      !has_token (tl_request_header (request, "Connection"), "upgrade") || length != 16)
    detail = "This is not a WebSocket handshake";
  else if (!has_token (tl_request_header (request, "Sec-WebSocket-Protocol"), subprotocol))
    detail = "The WebSocket subprotocol must be jmap";
  if (detail)
    tl_request_problem (request, 400, "about:blank", detail, NULL);
  return detail == NULL;
}

TlSocket *
tl_reactor_upgrade (TlReactor *self, TlRequest *request, const char *subprotocol,
                    const TlSocketEvents *events, gpointer data)
{
  g_autofree char *accept = NULL;
  TlSocket *socket;

  if (!is_handshake (request, subprotocol))
    return NULL;
  accept = accept_key (tl_request_header (request, "Sec-WebSocket-Key"));
  tl_request_set_header (request, "Upgrade", "websocket");
  tl_request_set_header (request, "Sec-WebSocket-Accept", accept);
  tl_request_set_header (request, "Sec-WebSocket-Protocol", subprotocol);
  socket = tl_socket_new (self, events, data);
  tl_request_upgrade (request, tl_reactor_adopt, socket);
  return socket;
}
