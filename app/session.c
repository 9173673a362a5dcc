/* session.c: the order in which things start and end: the engine stops before the replica closes. */
#include "app/session.h"

#include "sync/drafts.h"
#include "sync/opened.h"

#include <glib/gstdio.h>

#define PICTURES_AHEAD 200

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

static void
session_free (TlSession *self)
{
  g_clear_object (&self->preferences);
  if (self->device)
    g_signal_handlers_disconnect_by_data (self->device, self);
  g_clear_object (&self->device);
  g_clear_pointer (&self->media, tl_media_free);
  g_clear_object (&self->engine);
  if (self->replica)
    tl_replica_close (self->replica);
  g_clear_object (&self->replica);
  g_clear_object (&self->remote);
  g_clear_pointer (&self->account, tl_account_free);
  g_free (self);
}

/* What came is complete: its pictures are fetched so that they are there offline. */
static void
state_changed (TlEngine *engine, GParamSpec *spec, TlSession *self)
{
  if (tl_engine_state (engine) == TL_SYNC_SYNCED)
    dex_future_disown (tl_media_fetch_ahead (self->media, self->replica, PICTURES_AHEAD));
}

static guint64
cache_bytes (TlSession *self)
{
  int megabytes;

  g_object_get (self->device, "cache-megabytes", &megabytes, NULL);
  return (guint64)megabytes * 1024 * 1024;
}

static void
cache_changed (TlDevice *device, GParamSpec *spec, TlSession *self)
{
  tl_media_set_limit (self->media, cache_bytes (self));
}

TlSession *
tl_session_open (const TlAccount *account, TlRemote *remote, TlSecrets *secrets, GError **error)
{
  TlSession *self = g_new0 (TlSession, 1);
  g_autofree char *name = tl_account_id (account);
  g_autofree char *opened = g_build_filename (account->dir, TL_OPENED_FOLDER, NULL);

  self->account = tl_account_copy (account);
  self->remote = remote ? g_object_ref (remote) : tl_remote_new (account->server, name, secrets);
  self->replica = tl_replica_open (account->dir, error);
  if (self->replica == NULL) {
    session_free (self);
    return NULL;
  }
  self->engine = tl_engine_new (self->replica, self->remote, account);
  self->device = tl_device_new ();
  remove_folder (opened);
  self->media = tl_media_new (account->dir, self->remote, cache_bytes (self));
  self->preferences = tl_preferences_new (self->replica, account->key);
  g_signal_connect (self->device, "notify::cache-megabytes", G_CALLBACK (cache_changed), self);
  g_signal_connect (self->engine, "notify::state", G_CALLBACK (state_changed), self);
  dex_future_disown (tl_draft_share (self->replica, NULL)); /* what a crash left unshared */
  dex_future_disown (tl_engine_start (self->engine));
  return self;
}

static DexFuture *
stopped (DexFuture *future, gpointer data)
{
  session_free (data);
  return dex_future_new_for_boolean (TRUE);
}

DexFuture *
tl_session_close (TlSession *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  return dex_future_finally (tl_engine_stop (self->engine), stopped, self, NULL);
}

/* --- signing out -------------------------------------------------------------------------------- */

static DexFuture *
remove_closed (DexFuture *future, gpointer dir)
{
  remove_folder (dir);
  return dex_future_new_for_boolean (TRUE);
}

static DexFuture *
close_signed_out (DexFuture *future, gpointer self)
{
  return tl_session_close (self);
}

DexFuture *
tl_session_sign_out (TlSession *self, gboolean removes)
{
  g_autofree char *dir = g_strdup (self->account->dir);
  DexFuture *closed =
      dex_future_finally (tl_remote_sign_out (self->remote), close_signed_out, self, NULL);

  return removes ? dex_future_finally (closed, remove_closed, g_steal_pointer (&dir), g_free)
                 : closed;
}
