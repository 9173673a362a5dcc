/* secrets.c: libsecret behind futures; main thread. */
#include "sync/secrets.h"

#include <libsecret/secret.h>

struct _TlSecrets {
  GObject parent;
  GHashTable *memory; /* what the secret service would not take */
  gboolean is_persistent;
};

enum { PROP_PERSISTENT = 1 };

G_DEFINE_FINAL_TYPE (TlSecrets, tl_secrets, G_TYPE_OBJECT)

static const SecretSchema schema = {
  "org.tideline.Tideline",
  SECRET_SCHEMA_NONE,
  { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

typedef struct {
  TlSecrets *self;
  DexPromise *promise;
  char *account;
  char *token;
} Request;

static Request *
request_new (TlSecrets *self, const char *account, const char *token)
{
  Request *request = g_new0 (Request, 1);

  request->self = g_object_ref (self);
  request->promise = dex_promise_new ();
  request->account = g_strdup (account);
  request->token = g_strdup (token);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  dex_unref (request->promise);
  g_free (request->account);
  if (request->token)
    secret_password_free (g_steal_pointer (&request->token));
  g_free (request);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
tl_secrets_finalize (GObject *object)
{
  TlSecrets *self = TL_SECRETS (object);

  g_hash_table_unref (self->memory);
  G_OBJECT_CLASS (tl_secrets_parent_class)->finalize (object);
}

static void
tl_secrets_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, TL_SECRETS (object)->is_persistent);
}

static void
tl_secrets_class_init (TlSecretsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = tl_secrets_finalize;
  object_class->get_property = tl_secrets_get_property;
  g_object_class_install_property (
      object_class, PROP_PERSISTENT,
      g_param_spec_boolean ("persistent", NULL, NULL, TRUE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
tl_secrets_init (TlSecrets *self)
{
  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->is_persistent = TRUE;
}

TlSecrets *
tl_secrets_new (void)
{
  return g_object_new (TL_TYPE_SECRETS, NULL);
}

gboolean
tl_secrets_is_persistent (TlSecrets *self)
{
  return self->is_persistent;
}

static void
set_persistent (TlSecrets *self, gboolean is_persistent, GError *error)
{
  if (self->is_persistent == is_persistent)
    return;
  if (error)
    g_warning ("The secret service does not answer; the session stays in memory: %s",
               error->message);
  self->is_persistent = is_persistent;
  g_object_notify (G_OBJECT (self), "persistent");
}

static void
stored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  g_autoptr (GError) error = NULL;
  gboolean is_stored = secret_password_store_finish (result, &error);

  set_persistent (request->self, is_stored, error);
  if (is_stored)
    g_hash_table_remove (request->self->memory, request->account);
  dex_promise_resolve_boolean (request->promise, TRUE);
}

static void
cleared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;

  secret_password_clear_finish (result, NULL);
  dex_promise_resolve_boolean (request->promise, TRUE);
}

DexFuture *
tl_secrets_store (TlSecrets *self, const char *account, const char *token)
{
  Request *request = request_new (self, account, NULL);
  DexFuture *future = dex_ref (DEX_FUTURE (request->promise));
  g_autofree char *label = g_strdup_printf ("Tideline: %s", account);

  if (token == NULL) {
    g_hash_table_remove (self->memory, account);
    secret_password_clear (&schema, NULL, cleared, request, "account", account, NULL);
    return future;
  }
  /* Kept in memory too until the service has it, so that a slow one loses nothing. */
  g_hash_table_replace (self->memory, g_strdup (account), g_strdup (token));
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, token, NULL, stored, request,
                         "account", account, NULL);
  return future;
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  g_autoptr (GError) error = NULL;

  request->token = secret_password_lookup_finish (result, &error);
  if (error)
    set_persistent (request->self, FALSE, error);
  if (request->token)
    dex_promise_resolve_string (request->promise, g_strdup (request->token));
  else
    dex_promise_reject (request->promise,
                        g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No session is kept for %s",
                                     request->account));
}

DexFuture *
tl_secrets_look_up (TlSecrets *self, const char *account)
{
  const char *token = g_hash_table_lookup (self->memory, account);
  Request *request;
  DexFuture *future;

  if (token)
    return dex_future_new_for_string (token);
  request = request_new (self, account, NULL);
  future = dex_ref (DEX_FUTURE (request->promise));
  secret_password_lookup (&schema, NULL, looked_up, request, "account", account, NULL);
  return future;
}
