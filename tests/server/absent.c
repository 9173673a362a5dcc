/* absent.c: what the server library refers to and other branches bring; weak, so that theirs wins. */
#include "server/jmap/hub.h"
#include "server/services/user/tokens.h"

__attribute__ ((weak)) void
tl_hub_committed (TlHub *self)
{
}

__attribute__ ((weak)) gint64
tl_tokens_account (TlTokens *self, const char *authorization_header)
{
  return 0;
}
