/* form-guard.c: see the header. The cookie is a number that says nothing of anybody; the field is the same number with the
 * time until which the form is good, sealed. */
#include "server/services/oauth/form-guard.h"

#include "server/services/user/tokens.h"

#include <sodium.h>
#include <string.h>

#define COOKIE "tideline-form"
#define PURPOSE "sign-in form"
#define FIELD "form"
#define NUMBER_BYTES 16
#define NUMBER_HEX (2 * NUMBER_BYTES + 1)
#define FORM_SECONDS 3600

/* The cookie's number; FALSE when there is none that we would have set. */
static gboolean
read_cookie (TlRequest *request, char number[NUMBER_HEX])
{
  const char *header = tl_request_header (request, "Cookie");
  g_auto (GStrv) cookies = g_strsplit (header ? header : "", ";", 50);

  for (char **cookie = cookies; *cookie; cookie++) {
    const char *text = g_strchug (*cookie);

    if (!g_str_has_prefix (text, COOKIE "="))
      continue;
    text += strlen (COOKIE "=");
    if (strlen (text) == NUMBER_HEX - 1 && strspn (text, "0123456789abcdef") == NUMBER_HEX - 1) {
      memcpy (number, text, NUMBER_HEX);
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
is_by_tls (TlRequest *request)
{
  return g_str_has_prefix (request->server->config->public_url, "https:");
}

char *
tl_form_guard_field (TlRequest *request)
{
  gint64 until = g_get_real_time () / G_USEC_PER_SEC + FORM_SECONDS;
  g_autofree char *text = NULL, *sealed = NULL, *cookie = NULL;
  guint8 bytes[NUMBER_BYTES];
  char number[NUMBER_HEX];

  if (!read_cookie (request, number)) { /* the one there is goes on: other tabs have forms, too */
    randombytes_buf (bytes, sizeof bytes);
    sodium_bin2hex (number, sizeof number, bytes, sizeof bytes);
  }
  cookie = g_strdup_printf (COOKIE "=%s; Path=/oauth; Max-Age=%d; HttpOnly; SameSite=Lax%s", number,
                            FORM_SECONDS, is_by_tls (request) ? "; Secure" : "");
  tl_request_set_header (request, "Set-Cookie", cookie);
  text = g_strdup_printf ("%s %" G_GINT64_FORMAT, number, until);
  sealed = tl_tokens_seal (request->server->tokens, PURPOSE, text);
  return g_strdup_printf ("<input type=\"hidden\" name=\"" FIELD "\" value=\"%s\">", sealed);
}

gboolean
tl_form_guard_holds (TlRequest *request, const char *field)
{
  const char *site = tl_request_header (request, "Sec-Fetch-Site");
  g_autofree char *text = field ? tl_tokens_unseal (request->server->tokens, PURPOSE, field) : NULL;
  char number[NUMBER_HEX];

  return text && read_cookie (request, number) && strlen (text) > NUMBER_HEX &&
         sodium_memcmp (text, number, NUMBER_HEX - 1) == 0 && text[NUMBER_HEX - 1] == ' ' &&
         g_ascii_strtoll (text + NUMBER_HEX, NULL, 10) > g_get_real_time () / G_USEC_PER_SEC &&
         (site == NULL || strcmp (site, "same-origin") == 0);
}
