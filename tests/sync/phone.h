/* phone.h: a device of a person for tests of sync/: the library itself on a folder of its own, synced when it is told
 * to, against a real server. */
#pragma once

#include "sync/engine.h"
#include "tests/fixtures/server.h"
#include "tests/sync/models.h"

#include <json-glib/json-glib.h>

typedef struct {
  char *dir;
  TlAccount account;
  TlSecrets *secrets;
  TlRemote *remote;
  TlReplica *replica;
  TlEngine *engine;
} Phone;

static inline const GValue *
phone_done (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (future, &error);

  g_assert_no_error (error);
  return value;
}

static inline void
phone_do (DexFuture *taken)
{
  g_autoptr (DexFuture) future = taken;

  phone_done (future);
}

static inline GError *
phone_fails (DexFuture *taken)
{
  g_autoptr (DexFuture) future = taken;
  GError *error = NULL;

  g_assert_null (fixture_await (future, &error));
  g_assert_nonnull (error);
  return error;
}

static inline void
phone_sync (Phone *self)
{
  phone_do (tl_engine_sync_once (self->engine));
}

/* Signed in and synced. */
static inline Phone *
phone_new_at (const char *url, const char *login)
{
  Phone *self = g_new0 (Phone, 1);
  g_autoptr (DexFuture) signing = NULL;
  JsonObject *person;

  self->dir = fixture_dir ();
  self->secrets = tl_secrets_new ();
  self->remote = tl_remote_new (url, NULL, self->secrets);
  signing = tl_remote_sign_in (self->remote, login, TL_TEST_PASSWORD, "test");
  person = g_value_get_boxed (phone_done (signing));
  self->account = (TlAccount){
    .dir = self->dir, .server = (char *)url, .login = (char *)login, .name = (char *)login
  };
  tl_id_parse (json_object_get_string_member (person, "accountId"), &self->account.key);
  self->replica = models_open (self->dir);
  self->engine = tl_engine_new (self->replica, self->remote, &self->account);
  phone_sync (self);
  return self;
}

static inline Phone *
phone_new (TlTestServer *server, const char *login)
{
  return phone_new_at (tl_test_server_url (server), login);
}

static inline void
phone_free (Phone *self)
{
  models_settle (self->replica);
  g_clear_object (&self->engine);
  tl_replica_close (self->replica);
  g_clear_object (&self->replica);
  g_clear_object (&self->remote);
  g_clear_object (&self->secrets);
  fixture_remove (self->dir);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Phone, phone_free)
