/* ask.c: see the header. */
#include "server/services/oauth/ask.h"

#include "server/services/notify/words.h"
#include "server/services/oauth/signing-keys.h"
#include "server/services/user/page.h"
#include "server/services/user/tokens.h"

#include <string.h>

#define CHALLENGE_LENGTH 43 /* of SHA-256 in base64url */
#define STATE_MAX 1024

/* --- back to the program ----------------------------------------------------------------------- */

char *
tl_oauth_back (TlRequest *request, const TlOauthAsk *ask, const char *name, const char *value)
{
  const char *issuer = tl_signing_keys_issuer (tl_tokens_signing (request->server->tokens));
  GString *address = g_string_new (ask->redirect);

  g_string_append_printf (address, "%c%s=", strchr (ask->redirect, '?') ? '&' : '?', name);
  g_string_append_uri_escaped (address, value, NULL, FALSE);
  if (ask->state) {
    g_string_append (address, "&state=");
    g_string_append_uri_escaped (address, ask->state, NULL, FALSE);
  }
  g_string_append (address, "&iss=");
  g_string_append_uri_escaped (address, issuer, NULL, FALSE);
  return g_string_free (address, FALSE);
}

void
tl_oauth_send_back (TlRequest *request, const TlOauthAsk *ask, const char *name, const char *value)
{
  g_autofree char *address = tl_oauth_back (request, ask, name, value);

  tl_request_set_header (request, "Location", address);
  tl_request_set_header (request, "Cache-Control", "no-store");
  tl_request_set_header (request, "Referrer-Policy", "no-referrer");
  request->status = 303;
}

/* --- pages ------------------------------------------------------------------------------------- */

void
tl_oauth_say (TlRequest *request, guint status, const char *title, const char *text)
{
  const char *language = tl_page_language (request);
  g_autofree char *heading = tl_words (language, title, NULL);
  g_autofree char *sentence = tl_words (language, text, NULL);

  tl_page_answer (request, status, heading, sentence, NULL);
}

void
tl_oauth_put_off (TlRequest *request, const GError *error)
{
  if (error)
    g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message,
               request->id);
  tl_request_set_header (request, "Retry-After", "2");
  tl_oauth_say (request, 503, "later.title", "later.text");
}

/* --- what is asked for ------------------------------------------------------------------------- */

static gboolean
is_challenge (const char *text)
{
  return text && strlen (text) == CHALLENGE_LENGTH &&
         strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
             CHALLENGE_LENGTH;
}

gboolean
tl_oauth_ask_read (TlRequest *request, TlOauthAsk *ask)
{
  const char *id = tl_request_query (request, "client_id");
  const char *type = tl_request_query (request, "response_type");
  g_autoptr (GError) error = NULL;

  *ask = (TlOauthAsk){ NULL, g_strdup (tl_request_query (request, "redirect_uri")),
                       g_strdup (tl_request_query (request, "state")),
                       g_strdup (tl_request_query (request, "code_challenge")) };
  if (request->pg == NULL) {
    tl_oauth_put_off (request, NULL);
    return FALSE;
  }
  ask->client = id ? tl_oauth_client_find (request->pg, id, &error) : NULL;
  if (error) {
    tl_oauth_put_off (request, error);
    return FALSE;
  }
  if (ask->client == NULL || ask->redirect == NULL ||
      !tl_oauth_client_takes (ask->client, ask->redirect) ||
      (ask->state && strlen (ask->state) > STATE_MAX)) {
    tl_oauth_say (request, 400, "oauth.bad.title", "oauth.bad.text");
    return FALSE;
  }
  if (g_strcmp0 (type, "code") != 0)
    tl_oauth_send_back (request, ask, "error", "unsupported_response_type");
  else if (g_strcmp0 (tl_request_query (request, "code_challenge_method"), "S256") != 0 ||
           !is_challenge (ask->challenge))
    tl_oauth_send_back (request, ask, "error", "invalid_request");
  else
    return TRUE;
  return FALSE;
}

void
tl_oauth_ask_clear (TlOauthAsk *self)
{
  g_clear_pointer (&self->client, tl_oauth_client_free);
  g_clear_pointer (&self->redirect, g_free);
  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->challenge, g_free);
}

char *
tl_oauth_ask_address (const TlOauthAsk *self, const char *path)
{
  const char *const fields[][2] = {
    { "client_id", self->client->id },
    { "redirect_uri", self->redirect },
    { "code_challenge", self->challenge },
    { "state", self->state },
  };
  GString *address = g_string_new (path);

  g_string_append (address, "?response_type=code&code_challenge_method=S256");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i][1]) {
      g_string_append_printf (address, "&%s=", fields[i][0]);
      g_string_append_uri_escaped (address, fields[i][1], NULL, FALSE);
    }
  return g_string_free (address, FALSE);
}
