/* browser-sign-in.c: one fiber: where is the page, listen, open it, wait, ask for the tokens.
 *
 * What comes to the loopback may be from anybody on this computer: only an answer with the right state is one. */
#include "sync/browser-sign-in.h"

#include "sync/remote-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/random.h>

#define ABOUT "/.well-known/oauth-authorization-server"
#define CLIENT "tideline"
#define BACK "/signed-in"
#define FORM "application/x-www-form-urlencoded"
#define WAIT_SECONDS 600
#define SECRET_BYTES 32
#define MAX_ANSWER (64 * 1024)

typedef struct {
  TlRemote *remote;
  char *device;
  DexFuture *cancel;
  void (*open) (const char *address, gpointer data);
  gpointer data;
  GDestroyNotify data_free;

  char *page, *tokens; /* where, from the server's own address on */
  char *verifier, *state, *back;
  SoupServer *listener;
  DexPromise *came; /* of the code (char *) */
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  if (self->listener)
    soup_server_disconnect (self->listener);
  g_clear_object (&self->listener);
  g_object_unref (self->remote);
  dex_clear (&self->cancel);
  dex_clear (&self->came);
  self->data_free (self->data);
  g_free (self->device);
  g_free (self->page);
  g_free (self->tokens);
  g_free (self->verifier);
  g_free (self->state);
  g_free (self->back);
  g_free (self);
}

/* --- words ------------------------------------------------------------------------------------- */

/* base64url without padding (RFC 4648, 5). */
static char *
encode (const guint8 *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  text[strcspn (text, "=")] = '\0';
  return g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
}

static char *
make_secret (void)
{
  guint8 bytes[SECRET_BYTES];

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("There is no randomness: %s", g_strerror (errno));
  return encode (bytes, sizeof bytes);
}

static char *
challenge_of (const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 hash[SECRET_BYTES];
  gsize length = sizeof hash;

  g_checksum_update (sum, (const guchar *)verifier, -1);
  g_checksum_get_digest (sum, hash, &length);
  return encode (hash, length);
}

static char *
form_of (const char *first, ...)
{
  GString *form = g_string_new (NULL);
  va_list args;

  va_start (args, first);
  for (const char *name = first; name; name = va_arg (args, const char *)) {
    g_string_append_printf (form, "%s%s=", form->len ? "&" : "", name);
    g_string_append_uri_escaped (form, va_arg (args, const char *), NULL, FALSE);
  }
  va_end (args);
  return g_string_free (form, FALSE);
}

/* --- where it is ------------------------------------------------------------------------------- */

/* A path on the server itself: it sends nobody's password elsewhere. */
static char *
path_of (SignIn *self, JsonObject *about, const char *name)
{
  const char *server = self->remote->server;
  const char *address = json_object_get_string_member_with_default (about, name, "");

  return g_str_has_prefix (address, server) && address[strlen (server)] == '/'
             ? g_strdup (address + strlen (server))
             : NULL;
}

/* In a fiber. */
static gboolean
look_up (SignIn *self, GError **error)
{
  g_autoptr (SoupMessage) message =
      tl_remote_message (self->remote, "GET", ABOUT, NULL, NULL, error);
  g_autoptr (GBytes) answer =
      message ? tl_remote_exchange (self->remote, message, MAX_ANSWER, error) : NULL;
  g_autoptr (JsonObject) about = answer ? tl_remote_parse (answer) : NULL;
  const char *issuer =
      about ? json_object_get_string_member_with_default (about, "issuer", "") : "";

  if (answer == NULL)
    return FALSE;
  if (!g_str_equal (issuer, self->remote->server)) {
    g_set_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED,
                 _ ("This server is “%s” to browsers: use that address."), issuer);
    return FALSE;
  }
  self->page = path_of (self, about, "authorization_endpoint");
  self->tokens = path_of (self, about, "token_endpoint");
  if (self->page && self->tokens)
    return TRUE;
  g_set_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
               "%s does not say where its sign-in page is", self->remote->server);
  return FALSE;
}

/* --- what comes back --------------------------------------------------------------------------- */

static void
answer_page (SoupServerMessage *message, guint status, const char *sentence)
{
  g_autofree char *html = g_markup_printf_escaped (
      "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>Tideline</title><style>:root{color-scheme:light dark}body{font:1.2em sans-serif;"
      "max-width:28em;margin:4em auto;padding:0 1em}</style><p>%s</p>",
      sentence);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, html,
                                    strlen (html));
}

typedef struct {
  DexPromise *came;
  char *code; /* NULL: the person said no */
} Answer;

static void
answer_free (gpointer data, GClosure *closure)
{
  Answer *answer = data;

  dex_unref (answer->came);
  g_free (answer->code);
  g_free (answer);
}

/* The browser has its page by now. */
static void
answered (SoupServerMessage *message, gpointer data)
{
  Answer *answer = data;

  if (!dex_future_is_pending (DEX_FUTURE (answer->came)))
    return;
  if (answer->code)
    dex_promise_resolve_string (answer->came, g_strdup (answer->code));
  else
    dex_promise_reject (answer->came, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                                           _ ("Nobody was signed in.")));
}

static void
visited (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer data)
{
  SignIn *self = data;
  const char *state = query ? g_hash_table_lookup (query, "state") : NULL;
  const char *issuer = query ? g_hash_table_lookup (query, "iss") : NULL;
  const char *code = query ? g_hash_table_lookup (query, "code") : NULL;
  Answer *answer;

  if (!g_str_equal (path, BACK) || g_strcmp0 (state, self->state) != 0 ||
      g_strcmp0 (issuer, self->remote->server) != 0) {
    answer_page (message, 404, _ ("There is nothing here."));
    return;
  }
  answer_page (message, 200,
               code ? _ ("You are signed in. This page can be closed; Tideline goes on.")
                    : _ ("Nobody was signed in. This page can be closed."));
  answer = g_new (Answer, 1);
  *answer = (Answer){ dex_ref (self->came), g_strdup (code) };
  g_signal_connect_data (message, "finished", G_CALLBACK (answered), answer, answer_free, 0);
}

static gboolean
listen_for_it (SignIn *self, GError **error)
{
  GSList *addresses;

  self->listener = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (self->listener, NULL, visited, self, NULL);
  if (!soup_server_listen_local (self->listener, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  addresses = soup_server_get_uris (self->listener);
  self->back =
      g_strdup_printf ("http://127.0.0.1:%d" BACK, g_uri_get_port ((GUri *)addresses->data));
  g_slist_free_full (addresses, (GDestroyNotify)g_uri_unref);
  return TRUE;
}

/* --- the way ----------------------------------------------------------------------------------- */

static void
open_page (SignIn *self)
{
  g_autofree char *challenge = challenge_of (self->verifier);
  g_autofree char *query = form_of ("response_type", "code", "client_id", CLIENT, "redirect_uri",
                                    self->back, "code_challenge", challenge,
                                    "code_challenge_method", "S256", "state", self->state, NULL);
  g_autofree char *address = g_strconcat (self->remote->server, self->page, "?", query, NULL);

  self->open (address, self->data);
}

/* In a fiber: the answer of the token endpoint in the words of a sign-in. */
static JsonObject *
ask_tokens (SignIn *self, const char *code, GError **error)
{
  static const char *const names[][2] = {
    { "access_token", "accessToken" },
    { "refresh_token", "refreshToken" },
    { "expires_in", "expiresIn" },
  };
  g_autofree char *form =
      form_of ("grant_type", "authorization_code", "client_id", CLIENT, "redirect_uri", self->back,
               "code_verifier", self->verifier, "code", code, "device", self->device, NULL);
  g_autoptr (GBytes) body = g_bytes_new (form, strlen (form));
  g_autoptr (SoupMessage) message =
      tl_remote_message (self->remote, "POST", self->tokens, FORM, body, error);
  g_autoptr (GBytes) answer =
      message ? tl_remote_exchange (self->remote, message, MAX_ANSWER, error) : NULL;
  g_autoptr (JsonObject) object = answer ? tl_remote_parse (answer) : NULL;

  for (guint i = 0; object && i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (object, names[i][0])) {
      json_object_set_member (object, names[i][1], json_object_dup_member (object, names[i][0]));
      json_object_remove_member (object, names[i][0]);
    }
  return answer ? tl_remote_begin_session (self->remote, object, error) : NULL;
}

/* In a fiber. */
static char *
await_code (SignIn *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  char *code =
      dex_await_string (dex_future_first (dex_ref (DEX_FUTURE (self->came)), dex_ref (self->cancel),
                                          dex_timeout_new_seconds (WAIT_SECONDS), NULL),
                        &cause);

  if (code == NULL && g_error_matches (cause, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         _ ("The browser did not come back."));
  else if (code == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return code;
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  SignIn *self = data;
  GError *error = NULL;
  g_autofree char *code = NULL;
  JsonObject *account = NULL;

  self->verifier = make_secret ();
  self->state = make_secret ();
  if (look_up (self, &error) && listen_for_it (self, &error)) {
    open_page (self);
    code = await_code (self, &error);
    account = code ? ask_tokens (self, code, &error) : NULL;
  }
  return account ? dex_future_new_take_boxed (JSON_TYPE_OBJECT, account)
                 : dex_future_new_for_error (error);
}

DexFuture *
tl_browser_sign_in (TlRemote *remote, const char *device, DexCancellable *cancel,
                    void (*open) (const char *address, gpointer data), gpointer data,
                    GDestroyNotify data_free)
{
  SignIn *self = g_new0 (SignIn, 1);

  self->remote = g_object_ref (remote);
  self->device = g_strdup (device);
  self->cancel = dex_ref (DEX_FUTURE (cancel));
  self->open = open;
  self->data = data;
  self->data_free = data_free;
  self->came = dex_promise_new ();
  return dex_scheduler_spawn (NULL, 0, sign_in_fiber, self, sign_in_free);
}
