/* form-guard.c: see the header. The cookie is a number that says nothing of anybody; the field is the same number with the
 * time until which the form is good, sealed. */
#include "server/services/oauth/form-guard.h"

#include "server/services/oauth/cookie.h"
#include "server/services/user/tokens.h"

#include <sodium.h>
#include <string.h>

#define COOKIE "tideline-form"
#define PURPOSE "sign-in form"
#define FIELD "form"
#define FORM_SECONDS 3600

char *
tl_form_guard_field (TlRequest *request)
{
  gint64 until = g_get_real_time () / G_USEC_PER_SEC + FORM_SECONDS;
  g_autofree char *text = NULL, *sealed = NULL;
  char number[TL_COOKIE_HEX];

  tl_cookie_keep (request, COOKIE, "/oauth", FORM_SECONDS, number);
  text = g_strdup_printf ("%s %" G_GINT64_FORMAT, number, until);
  sealed = tl_tokens_seal (request->server->tokens, PURPOSE, text);
  return g_strdup_printf ("<input type=\"hidden\" name=\"" FIELD "\" value=\"%s\">", sealed);
}

gboolean
tl_form_guard_holds (TlRequest *request, const char *field)
{
  const char *site = tl_request_header (request, "Sec-Fetch-Site");
  g_autofree char *text = field ? tl_tokens_unseal (request->server->tokens, PURPOSE, field) : NULL;
  char number[TL_COOKIE_HEX];

  return text && tl_cookie_read (request, COOKIE, number) && strlen (text) > TL_COOKIE_HEX &&
         sodium_memcmp (text, number, TL_COOKIE_HEX - 1) == 0 && text[TL_COOKIE_HEX - 1] == ' ' &&
         g_ascii_strtoll (text + TL_COOKIE_HEX, NULL, 10) > g_get_real_time () / G_USEC_PER_SEC &&
         (site == NULL || strcmp (site, "same-origin") == 0);
}
