/* peer.c: whose request it is, by address: the peer's, or what its own proxy says of it. */
#include "server/edge/http-private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static enum MHD_Result
note_forwarded (void *last, enum MHD_ValueKind kind, const char *name, const char *value)
{
  if (g_ascii_strcasecmp (name, "X-Forwarded-For") == 0)
    *(const char **)last = value;
  return MHD_YES;
}

/* Who came through the proxy; what stands before the last address anybody may have written. */
static char *
forwarded_address (struct MHD_Connection *connection)
{
  const char *forwarded = NULL, *comma;
  g_autofree char *last = NULL;

  MHD_get_connection_values (connection, MHD_HEADER_KIND, note_forwarded, &forwarded);
  if (forwarded == NULL)
    return NULL;
  comma = strrchr (forwarded, ',');
  last = g_strstrip (g_strdup (comma ? comma + 1 : forwarded));
  return g_hostname_is_ip_address (last) ? g_steal_pointer (&last) : NULL;
}

char *
tl_peer_address (struct MHD_Connection *connection, const char *proxy)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *address = info ? info->client_addr : NULL;
  char text[INET6_ADDRSTRLEN] = "";

  if (address && address->sa_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
  else if (address && address->sa_family == AF_INET6)
    inet_ntop (AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
  if (proxy && g_str_equal (proxy, text)) {
    char *client = forwarded_address (connection);

    if (client)
      return client;
  }
  return g_strdup (text);
}
