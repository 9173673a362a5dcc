/* address.c: which network addresses belong to the public internet: by the special-purpose registries
 * (RFC 6890 and its updates). Any thread. */
#include "server/services/news/address.h"

#include <netinet/in.h>
#include <string.h>

typedef struct {
  guint8 bytes[16];
  guint bits;
} Prefix;

static const Prefix special_4[] = {
  { { 0 }, 8 },
  { { 10 }, 8 },
  { { 100, 64 }, 10 },
  { { 127 }, 8 },
  { { 169, 254 }, 16 },
  { { 172, 16 }, 12 },
  { { 192, 0, 0 }, 24 },
  { { 192, 0, 2 }, 24 },
  { { 192, 88, 99 }, 24 },
  { { 192, 168 }, 16 },
  { { 198, 18 }, 15 },
  { { 198, 51, 100 }, 24 },
  { { 203, 0, 113 }, 24 },
  { { 224 }, 4 },
  { { 240 }, 4 },
};

/* Only 2000::/3 is global unicast; within it, what tunnels or embeds IPv4 and what is reserved. */
static const Prefix special_6[] = {
  { { 0x20, 0x01, 0x00, 0x00 }, 23 },
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
  { { 0x20, 0x02 }, 16 },
  { { 0x3f, 0xff }, 20 },
};

static gboolean
matches (const guint8 *address, const Prefix *prefix)
{
  guint whole = prefix->bits / 8, rest = prefix->bits % 8;
  guint8 mask = (guint8)(0xff << (8 - rest));

  if (memcmp (address, prefix->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || ((address[whole] ^ prefix->bytes[whole]) & mask) == 0;
}

gboolean
tl_address_is_public (const struct sockaddr *address)
{
  const guint8 *bytes;

  if (address->sa_family == AF_INET) {
    bytes = (const guint8 *)&((const struct sockaddr_in *)address)->sin_addr;
    for (guint i = 0; i < G_N_ELEMENTS (special_4); i++)
      if (matches (bytes, &special_4[i]))
        return FALSE;
    return TRUE;
  }
  if (address->sa_family != AF_INET6)
    return FALSE;
  bytes = (const guint8 *)&((const struct sockaddr_in6 *)address)->sin6_addr;
  for (guint i = 0; i < G_N_ELEMENTS (special_6); i++)
    if (matches (bytes, &special_6[i]))
      return FALSE;
  return (bytes[0] & 0xe0) == 0x20;
}
