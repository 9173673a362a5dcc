/* register.c: POST /auth/register (docs/protocol.md, Joining): somebody joins and is signed in; and the page that a
 * browser shows of an invitation's link.
 *
 * The invitation's token comes in the body. The page's address has it too, so that nothing of it is logged, kept or
 * passed on: no store is asked, no answer fails. Handlers: any worker thread. */
#include "server/services/notify/words.h"
#include "server/services/user/auth.h"
#include "server/services/user/join.h"
#include "server/services/user/page.h"
#include "server/services/user/rate.h"
#include "server/services/user/user.h"

#include <string.h>

#define TEXT_MAX 1024

static const TlRefusal closed = { 403, "registration_closed",
                                  "Nobody can join this server by themselves." };
static const TlRefusal not_invited = {
  403, "invalid_invitation", "This invitation is not good, or not any more. Ask for another one."
};
static const TlRefusal taken = { 409, "login_taken",
                                 "This name is taken, or looks like one that is. Try another." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts to join. Wait a minute and try again." };

static gboolean
has_to_wait (TlRequest *request)
{
  g_autofree char *key = g_strconcat ("join ", request->address, NULL);
  guint wait = tl_rate_take (request->server->sign_ins, key);
  g_autofree char *seconds = g_strdup_printf ("%u", wait);

  if (wait == 0)
    return FALSE;
  tl_request_set_header (request, "Retry-After", seconds);
  tl_auth_refuse (request, &too_often);
  return TRUE;
}

static void
answer_error (TlRequest *request, const GError *error)
{
  g_autofree char *sentence = g_strconcat (error->message, ".", NULL);
  TlRefusal unfit = { 400, "invalid_registration", sentence };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    tl_auth_refuse (request, &not_invited);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    tl_auth_refuse (request, &taken);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    tl_auth_refuse (request, &unfit);
  else
    tl_auth_unavailable (request, error);
}

/* "" for what is missing or longer than anything that will do. */
static const char *
text_of (JsonObject *body, const char *name)
{
  const char *text = tl_auth_string (body, name);

  return text && strlen (text) <= TEXT_MAX ? text : "";
}

static void
join (TlRequest *request, JsonObject *body, const char *token)
{
  g_autofree char *name = g_strstrip (g_strdup (text_of (body, "name")));
  const char *login = text_of (body, "login");
  g_autoptr (GError) error = NULL;
  g_autofree char *account = NULL;
  gint64 number;

  number = tl_people_join (request->pg, login, *name ? name : login, text_of (body, "password"),
                           token, &error);
  if (number == 0) {
    answer_error (request, error);
    return;
  }
  account = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_message ("Account %s joined%s", account, token ? " by an invitation" : "");
  tl_sign_in_as (request, account, text_of (body, "device"));
}

void
tl_register (TlRequest *request)
{
  const char *who = request->server->config->registration;
  g_autoptr (JsonObject) body = tl_auth_body (request);
  const char *token;

  if (body == NULL)
    return;
  token = text_of (body, "invitation");
  if (g_str_equal (who, "closed"))
    tl_auth_refuse (request, &closed);
  else if (!g_str_equal (who, "open") && !*token)
    tl_auth_refuse (request, &not_invited);
  else if (request->pg == NULL)
    tl_auth_unavailable (request, NULL);
  else if (!has_to_wait (request))
    join (request, body, *token ? token : NULL);
}

/* --- the page ---------------------------------------------------------------------------------- */

void
tl_register_page (TlRequest *request)
{
  const char *language = tl_page_language (request);
  g_autofree char *link = tl_invitation_link (request->server->config->public_url, request->rest);
  g_autofree char *argument = g_uri_escape_string (link, NULL, FALSE);
  g_autofree char *text = tl_words (language, "invited.text", NULL);
  g_autofree char *open = tl_words (language, "invited.open", NULL);
  g_autofree char *otherwise = tl_words (language, "invited.otherwise", NULL);
  g_autofree char *html = g_markup_printf_escaped (
      "<p><a href=\"tideline://join?link=%s\">%s</a></p><p>%s</p>", argument, open, otherwise);

  tl_page_answer (request, 200, request->server->config->name, text, html);
}
