/* listen.c: the listening socket: made before libmicrohttpd, so that errors can name the address. */
#include "server/edge/http-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int
fail (const char *address, int code, GError **error)
{
  if (code == EADDRINUSE)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "%s is in use by another program",
                 address);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                 "The server cannot listen on %s: %s", address, g_strerror (code));
  return -1;
}

int
tl_listen_on (const char *address, GError **error)
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
  if (fd < 0)
    return fail (address, errno, error);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, (struct sockaddr *)&native, (socklen_t)g_socket_address_get_native_size (first)) ==
          0 &&
      listen (fd, 1024) == 0)
    return fd;
  code = errno;
  close (fd);
  return fail (address, code, error);
}

guint
tl_listen_port (int fd)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;

  if (getsockname (fd, (struct sockaddr *)&address, &length) != 0)
    return 0;
  return ntohs (address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                              : ((struct sockaddr_in *)&address)->sin_port);
}
