/* forgotten.c: POST /auth/reset and the page of its link (docs/protocol.md): another password for whoever reads the letters
 * of an address. What is answered, and how soon, says nothing of whether there is such an address: the letter is written
 * later. A link is good for half an hour and once; only its hash is kept. Handlers: any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/notify/email.h"
#include "server/services/notify/words.h"
#include "server/services/user/auth.h"
#include "server/services/user/page.h"
#include "server/services/user/people.h"
#include "server/services/user/rate.h"
#include "server/services/user/user.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/address.sql"
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)

static const TlRefusal no_mail = { 403, "no_mail",
                                   "This server sends no letters. Ask its administrator." };
static const TlRefusal bad_address = { 400, "invalid_address",
                                       "An address such as ines@example.org is wanted." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts. Wait a minute and try again." };

static PGresult *
ask (TlRequest *request, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);

  return tl_pg_query (request->pg, prepared, tl_sql (SQL, name), n, args, error);
}

static gboolean
has_to_wait (TlRequest *request, const char *what, const char *whose)
{
  g_autofree char *key = g_strconcat (what, whose, NULL);
  guint wait = tl_rate_take (request->server->sign_ins, key);
  g_autofree char *seconds = g_strdup_printf ("%u", wait);

  if (wait == 0)
    return FALSE;
  tl_request_set_header (request, "Retry-After", seconds);
  return TRUE;
}

/* --- asking ------------------------------------------------------------------------------------ */

static void
write_letter (TlRequest *request, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row =
      ask (request, "forgotten", 1, (const char *const[]){ address }, &error);

  if (row == NULL ||
      (PQntuples (row) > 0 && !tl_delivery_add_letter (request->server, request->pg,
                                                       PQgetvalue (row, 0, 0), "reset", &error))) {
    tl_auth_unavailable (request, error);
    return;
  }
  request->status = 204;
}

void
tl_forgotten (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  g_autofree char *lower = NULL;
  const char *address;

  if (body == NULL)
    return;
  address = tl_auth_string (body, "address");
  if (!tl_email_channel.is_on (request->server->config)) {
    tl_auth_refuse (request, &no_mail);
    return;
  }
  if (address == NULL || !tl_smtp_is_address (address)) {
    tl_auth_refuse (request, &bad_address);
    return;
  }
  lower = g_ascii_strdown (address, -1);
  if (has_to_wait (request, "reset from ", request->address) ||
      has_to_wait (request, "reset of ", lower))
    tl_auth_refuse (request, &too_often);
  else if (request->pg == NULL)
    tl_auth_unavailable (request, NULL);
  else
    write_letter (request, address);
}

/* --- the link ---------------------------------------------------------------------------------- */

static void
show (TlRequest *request, guint status, const char *title, const char *text, gboolean has_form)
{
  const char *language = tl_page_language (request);
  g_autofree char *heading = tl_words (language, title, NULL);
  g_autofree char *sentence = tl_words (language, text, NULL);
  g_autofree char *label = tl_words (language, "password", NULL);
  g_autofree char *button = tl_words (language, "reset.link", NULL);
  g_autofree char *field =
      g_strdup_printf ("<label>%s <input type=\"password\" name=\"password\" minlength=\"8\" "
                       "autocomplete=\"new-password\" required></label>",
                       label);
  g_autofree char *form = tl_page_form (field, button);

  tl_page_answer (request, status, heading, sentence, has_form ? form : NULL);
}

static gboolean
hash_of (TlRequest *request, char hex[HASH_HEX])
{
  const char *token = tl_request_query (request, "token");
  guint8 hash[crypto_generichash_BYTES];

  if (token == NULL)
    return FALSE;
  crypto_generichash (hash, sizeof hash, (const guint8 *)token, strlen (token), NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
  return TRUE;
}

void
tl_forgotten_page (TlRequest *request)
{
  show (request, 200, "reset.link", "reset.page", TRUE);
}

/* The field of a form (application/x-www-form-urlencoded); NULL when there is none. */
static char *
field_of (TlRequest *request, const char *name)
{
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autofree char *text = g_strndup (size ? data : "", size);
  g_autoptr (GHashTable) fields = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

  return fields ? g_strdup (g_hash_table_lookup (fields, name)) : NULL;
}

static void
change (TlRequest *request, const char *hash, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hashed = tl_people_hash (password, &error);
  const char *args[] = { hash, hashed };
  g_autoptr (PGresult) row = hashed ? ask (request, "change-by-link", 2, args, &error) : NULL;

  if (row == NULL) {
    g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message,
               request->id);
    show (request, 503, "later.title", "later.text", FALSE);
  } else if (PQntuples (row) == 0) {
    show (request, 404, "bad.title", "bad.text", FALSE);
  } else {
    g_message ("Account %s has another password by a letter", PQgetvalue (row, 0, 0));
    tl_hub_committed (request->server->hub);
    show (request, 200, "reset.link", "reset.done", FALSE);
  }
}

void
tl_forgotten_change (TlRequest *request)
{
  g_autofree char *password = field_of (request, "password");
  gsize length = password ? strlen (password) : 0;
  char hash[HASH_HEX];

  if (request->pg == NULL || has_to_wait (request, "link from ", request->address))
    show (request, request->pg ? 429 : 503, "later.title", "later.text", FALSE);
  else if (!hash_of (request, hash))
    show (request, 404, "bad.title", "bad.text", FALSE);
  else if (length < TL_PASSWORD_MIN || length > TL_PASSWORD_MAX)
    show (request, 400, "reset.link", "reset.unfit", TRUE);
  else
    change (request, hash, password);
}
