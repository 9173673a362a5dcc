/* address.h: which network addresses belong to the public internet. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

/* FALSE for loopback, private, link-local, multicast, unspecified, documentation and embedded IPv4
 * addresses, and for anything that is not IP. */
gboolean tl_address_is_public (const struct sockaddr *address);
