/* remote-people.c: the routes of docs/protocol.md, Joining, Letters, Keeping order, Sign-in (the second factor),
 * One's own data and Leaving, each in a
 * fiber. What is not as agreed is TL_REMOTE_ERROR_PROTOCOL. */
#include "sync/remote-people.h"

#include "sync/remote-private.h"
#include "sync/wire/field.h"

#define POLL_SECONDS 1

/* What is asked or sent, and the member that an answer must have (NULL: none is wanted). */
typedef struct {
  TlRemote *self;
  const char *method;
  char *path;
  const char *wanted;
  JsonObject *body;
  GType type;
  gboolean is_nobody; /* nobody is signed in */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_object_unref (order->self);
  g_free (order->path);
  g_clear_pointer (&order->body, json_object_unref);
  g_free (order);
}

static GBytes *
write_body (JsonObject *body)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);
  char *text = json_to_string (node, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

static JsonObject *
read_answer (GBytes *bytes, const Order *order)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonNode *root, *wanted = NULL;

  if (length == 0 || !json_parser_load_from_data (parser, text, (gssize)length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (JSON_NODE_HOLDS_OBJECT (root))
    wanted = json_object_get_member (json_node_get_object (root), order->wanted);
  return wanted && json_node_get_value_type (wanted) == order->type
             ? json_object_ref (json_node_get_object (root))
             : NULL;
}

static GBytes *
send (const Order *order, GError **error)
{
  g_autoptr (GBytes) body = order->body ? write_body (order->body) : NULL;
  g_autoptr (SoupMessage) message = NULL;

  if (!order->is_nobody)
    return tl_remote_authorized (order->self, order->method, order->path, NULL, body,
                                 TL_REMOTE_MAX_ANSWER, error);
  message = tl_remote_message (order->self, order->method, order->path, NULL, body, error);
  return message ? tl_remote_exchange (order->self, message, TL_REMOTE_MAX_ANSWER, error) : NULL;
}

static DexFuture *
order_fiber (gpointer data)
{
  Order *order = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = send (order, &error);
  JsonObject *answer;

  if (!bytes)
    return dex_future_new_for_error (error);
  if (!order->wanted)
    return dex_future_new_true ();
  answer = read_answer (bytes, order);
  if (answer)
    return dex_future_new_take_boxed (JSON_TYPE_OBJECT, answer);
  return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                                "The server's answer of %s cannot be read", order->path);
}

static DexFuture *
run (const Order *order)
{
  Order *copy = g_memdup2 (order, sizeof *order);

  g_object_ref (copy->self);
  copy->path = g_strdup (order->path);
  return dex_scheduler_spawn (NULL, 0, order_fiber, copy, order_free);
}

DexFuture *
tl_remote_invitations (TlRemote *self)
{
  return run (&(Order){ self, "GET", "/auth/invitations", "mayInvite", NULL, G_TYPE_BOOLEAN });
}

DexFuture *
tl_remote_invite (TlRemote *self, int uses, int days)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "uses", uses);
  json_object_set_int_member (body, "days", days);
  return run (&(Order){ self, "POST", "/auth/invitations", "link", body, G_TYPE_STRING });
}

DexFuture *
tl_remote_revoke_invitation (TlRemote *self, const char *id)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "id", id);
  return run (&(Order){ self, "POST", "/auth/invitations/revoke", NULL, body, G_TYPE_NONE });
}

/* --- one's own data, and leaving ---------------------------------------------------------------- */

static JsonObject *
with_password (const char *password)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "password", password);
  return body;
}

static DexFuture *
await_export_fiber (gpointer data)
{
  TlRemote *self = data;

  for (;;) {
    GError *error = NULL;
    g_autoptr (JsonObject) answer = dex_await_boxed (
        run (&(Order){ self, "GET", "/auth/export", "state", NULL, G_TYPE_STRING }), &error);
    const char *state = answer ? json_object_get_string_member (answer, "state") : NULL;
    const char *blob =
        answer ? json_object_get_string_member_with_default (answer, "blobId", NULL) : NULL;

    if (!answer)
      return dex_future_new_for_error (error);
    if (g_str_equal (state, "ready") && blob)
      return dex_future_new_take_string (g_strdup (blob));
    if (!g_str_equal (state, "working"))
      return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED,
                                    "The server could not make the archive");
    dex_await (dex_timeout_new_seconds (POLL_SECONDS), NULL);
  }
}

static DexFuture *
await_export (DexFuture *future, gpointer self)
{
  return dex_scheduler_spawn (NULL, 0, await_export_fiber, g_object_ref (self), g_object_unref);
}

DexFuture *
tl_remote_export (TlRemote *self, const char *password)
{
  DexFuture *asked = run (
      &(Order){ self, "POST", "/auth/export", "state", with_password (password), G_TYPE_STRING });

  return dex_future_then (asked, await_export, g_object_ref (self), g_object_unref);
}

DexFuture *
tl_remote_delete_account (TlRemote *self, const char *password)
{
  return run (
      &(Order){ self, "POST", "/auth/delete", NULL, with_password (password), G_TYPE_NONE });
}

/* --- the second factor -------------------------------------------------------------------------- */

DexFuture *
tl_remote_factor (TlRemote *self)
{
  return run (&(Order){ self, "GET", "/auth/totp", "isOn", NULL, G_TYPE_BOOLEAN });
}

DexFuture *
tl_remote_begin_factor (TlRemote *self, const char *password)
{
  return run (
      &(Order){ self, "POST", "/auth/totp", "secret", with_password (password), G_TYPE_STRING });
}

DexFuture *
tl_remote_confirm_factor (TlRemote *self, const char *code)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "code", code);
  return run (
      &(Order){ self, "POST", "/auth/totp/confirm", "recoveryCodes", body, JSON_TYPE_ARRAY });
}

DexFuture *
tl_remote_end_factor (TlRemote *self, const char *password, const char *code)
{
  JsonObject *body = with_password (password);

  json_object_set_string_member (body, "code", code);
  return run (&(Order){ self, "POST", "/auth/totp/off", NULL, body, G_TYPE_NONE });
}

/* --- keeping order ------------------------------------------------------------------------------ */

DexFuture *
tl_remote_person (TlRemote *self, gint64 person)
{
  char id[TL_ID_MAX];
  g_autofree char *path = g_strconcat ("/auth/people/", tl_id_format (person, id), NULL);

  return run (&(Order){ self, "GET", path, "role", NULL, G_TYPE_STRING });
}

DexFuture *
tl_remote_order (TlRemote *self, const char *deed, gint64 person)
{
  char id[TL_ID_MAX];
  g_autofree char *path = g_strconcat ("/auth/people/", deed, NULL);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "id", tl_id_format (person, id));
  return run (&(Order){ self, "POST", path, NULL, body, G_TYPE_NONE });
}

/* --- letters ------------------------------------------------------------------------------------ */

DexFuture *
tl_remote_address (TlRemote *self)
{
  return run (&(Order){ self, "GET", "/auth/email", "isConfirmed", NULL, G_TYPE_BOOLEAN });
}

DexFuture *
tl_remote_set_address (TlRemote *self, const char *address, const char *password)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "address", address);
  json_object_set_string_member (body, "password", password);
  json_object_set_string_member (body, "language", g_get_language_names ()[0]);
  return run (&(Order){ self, "POST", "/auth/email", "isConfirmed", body, G_TYPE_BOOLEAN });
}

DexFuture *
tl_remote_forgotten (TlRemote *self, const char *address)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "address", address);
  return run (&(Order){ self, "POST", "/auth/reset", NULL, body, G_TYPE_NONE, TRUE });
}
