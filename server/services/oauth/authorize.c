/* authorize.c: GET and POST /oauth/authorize: the page on which a person signs in for a program, and the code that the program
 * gets for it (RFC 6749, 4.1; RFC 9207).
 *
 * There is no cookie that signs anybody in: each time the password is asked for, and that is the consent. Any worker thread. */
#include "server/services/oauth/authorize.h"
#include "server/services/notify/words.h"
#include "server/services/oauth/ask.h"
#include "server/services/oauth/form-guard.h"
#include "server/services/oauth/form.h"
#include "server/services/oauth/oauth.h"
#include "server/services/user/factor.h"
#include "server/services/user/page.h"
#include "server/services/user/rate.h"
#include "server/services/user/second-step.h"
#include "server/services/user/sign-in.h"
#include "server/services/user/tokens.h"

#include <sodium.h>
#include <string.h>

#define SQL "oauth/oauth.sql"
#define CODE_BYTES 32
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)

/* --- pages ------------------------------------------------------------------------------------- */

/* A labelled field; `more`: attributes. */
static void
append_field (GString *html, const char *label, const char *more)
{
  g_autofree char *words = g_markup_escape_text (label, -1);

  g_string_append_printf (html, "<label>%s <input %s required></label>", words, more);
}

static void
append_alert (GString *html, const char *sentence)
{
  g_autofree char *words = sentence ? g_markup_escape_text (sentence, -1) : NULL;

  if (words)
    g_string_append_printf (html, "<p role=\"alert\">%s</p>", words);
}

/* The way by the external provider, if there is one. */
static char *
provider_link (TlRequest *request, const TlOauthAsk *ask)
{
  const TlConfig *config = request->server->config;
  g_autoptr (GUri) uri =
      config->oidc.issuer ? g_uri_parse (config->oidc.issuer, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *address = NULL, *words = NULL;

  if (uri == NULL)
    return g_strdup ("");
  address = tl_oauth_ask_address (ask, "/oidc/start");
  words = tl_words (tl_page_language (request), "oauth.provider", "provider",
                    config->oidc.name ? config->oidc.name : g_uri_get_host (uri), NULL);
  return g_markup_printf_escaped ("<p><a href=\"%s\">%s</a></p>", address, words);
}

/* The form, its way out, and the one place beside the server where it may end. `fields` is taken. */
static void
answer_form (TlRequest *request, guint status, const TlOauthAsk *ask, const char *title,
             GString *fields)
{
  const char *language = tl_page_language (request);
  g_autofree char *heading =
      tl_words (language, title, "server", request->server->config->name, NULL);
  g_autofree char *sentence = tl_words (language, "oauth.text", "client", ask->client->name, NULL);
  g_autofree char *button = tl_words (language, "oauth.button", NULL);
  g_autofree char *cancel = tl_words (language, "oauth.cancel", NULL);
  g_autofree char *back = tl_oauth_back (request, ask, "error", "access_denied");
  g_autofree char *guard = tl_form_guard_field (request);
  g_autofree char *action = NULL, *form = NULL, *target = NULL, *link = NULL;
  g_autofree char *provider = provider_link (request, ask), *html = NULL;

  g_string_append (fields, guard);
  action = tl_oauth_ask_address (ask, "/oauth/authorize");
  form = tl_page_form_to (action, fields->str, button);
  link = g_markup_printf_escaped ("<p><a href=\"%s\">%s</a></p>", back, cancel);
  html = g_strconcat (form, provider, link, NULL);
  target = tl_oauth_redirect_source (ask->redirect);
  tl_page_answer_to (request, status, heading, sentence, html, target);
  g_string_free (fields, TRUE);
}

/* `trouble` (free): what was wrong with the last try. */
static void
ask_password (TlRequest *request, guint status, const TlOauthAsk *ask, const char *login,
              char *trouble)
{
  const char *language = tl_page_language (request);
  g_autofree char *sentence = trouble;
  g_autofree char *name = tl_words (language, "oauth.name", NULL);
  g_autofree char *password = tl_words (language, "oauth.password", NULL);
  g_autofree char *known = g_markup_printf_escaped (
      "name=\"login\" value=\"%s\" autocomplete=\"username\" autocapitalize=\"none\" "
      "spellcheck=\"false\" maxlength=\"254\"%s",
      login ? login : "", login ? "" : " autofocus");
  g_autofree char *secret =
      g_strdup_printf ("name=\"password\" type=\"password\" autocomplete=\"current-password\"%s",
                       login ? " autofocus" : "");
  GString *fields = g_string_new (NULL);

  append_alert (fields, sentence);
  append_field (fields, name, known);
  append_field (fields, password, secret);
  answer_form (request, status, ask, "oauth.title", fields);
}

/* `step`: who has given the password. */
static void
ask_code (TlRequest *request, guint status, const TlOauthAsk *ask, const char *step, char *trouble)
{
  const char *language = tl_page_language (request);
  g_autofree char *sentence = trouble;
  g_autofree char *label = tl_words (language, "oauth.code", NULL);
  g_autofree char *hidden =
      g_markup_printf_escaped ("<input type=\"hidden\" name=\"step\" value=\"%s\">", step);
  GString *fields = g_string_new (hidden);

  append_alert (fields, sentence);
  append_field (fields, label,
                "name=\"code\" autocomplete=\"one-time-code\" autocapitalize=\"none\" "
                "spellcheck=\"false\" maxlength=\"32\" autofocus");
  answer_form (request, status, ask, "oauth.step", fields);
}

static char *
words_of_wait (TlRequest *request, guint seconds)
{
  g_autofree char *number = g_strdup_printf ("%u", seconds);

  tl_request_set_header (request, "Retry-After", number);
  return tl_words (tl_page_language (request), "oauth.wait", "seconds", number, NULL);
}

/* --- signing in -------------------------------------------------------------------------------- */

static void
give_code (TlRequest *request, const TlOauthAsk *ask, const char *account)
{
  guint8 bytes[CODE_BYTES], hash[crypto_generichash_BYTES];
  char text[sodium_base64_ENCODED_LEN (CODE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  char hex[HASH_HEX];
  const char *args[] = { hex, account, ask->client->id, ask->redirect, ask->challenge };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) added = NULL;

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  crypto_generichash (hash, sizeof hash, (const guint8 *)text, strlen (text), NULL, 0);
  sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
  added = tl_pg_query (request->pg, SQL ".add-code", tl_sql (SQL, "add-code"), G_N_ELEMENTS (args),
                       args, &error);
  if (added == NULL)
    tl_oauth_put_off (request, error);
  else if (PQntuples (added) == 0) /* suspended meanwhile */
    tl_oauth_send_back (request, ask, "error", "access_denied");
  else
    tl_oauth_send_back (request, ask, "code", text);
  sodium_memzero (bytes, sizeof bytes);
  sodium_memzero (text, sizeof text);
}

void
tl_oauth_go_on (TlRequest *request, const TlOauthAsk *ask, PGresult *person)
{
  gint64 account = g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10);
  g_autofree char *step = NULL;

  if (*PQgetvalue (person, 0, 4) != 't') {
    give_code (request, ask, PQgetvalue (person, 0, 0));
    return;
  }
  step = tl_second_step_token (request, account, PQgetvalue (person, 0, 2));
  ask_code (request, 200, ask, step, NULL);
}

static void
by_password (TlRequest *request, const TlOauthAsk *ask, GHashTable *form)
{
  const char *language = tl_page_language (request);
  const char *login = tl_oauth_field (form, "login");
  const char *password = tl_oauth_field (form, "password");
  guint wait = tl_sign_in_wait (request, login ? login : "");
  g_autoptr (PGresult) person = NULL;
  g_autoptr (GError) error = NULL;

  if (wait) {
    ask_password (request, 429, ask, login, words_of_wait (request, wait));
    return;
  }
  person = tl_sign_in_find (request->pg, login ? login : "", password ? password : "", &error);
  if (error) {
    tl_oauth_put_off (request, error);
    return;
  }
  if (person == NULL) {
    ask_password (request, 401, ask, login, tl_words (language, "oauth.wrong", NULL));
    return;
  }
  tl_sign_in_forgive (request, login);
  if (*PQgetvalue (person, 0, 4) == 't') {
    g_autofree char *step = tl_second_step_token (
        request, g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10), PQgetvalue (person, 0, 2));

    ask_code (request, 200, ask, step, NULL);
    return;
  }
  give_code (request, ask, PQgetvalue (person, 0, 0));
}

static void
by_code (TlRequest *request, const TlOauthAsk *ask, GHashTable *form, const char *step)
{
  const char *language = tl_page_language (request);
  const char *code = tl_oauth_field (form, "code");
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  guint wait = tl_rate_take (request->server->sign_in_addresses, request->address);
  gint64 account;

  if (wait) {
    ask_code (request, 429, ask, step, words_of_wait (request, wait));
    return;
  }
  account = tl_second_step_person (request, step, &error);
  if (account == 0) {
    if (error)
      tl_oauth_put_off (request, error);
    else
      ask_password (request, 401, ask, NULL, tl_words (language, "oauth.old", NULL));
    return;
  }
  switch (tl_factor_check (request->pg, account, code ? code : "", FALSE, &wait, &error)) {
  case TL_FACTOR_GOOD:
    tl_rate_give_back (request->server->sign_in_addresses, request->address);
    number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
    give_code (request, ask, number);
    break;
  case TL_FACTOR_WRONG:
    ask_code (request, 401, ask, step, tl_words (language, "oauth.wrong-code", NULL));
    break;
  case TL_FACTOR_WAIT:
    ask_code (request, 429, ask, step, words_of_wait (request, wait));
    break;
  case TL_FACTOR_NONE: /* turned off meanwhile: from the beginning */
    ask_password (request, 401, ask, NULL, tl_words (language, "oauth.old", NULL));
    break;
  case TL_FACTOR_FAILED:
    tl_oauth_put_off (request, error);
    break;
  }
}

void
tl_oauth_authorize (TlRequest *request)
{
  const char *hint = tl_request_query (request, "login_hint");
  g_auto (TlOauthAsk) ask = { 0 };

  if (tl_oauth_ask_read (request, &ask))
    ask_password (request, 200, &ask, hint && g_utf8_validate (hint, -1, NULL) ? hint : NULL, NULL);
}

void
tl_oauth_sign_in (TlRequest *request)
{
  g_autoptr (GHashTable) form = tl_oauth_form (request);
  const char *step = form ? tl_oauth_field (form, "step") : NULL;
  g_auto (TlOauthAsk) ask = { 0 };

  if (!tl_oauth_ask_read (request, &ask))
    ;
  else if (form == NULL || !tl_form_guard_holds (request, tl_oauth_field (form, "form")))
    ask_password (request, 403, &ask, NULL,
                  tl_words (tl_page_language (request), "oauth.old", NULL));
  else if (step)
    by_code (request, &ask, form, step);
  else
    by_password (request, &ask, form);
}
