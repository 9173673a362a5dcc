/* address-pages.c: where the links in letters lead: confirming an address, and no more letters. A page asks first, so that
 * what only looks at links (mail scanners) does nothing; a mail program's one click (RFC 8058) is a POST as the page's
 * button is. Tokens are sealed, not kept. Handlers: any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/hooks.h"
#include "server/services/notify/words.h"
#include "server/services/user/page.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include <string.h>

#define SQL "user/address.sql"

static void
answer (TlRequest *request, guint status, const char *title_word, char *text, const char *form)
{
  g_autofree char *title = tl_words (tl_page_language (request), title_word, "server",
                                     request->server->config->name, NULL);
  g_autofree char *taken = text;

  tl_page_answer (request, status, title, taken, form);
}

static char *
words (TlRequest *request, const char *word)
{
  return tl_words (tl_page_language (request), word, "server", request->server->config->name, NULL);
}

static void
refuse (TlRequest *request)
{
  answer (request, 404, "bad.title", words (request, "bad.text"), NULL);
}

/* The address of the page has a secret in it, which no log is to have. */
static void
put_off (TlRequest *request, const GError *error)
{
  g_warning ("%s %s: %s (request %s)", request->method, request->path,
             error ? error->message : "there is no database", request->id);
  answer (request, 503, "later.title", words (request, "later.text"), NULL);
}

static char *
unseal (TlRequest *request, const char *purpose)
{
  const char *token = tl_request_query (request, "token");

  return token ? tl_tokens_unseal (request->server->tokens, purpose, token) : NULL;
}

void
tl_address_page (TlRequest *request)
{
  gboolean is_stop = g_str_has_suffix (request->path, "/stop");
  g_autofree char *text = unseal (request, is_stop ? "stop" : "confirm");
  g_autofree char *button = words (request, is_stop ? "stop" : "confirm.link");
  g_autofree char *form = tl_page_form ("", button);

  if (text == NULL)
    refuse (request);
  else
    answer (request, 200, is_stop ? "stop" : "confirm.link",
            words (request, is_stop ? "stop.text" : "confirm.subject"), form);
}

/* --- confirming -------------------------------------------------------------------------------- */

/* ACCOUNT UNTIL ADDRESS, good until then. */
static gboolean
is_in_time (char **parts)
{
  return g_strv_length (parts) == 3 &&
         g_ascii_strtoll (parts[1], NULL, 10) > g_get_real_time () / G_USEC_PER_SEC;
}

void
tl_address_confirm (TlRequest *request)
{
  g_autofree char *text = unseal (request, "confirm");
  g_auto (GStrv) parts = g_strsplit (text ? text : "", " ", 3);
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;

  if (!is_in_time (parts)) {
    refuse (request);
    return;
  }
  if (request->pg)
    row = tl_pg_query (request->pg, "address-confirm", tl_sql (SQL, "confirm"), 2,
                       (const char *const[]){ parts[0], parts[2] }, &error);
  if (row == NULL)
    put_off (request, error);
  else if (PQntuples (row) == 0)
    refuse (request);
  else
    answer (request, 200, "confirm.link",
            tl_words (tl_page_language (request), "confirm.done", "server",
                      request->server->config->name, "address", parts[2], NULL),
            NULL);
}

/* --- no more letters --------------------------------------------------------------------------- */

/* As if they had said so in the preferences: their devices are told. */
static gboolean
stop (TlRequest *request, gint64 account, GError **error)
{
  TlWrite write;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (PGresult) gone = NULL;

  if (!tl_write_begin (&write, request->server, request->pg, account, error))
    return FALSE;
  row = tl_hook_query (&write, SQL, "stop", 1, &account, error);
  gone = row ? tl_hook_query (&write, SQL, "drop-letters", 1, &account, error) : NULL;
  if (gone == NULL) {
    tl_write_abort (&write);
    return FALSE;
  }
  if (PQntuples (row) > 0) {
    gboolean is_new = *PQgetvalue (row, 0, 2) == 't';

    tl_write_log (&write, tl_hook_number (row, 0, 0), &tl_settings_type, tl_hook_number (row, 0, 1),
                  is_new ? TL_CREATED : TL_UPDATED, is_new ? NULL : "email");
  }
  return tl_write_commit (&write, error);
}

void
tl_address_stop (TlRequest *request)
{
  g_autofree char *text = unseal (request, "stop");
  g_autoptr (GError) error = NULL;
  gint64 account;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &account, NULL))
    refuse (request);
  else if (request->pg && stop (request, account, &error))
    answer (request, 200, "stop", words (request, "stop.done"), NULL);
  else
    put_off (request, error);
}
