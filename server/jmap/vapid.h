/* vapid.h: who pushes (RFC 8292): a token, signed by the server's own key, by which a push service knows it, and takes for
 * a subscription what comes from it alone. Any thread. */
#pragma once

#include "server/server.h"

/* The value of an Authorization header for a push to `url`. */
char *tl_vapid_header (TlServer *server, TlPg *pg, const char *url, GError **error);
/* The key that clients subscribe with (RFC 9749), base64url. */
char *tl_vapid_public (TlPg *pg, GError **error);

/* The same with everything given: for tests. `contact`: a mailto: or https: address, or NULL; `expires`: seconds since
 * 1970. */
char *tl_vapid_header_with (const guint8 *private_key, const char *url, const char *contact,
                            gint64 expires);
