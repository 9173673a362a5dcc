/* cookie.c: see the header. */
#include "server/services/oauth/cookie.h"

#include <sodium.h>
#include <string.h>

#define LENGTH (TL_COOKIE_HEX - 1)

gboolean
tl_cookie_read (TlRequest *request, const char *name, char number[TL_COOKIE_HEX])
{
  const char *header = tl_request_header (request, "Cookie");
  g_auto (GStrv) cookies = g_strsplit (header ? header : "", ";", 50);
  g_autofree char *begin = g_strconcat (name, "=", NULL);

  for (char **cookie = cookies; *cookie; cookie++) {
    const char *text = g_strchug (*cookie);

    if (!g_str_has_prefix (text, begin))
      continue;
    text += strlen (begin);
    if (strlen (text) == LENGTH && strspn (text, "0123456789abcdef") == LENGTH) {
      memcpy (number, text, TL_COOKIE_HEX);
      return TRUE;
    }
  }
  return FALSE;
}

void
tl_cookie_keep (TlRequest *request, const char *name, const char *path, guint seconds,
                char number[TL_COOKIE_HEX])
{
  gboolean is_by_tls = g_str_has_prefix (request->server->config->public_url, "https:");
  g_autofree char *cookie = NULL;
  guint8 bytes[LENGTH / 2];

  if (!tl_cookie_read (request, name, number)) {
    randombytes_buf (bytes, sizeof bytes);
    sodium_bin2hex (number, TL_COOKIE_HEX, bytes, sizeof bytes);
  }
  cookie = g_strdup_printf ("%s=%s; Path=%s; Max-Age=%u; HttpOnly; SameSite=Lax%s", name, number,
                            path, seconds, is_by_tls ? "; Secure" : "");
  tl_request_set_header (request, "Set-Cookie", cookie);
}
