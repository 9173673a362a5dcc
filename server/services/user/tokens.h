/* tokens.h: access tokens, signed, so that a request needs no session look-up. Any thread. */
#pragma once

#include "server/server.h"

/* The account whose token an Authorization header's value carries; 0 when there is none, it is not
 * ours, or it ran out. */
gint64 tl_tokens_account (TlTokens *self, const char *authorization_header);
