/* account.c: account folders. Everything here is small files; any thread. */
#include "sync/account.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sys/file.h>
#include <unistd.h>

#define ACCOUNT_FILE "account.json"
#define LAST_FILE "last-account"
#define SIGNED_OUT "signedOut"

static char *
accounts_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "tideline", NULL);
}

void
tl_account_free (TlAccount *self)
{
  g_free (self->dir);
  g_free (self->server);
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

TlAccount *
tl_account_copy (const TlAccount *self)
{
  TlAccount *copy = g_new0 (TlAccount, 1);

  copy->dir = g_strdup (self->dir);
  copy->server = g_strdup (self->server);
  copy->login = g_strdup (self->login);
  copy->name = g_strdup (self->name);
  copy->key = self->key;
  return copy;
}

/* `is_signed_out`: has nobody signed in to it since? */
static TlAccount *
account_read (const char *dir, gboolean *is_signed_out)
{
  g_autofree char *path = g_build_filename (dir, ACCOUNT_FILE, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonObject *object;
  g_autoptr (TlAccount) self = g_new0 (TlAccount, 1);

  if (!json_parser_load_from_file (parser, path, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  self->dir = g_strdup (dir);
  self->server = g_strdup (json_object_get_string_member_with_default (object, "server", NULL));
  self->login = g_strdup (json_object_get_string_member_with_default (object, "login", NULL));
  self->name = g_strdup (json_object_get_string_member_with_default (object, "name", self->login));
  self->key = json_object_get_int_member_with_default (object, "key", 0);
  *is_signed_out = json_object_get_boolean_member_with_default (object, SIGNED_OUT, FALSE);
  return self->server && self->login && self->key > 0 ? g_steal_pointer (&self) : NULL;
}

char *
tl_account_id (const TlAccount *self)
{
  return g_path_get_basename (self->dir);
}

/* The last used one, then by name. */
static int
compare_accounts (gconstpointer a, gconstpointer b, gpointer last)
{
  g_autofree char *first = tl_account_id (*(TlAccount *const *)a);
  g_autofree char *second = tl_account_id (*(TlAccount *const *)b);
  gboolean is_first = g_strcmp0 (first, last) == 0, is_second = g_strcmp0 (second, last) == 0;

  return is_first != is_second ? is_second - is_first : g_strcmp0 (first, second);
}

GPtrArray *
tl_accounts_list (void)
{
  g_autofree char *root = accounts_dir ();
  g_autofree char *last_path = g_build_filename (root, LAST_FILE, NULL);
  g_autofree char *last = NULL;
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_account_free);
  const char *name;

  g_file_get_contents (last_path, &last, NULL, NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (root, name, NULL);
    gboolean is_signed_out = FALSE;
    g_autoptr (TlAccount) account = account_read (path, &is_signed_out);

    if (account && !is_signed_out)
      g_ptr_array_add (accounts, g_steal_pointer (&account));
  }
  g_ptr_array_sort_with_data (accounts, compare_accounts, last);
  return accounts;
}

static char *
folder_name (const char *server, const char *login)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  g_autofree char *name = NULL;
  int port = uri ? g_uri_get_port (uri) : -1;

  if (port > 0)
    name = g_strdup_printf ("%s@%s:%d", login, g_uri_get_host (uri), port);
  else
    name = g_strdup_printf ("%s@%s", login, uri ? g_uri_get_host (uri) : "server");
  return g_strdelimit (g_steal_pointer (&name), "/\\", '_');
}

static gboolean
account_write (const TlAccount *self, gboolean is_signed_out, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path = g_build_filename (self->dir, ACCOUNT_FILE, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "server");
  json_builder_add_string_value (builder, self->server);
  json_builder_set_member_name (builder, "login");
  json_builder_add_string_value (builder, self->login);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, self->name);
  json_builder_set_member_name (builder, "key");
  json_builder_add_int_value (builder, self->key);
  json_builder_set_member_name (builder, SIGNED_OUT);
  json_builder_add_boolean_value (builder, is_signed_out);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

gboolean
tl_account_put_away (const TlAccount *self, GError **error)
{
  return account_write (self, TRUE, error);
}

gboolean
tl_account_use (const TlAccount *self, GError **error)
{
  g_autofree char *root = accounts_dir (), *id = tl_account_id (self);
  g_autofree char *path = g_build_filename (root, LAST_FILE, NULL);

  return g_file_set_contents_full (path, id, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* The server was made anew, and gives the name to somebody else: what the folder has is kept beside. */
static void
keep_apart (const char *dir, gint64 key)
{
  gboolean is_signed_out = FALSE;
  g_autoptr (TlAccount) before = account_read (dir, &is_signed_out);
  g_autofree char *aside = NULL;

  if (before == NULL || before->key == key)
    return;
  aside = g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", dir, before->key);
  if (tl_account_put_away (before, NULL) && g_rename (dir, aside) != 0)
    g_warning ("%s cannot be kept beside: %s", dir, g_strerror (errno));
}

TlAccount *
tl_account_save (const char *server, const char *login, const char *name, gint64 key,
                 GError **error)
{
  g_autoptr (TlAccount) self = g_new0 (TlAccount, 1);
  g_autofree char *root = accounts_dir ();
  g_autofree char *folder = folder_name (server, login);

  self->dir = g_build_filename (root, folder, NULL);
  self->server = g_strdup (server);
  self->login = g_strdup (login);
  self->name = g_strdup (name);
  self->key = key;
  keep_apart (self->dir, key);
  if (g_mkdir_with_parents (self->dir, 0700) != 0) {
    int code = errno;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be made: %s",
                 self->dir, g_strerror (code));
    return NULL;
  }
  if (!account_write (self, FALSE, error) || !tl_account_use (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

int
tl_account_lock (TlAccount *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, "lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int code;

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  code = errno;
  if (fd >= 0)
    close (fd);
  if (code == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Another Tideline syncs %s@%s", self->login,
                 self->server);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                 g_strerror (code));
  return -1;
}

static char *
wake_path (TlAccount *self)
{
  return g_build_filename (self->dir, "wake", NULL);
}

void
tl_account_wake (TlAccount *self)
{
  g_autofree char *path = wake_path (self);
  g_autofree char *stamp =
      g_strdup_printf ("%" G_GINT64_FORMAT " %d\n", g_get_real_time (), (int)getpid ());

  g_file_set_contents (path, stamp, -1, NULL);
}

typedef struct {
  void (*woken) (gpointer data);
  gpointer data;
} Watch;

static void
wake_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
              gpointer data)
{
  Watch *watch = data;
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *stamp = NULL;
  g_autofree char *own = g_strdup_printf (" %d\n", (int)getpid ());

  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_CREATED &&
      event != G_FILE_MONITOR_EVENT_RENAMED && event != G_FILE_MONITOR_EVENT_MOVED_IN)
    return;
  if (g_file_get_contents (path, &stamp, NULL, NULL) && g_str_has_suffix (stamp, own))
    return;
  watch->woken (watch->data);
}

GFileMonitor *
tl_account_watch (TlAccount *self, void (*woken) (gpointer data), gpointer data)
{
  g_autofree char *path = wake_path (self);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  Watch *watch = g_new (Watch, 1);

  *watch = (Watch){ woken, data };
  if (monitor == NULL) {
    g_free (watch);
    return NULL;
  }
  g_file_monitor_set_rate_limit (monitor, 50);
  g_signal_connect_data (monitor, "changed", G_CALLBACK (wake_changed), watch,
                         (GClosureNotify)G_CALLBACK (g_free), 0);
  return monitor;
}
