/* remote.c: requests to the server with the session's tokens. Main context.
 *
 * Fibers here only await and look at statuses; one refresh is in flight at a time, whoever needs a
 * token meanwhile awaits the same one. */
#include "sync/remote-private.h"

#include "sync/wire/types.h"

#include <string.h>

#define TIMEOUT_SECONDS 30
#define STORE_SECONDS 3
#define SENTENCE_MAX 300
/* An access token this close to its end is renewed first. */
#define TOKEN_MARGIN (30 * G_USEC_PER_SEC)
#define TOKEN_MAX_SECONDS (365 * 24 * 60 * 60)

G_DEFINE_QUARK (tl - remote - error - quark, tl_remote_error)

G_DEFINE_FINAL_TYPE (TlRemote, tl_remote, G_TYPE_OBJECT)

static void
tl_remote_finalize (GObject *object)
{
  TlRemote *self = TL_REMOTE (object);

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_free (self->server);
  g_free (self->account);
  g_free (self->access_token);
  g_free (self->account_id);
  g_free (self->step_token);
  g_object_unref (self->secrets);
  dex_clear (&self->refreshing);
  dex_clear (&self->hung_up);
  G_OBJECT_CLASS (tl_remote_parent_class)->finalize (object);
}

static void
tl_remote_class_init (TlRemoteClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_remote_finalize;
}

static void
tl_remote_init (TlRemote *self)
{
  self->session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, "idle-timeout", 60,
                                                 "user-agent", "Tideline/0.1 ", NULL);
}

TlRemote *
tl_remote_new (const char *server, const char *account, TlSecrets *secrets)
{
  TlRemote *self = g_object_new (TL_TYPE_REMOTE, NULL);

  self->server = g_strdup (server);
  while (g_str_has_suffix (self->server, "/"))
    self->server[strlen (self->server) - 1] = '\0';
  self->account = g_strdup (account);
  self->secrets = g_object_ref (secrets);
  return self;
}

/* --- errors --------------------------------------------------------------------------------- */

GError *
tl_remote_transport_error (TlRemote *self, const GError *cause)
{
  if (cause->domain == TL_REMOTE_ERROR)
    return g_error_copy (cause);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return g_error_new_literal (TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL, cause->message);
  return g_error_new (TL_REMOTE_ERROR, TL_REMOTE_ERROR_OFFLINE, "%s cannot be reached: %s",
                      self->server, cause->message);
}

char *
tl_remote_said (const char *text)
{
  return g_utf8_truncate_middle (text, SENTENCE_MAX);
}

JsonObject *
tl_remote_parse (GBytes *body)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (length == 0 || !json_parser_load_from_data (parser, text, (gssize)length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root))
                                               : NULL;
}

/* What the answer says went wrong: {"message"} of sign-in, {"detail"} of problem details. */
static char *
sentence_of (GBytes *body, guint status)
{
  g_autoptr (JsonObject) object = tl_remote_parse (body);
  const char *text = NULL;

  if (object) {
    text = json_object_get_string_member_with_default (object, "message", NULL);
    if (text == NULL)
      text = json_object_get_string_member_with_default (object, "detail", NULL);
  }
  if (text)
    return tl_remote_said (text);
  if (status >= 300 && status < 400)
    return g_strdup_printf ("The server leads elsewhere (status %u)", status);
  return g_strdup_printf ("The server answered with status %u", status);
}

/* The problem `limit` by what it limits; NULL: another. */
static char *
limit_of (GBytes *body)
{
  g_autoptr (JsonObject) object = tl_remote_parse (body);
  const char *type =
      object ? json_object_get_string_member_with_default (object, "type", NULL) : NULL;

  if (g_strcmp0 (type, "urn:ietf:params:jmap:error:limit") != 0)
    return NULL;
  return g_strdup (json_object_get_string_member_with_default (object, "limit", ""));
}

/* The token for the second step of a sign-in; NULL: this is something else. */
static char *
step_token_of (GBytes *body)
{
  g_autoptr (JsonObject) object = tl_remote_parse (body);
  const char *code =
      object ? json_object_get_string_member_with_default (object, "error", NULL) : NULL;

  if (g_strcmp0 (code, "code_needed") != 0)
    return NULL;
  return g_strdup (json_object_get_string_member_with_default (object, "token", NULL));
}

static GError *
status_error (TlRemote *self, guint status, GBytes *body)
{
  g_autofree char *sentence = sentence_of (body, status);
  g_autofree char *limit = limit_of (body);
  g_autofree char *step = step_token_of (body);
  TlRemoteError code = TL_REMOTE_ERROR_REFUSED;

  if (step) {
    g_set_str (&self->step_token, step);
    code = TL_REMOTE_ERROR_CODE;
  } else if (status == 413 ||
             (limit && status == 400 && !g_str_equal (limit, "maxConcurrentRequests"))) {
    code = TL_REMOTE_ERROR_TOO_LARGE;
  } else if (limit) {
    code = TL_REMOTE_ERROR_BUSY;
  } else if (status == 401) {
    code = TL_REMOTE_ERROR_SIGN_IN;
  } else if (status == 429 || status == 502 || status == 503 || status == 504 || status == 507) {
    code = TL_REMOTE_ERROR_BUSY;
  } else if (status < 400 || status == 400 || status >= 500) {
    code = TL_REMOTE_ERROR_PROTOCOL;
  }
  return g_error_new_literal (TL_REMOTE_ERROR, code, sentence);
}

/* --- one exchange ---------------------------------------------------------------------------- */

SoupMessage *
tl_remote_message (TlRemote *self, const char *method, const char *path, const char *type,
                   GBytes *body, GError **error)
{
  g_autofree char *address = g_strconcat (self->server, path, NULL);
  g_autofree char *scheme = g_uri_parse_scheme (address);
  SoupMessage *message = g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "https") == 0
                             ? soup_message_new (method, address)
                             : NULL;

  if (message == NULL) {
    g_set_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED,
                 "“%s” is not the address of a server", self->server);
    return NULL;
  }
  /* What is said to one server is not said to another; but a file may lie elsewhere, where libsoup asks for it
   * without saying who asks. */
  if (!g_str_has_prefix (path, TL_REMOTE_DOWNLOADS))
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (body)
    soup_message_set_request_body_from_bytes (message, type ? type : "application/json", body);
  return message;
}

/* In a fiber: the body of a 200, or an error of TL_REMOTE_ERROR. */
GBytes *
tl_remote_exchange (TlRemote *self, SoupMessage *message, gsize max_bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) body =
      dex_await_boxed (tl_http_send (self->session, message, max_bytes), &cause);
  guint status;

  if (body == NULL) {
    g_propagate_error (error, tl_remote_transport_error (self, cause));
    return NULL;
  }
  status = soup_message_get_status (message);
  if (status != 200 && status != 201 && status != 202 && status != 204) {
    g_propagate_error (error, status_error (self, status, body));
    return NULL;
  }
  return g_steal_pointer (&body);
}

static GBytes *
json_bytes (const char *first, ...)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;
  va_list args;

  json_builder_begin_object (builder);
  va_start (args, first);
  for (const char *name = first; name; name = va_arg (args, const char *)) {
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, va_arg (args, const char *));
  }
  va_end (args);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/* --- sign-in --------------------------------------------------------------------------------- */

typedef struct {
  TlRemote *self;
  char *path;
  char *login;
  char *password;
  char *device;
  char *name, *invitation; /* of who joins */
  char *code;              /* of the second step */
  GBytes *body;
  gsize max_bytes;
} Call;

static Call *
call_new (TlRemote *self)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->self);
  g_free (call->path);
  g_free (call->login);
  if (call->password)
    memset (call->password, 0, strlen (call->password));
  g_free (call->password);
  g_free (call->device);
  g_free (call->name);
  g_free (call->invitation);
  g_free (call->code);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call);
}

static char *
secret_name (TlRemote *self, const char *login)
{
  g_autoptr (GUri) uri = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  int port = uri ? g_uri_get_port (uri) : -1;

  if (port > 0)
    return g_strdup_printf ("%s@%s:%d", login, g_uri_get_host (uri), port);
  return g_strdup_printf ("%s@%s", login, uri ? g_uri_get_host (uri) : self->server);
}

/* Takes the tokens out of a sign-in's or refresh's answer. */
static gboolean
take_tokens (TlRemote *self, JsonObject *answer, GError **error)
{
  const char *access, *refresh;
  gint64 seconds;

  access = answer ? json_object_get_string_member_with_default (answer, "accessToken", NULL) : NULL;
  refresh =
      answer ? json_object_get_string_member_with_default (answer, "refreshToken", NULL) : NULL;
  if (access == NULL || refresh == NULL) {
    g_set_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                 "%s does not answer like a Tideline server", self->server);
    return FALSE;
  }
  g_set_str (&self->access_token, access);
  seconds = json_object_get_int_member_with_default (answer, "expiresIn", 60);
  self->access_until =
      g_get_monotonic_time () + CLAMP (seconds, 0, TOKEN_MAX_SECONDS) * G_USEC_PER_SEC;
  g_set_str (&self->account_id,
             json_object_get_string_member_with_default (answer, "accountId", NULL));
  /* It is in memory at once; a keyring that asks somebody for a password holds nothing up for long. */
  dex_await (dex_future_first (tl_secrets_store (self->secrets, self->account, refresh),
                               dex_timeout_new_seconds (STORE_SECONDS), NULL),
             NULL);
  json_object_remove_member (answer, "accessToken");
  json_object_remove_member (answer, "refreshToken");
  return TRUE;
}

JsonObject *
tl_remote_begin_session (TlRemote *self, JsonObject *answer, GError **error)
{
  const char *login =
      answer ? json_object_get_string_member_with_default (answer, "login", NULL) : NULL;

  if (login) {
    g_free (self->account);
    self->account = secret_name (self, login);
  }
  return take_tokens (self, login ? answer : NULL, error) ? json_object_ref (answer) : NULL;
}

static GBytes *
sign_in_body (const Call *call)
{
  if (call->code)
    return json_bytes ("token", call->self->step_token ?: "", "code", call->code, "device",
                       call->device, NULL);
  if (call->invitation)
    return json_bytes ("login", call->login, "name", call->name, "password", call->password,
                       "invitation", call->invitation, "device", call->device, NULL);
  return json_bytes ("login", call->login, "password", call->password, "device", call->device,
                     NULL);
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  Call *call = data;
  TlRemote *self = call->self;
  GError *error = NULL;
  g_autoptr (GBytes) body = sign_in_body (call);
  g_autoptr (SoupMessage) message =
      tl_remote_message (self, "POST", call->path, NULL, body, &error);
  g_autoptr (GBytes) answer =
      message ? tl_remote_exchange (self, message, TL_REMOTE_MAX_ANSWER, &error) : NULL;
  g_autoptr (JsonObject) object = answer ? tl_remote_parse (answer) : NULL;
  JsonObject *account = answer ? tl_remote_begin_session (self, object, &error) : NULL;

  return account ? dex_future_new_take_boxed (JSON_TYPE_OBJECT, account)
                 : dex_future_new_for_error (error);
}

DexFuture *
tl_remote_sign_in (TlRemote *self, const char *login, const char *password, const char *device)
{
  Call *call = call_new (self);

  call->login = g_strdup (login);
  call->path = g_strdup ("/auth/login");
  call->password = g_strdup (password);
  call->device = g_strdup (device);
  return dex_scheduler_spawn (NULL, 0, sign_in_fiber, call, call_free);
}

DexFuture *
tl_remote_sign_in_code (TlRemote *self, const char *login, const char *code, const char *device)
{
  Call *call = call_new (self);

  call->login = g_strdup (login);
  call->path = g_strdup ("/auth/login/code");
  call->code = g_strdup (code);
  call->device = g_strdup (device);
  return dex_scheduler_spawn (NULL, 0, sign_in_fiber, call, call_free);
}

DexFuture *
tl_remote_join (TlRemote *self, const char *login, const char *name, const char *password,
                const char *invitation, const char *device)
{
  Call *call = call_new (self);

  call->login = g_strdup (login);
  call->name = g_strdup (name);
  call->password = g_strdup (password);
  call->path = g_strdup ("/auth/register");
  call->invitation = g_strdup (invitation);
  call->device = g_strdup (device);
  return dex_scheduler_spawn (NULL, 0, sign_in_fiber, call, call_free);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  TlRemote *self = TL_REMOTE (data);
  GError *error = NULL;
  g_autofree char *token =
      dex_await_string (tl_secrets_look_up (self->secrets, self->account), &error);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (JsonObject) account = NULL;

  if (token == NULL) {
    g_clear_error (&error);
    return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_SIGN_IN,
                                  "Please sign in again: no session is kept on this computer");
  }
  body = json_bytes ("refreshToken", token, NULL);
  message = tl_remote_message (self, "POST", "/auth/refresh", NULL, body, &error);
  answer = message ? tl_remote_exchange (self, message, TL_REMOTE_MAX_ANSWER, &error) : NULL;
  account = answer ? tl_remote_parse (answer) : NULL;
  return answer && take_tokens (self, account, &error) ? dex_future_new_for_boolean (TRUE)
                                                       : dex_future_new_for_error (error);
}

/* In a fiber: FALSE when there is no usable access token. */
gboolean
tl_remote_ensure_token (TlRemote *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean is_fresh;
  DexFuture *refreshing;

  if (self->access_token && g_get_monotonic_time () < self->access_until - TOKEN_MARGIN)
    return TRUE;
  if (self->refreshing == NULL)
    self->refreshing =
        dex_scheduler_spawn (NULL, 0, refresh_fiber, g_object_ref (self), g_object_unref);
  refreshing = self->refreshing;
  is_fresh = dex_await (dex_ref (refreshing), &cause);
  if (self->refreshing == refreshing)
    dex_clear (&self->refreshing);
  if (!is_fresh)
    g_propagate_error (error, g_steal_pointer (&cause));
  return is_fresh;
}

void
tl_remote_authorize (TlRemote *self, SoupMessage *message)
{
  g_autofree char *value = g_strconcat ("Bearer ", self->access_token, NULL);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
}

/* In a fiber: an authorised exchange; a token that the server no longer takes is renewed once. */
GBytes *
tl_remote_authorized (TlRemote *self, const char *method, const char *path, const char *type,
                      GBytes *body, gsize max_bytes, GError **error)
{
  for (guint try = 0;; try++) {
    g_autoptr (SoupMessage) message = NULL;
    g_autoptr (GError) cause = NULL;
    GBytes *answer;

    if (!tl_remote_ensure_token (self, error))
      return NULL;
    message = tl_remote_message (self, method, path, type, body, error);
    if (message == NULL)
      return NULL;
    tl_remote_authorize (self, message);
    answer = tl_remote_exchange (self, message, max_bytes, &cause);
    if (answer)
      return answer;
    if (try > 0 || !g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_SIGN_IN)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
    self->access_until = 0;
  }
}

static DexFuture *
sign_out_fiber (gpointer data)
{
  TlRemote *self = TL_REMOTE (data);
  g_autofree char *token =
      dex_await_string (tl_secrets_look_up (self->secrets, self->account), NULL);

  if (token) {
    g_autoptr (GBytes) body = json_bytes ("refreshToken", token, NULL);
    g_autoptr (SoupMessage) message =
        tl_remote_message (self, "POST", "/auth/logout", NULL, body, NULL);
    g_autoptr (GBytes) answer =
        message ? tl_remote_exchange (self, message, TL_REMOTE_MAX_ANSWER, NULL) : NULL;
  }
  g_clear_pointer (&self->access_token, g_free);
  return tl_secrets_store (self->secrets, self->account, NULL);
}

DexFuture *
tl_remote_sign_out (TlRemote *self)
{
  return dex_scheduler_spawn (NULL, 0, sign_out_fiber, g_object_ref (self), g_object_unref);
}

/* --- requests -------------------------------------------------------------------------------- */

static DexFuture *
probe_fiber (gpointer data)
{
  TlRemote *self = TL_REMOTE (data);
  GError *error = NULL;
  g_autoptr (SoupMessage) message =
      tl_remote_message (self, "GET", "/auth/server", NULL, NULL, &error);
  g_autoptr (GBytes) answer =
      message ? tl_remote_exchange (self, message, TL_REMOTE_MAX_ANSWER, &error) : NULL;
  g_autoptr (JsonObject) object = answer ? tl_remote_parse (answer) : NULL;
  const char *name =
      object ? json_object_get_string_member_with_default (object, "tideline", NULL) : NULL;

  if (error)
    return dex_future_new_for_error (error);
  if (name == NULL)
    return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                                  "%s is not a Tideline server", self->server);
  return dex_future_new_for_string (name);
}

DexFuture *
tl_remote_probe (TlRemote *self)
{
  return dex_scheduler_spawn (NULL, 0, probe_fiber, g_object_ref (self), g_object_unref);
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  GError *error = NULL;
  GBytes *answer = tl_remote_authorized (call->self, "POST", "/jmap/api", NULL, call->body,
                                         TL_REMOTE_MAX_ANSWER, &error);

  return answer ? dex_future_new_take_boxed (G_TYPE_BYTES, answer)
                : dex_future_new_for_error (error);
}

DexFuture *
tl_remote_call (TlRemote *self, JsonNode *calls)
{
  Call *call = call_new (self);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) request = json_object_new ();
  JsonArray *capabilities = json_array_new ();
  char *text;

  json_array_add_string_element (capabilities, TL_CAP_CORE);
  for (guint i = 0; tl_capabilities[i]; i++)
    json_array_add_string_element (capabilities, tl_capabilities[i]);
  json_object_set_array_member (request, "using", capabilities);
  json_object_set_member (request, "methodCalls", calls);
  json_node_set_object (root, request);
  text = json_to_string (root, FALSE);
  call->body = g_bytes_new_take (text, strlen (text));
  return dex_scheduler_spawn (NULL, 0, call_fiber, call, call_free);
}
