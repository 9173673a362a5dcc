/* media.c: a bounded folder of pictures, named by what they are; main thread, files in GIO's threads. */
#include "sync/media.h"

#include "sync/uploads.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define FETCH_AHEAD_AT_ONCE 4
#define AHEAD_PIXELS 1280 /* as wide as the reader shows them */

struct _TlMedia {
  int refs; /* fibers outlive the owner */
  char *account_dir;
  char *dir;
  TlRemote *remote;
  guint64 max_bytes;
  gboolean is_swept; /* the folder's size was looked at since the last growth by a tenth */
  guint64 grown;
  GHashTable *pending; /* name -> DexFuture: one fetch for all who want it */
};

TlMedia *
tl_media_ref (TlMedia *self)
{
  self->refs++;
  return self;
}

void
tl_media_free (TlMedia *self)
{
  if (--self->refs > 0)
    return;
  g_free (self->account_dir);
  g_free (self->dir);
  g_object_unref (self->remote);
  g_hash_table_unref (self->pending);
  g_free (self);
}

static void
media_unref (gpointer data)
{
  tl_media_free (data);
}

TlMedia *
tl_media_new (const char *dir, TlRemote *remote, guint64 max_bytes)
{
  TlMedia *self = g_new0 (TlMedia, 1);

  self->refs = 1;
  self->account_dir = g_strdup (dir);
  self->dir = g_build_filename (dir, "media", NULL);
  self->remote = g_object_ref (remote);
  self->max_bytes = max_bytes;
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
  g_mkdir_with_parents (self->dir, 0700);
  return self;
}

/* --- eviction -------------------------------------------------------------------------------- */

typedef struct {
  char *path;
  guint64 size;
  gint64 used;
} Entry;

static int
older_first (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(Entry *const *)a, *y = *(Entry *const *)b;
  return x->used < y->used ? -1 : x->used > y->used;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_free (entry->path);
  g_free (entry);
}

/* Removes what was used longest ago until at most `most` bytes are left; returns how many are. */
static guint64
evict (TlMedia *self, guint64 most)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  guint64 total = 0;
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (self->dir, name, NULL);
    GStatBuf info;
    Entry *entry;

    if (g_stat (path, &info) != 0)
      continue;
    entry = g_new (Entry, 1);
    *entry = (Entry){ g_steal_pointer (&path), (guint64)info.st_size, info.st_mtime };
    total += entry->size;
    g_ptr_array_add (entries, entry);
  }
  g_ptr_array_sort (entries, older_first);
  for (guint i = 0; i < entries->len && total > most; i++) {
    const Entry *entry = entries->pdata[i];
    if (g_unlink (entry->path) == 0)
      total -= entry->size;
  }
  return total;
}

static void
has_grown (TlMedia *self, gsize bytes)
{
  self->grown += bytes;
  if (self->is_swept && self->grown < self->max_bytes / 10)
    return;
  self->is_swept = TRUE;
  self->grown = 0;
  evict (self, self->max_bytes / 10 * 9);
}

guint64
tl_media_size (TlMedia *self)
{
  return evict (self, G_MAXUINT64);
}

void
tl_media_set_limit (TlMedia *self, guint64 max_bytes)
{
  self->max_bytes = max_bytes;
  evict (self, max_bytes);
}

const char *
tl_media_dir (TlMedia *self)
{
  return self->account_dir;
}

char *
tl_media_address (TlMedia *self, gint64 account)
{
  return tl_remote_downloads (self->remote, account);
}

void
tl_media_clear (TlMedia *self)
{
  evict (self, 0);
}

/* --- fetching -------------------------------------------------------------------------------- */

typedef struct {
  TlMedia *media;
  char *name;
  char *key;  /* in `pending`: with the size */
  guint size; /* one of `sizes`; 0: as it is */
} Fetch;

/* That the server makes. */
static const guint sizes[] = { 160, 320, 640, 1280 };

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  media_unref (fetch->media);
  g_free (fetch->name);
  g_free (fetch->key);
  g_free (fetch);
}

static gboolean
is_blob (const char *name)
{
  return strlen (name) == 65 && name[0] == 'b';
}

static char *
key_of (const char *name, guint size)
{
  return size > 0 ? g_strdup_printf ("%s-%u", name, size) : g_strdup (name);
}

static char *
path_of (const Fetch *fetch, guint size)
{
  g_autofree char *kept = size == 0 && is_blob (fetch->name)
                              ? tl_upload_path (fetch->media->account_dir, fetch->name)
                              : NULL;
  g_autofree char *key = key_of (fetch->name, size);

  return kept && g_file_test (kept, G_FILE_TEST_EXISTS)
             ? g_steal_pointer (&kept)
             : g_build_filename (fetch->media->dir, key, NULL);
}

/* In a fiber: what is here at that size. */
static GBytes *
read_kept (const Fetch *fetch, guint size)
{
  g_autofree char *path = path_of (fetch, size);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GBytes *bytes = dex_await_boxed (dex_file_load_contents_bytes (file), NULL);

  if (bytes)
    g_utime (path, NULL);
  return bytes;
}

/* In a fiber: as it is, or larger than asked for. */
static GBytes *
read_large_enough (const Fetch *fetch)
{
  GBytes *bytes = read_kept (fetch, fetch->size);

  if (bytes == NULL && fetch->size > 0)
    bytes = read_kept (fetch, 0);
  for (guint i = 0; bytes == NULL && fetch->size > 0 && i < G_N_ELEMENTS (sizes); i++)
    if (sizes[i] > fetch->size)
      bytes = read_kept (fetch, sizes[i]);
  return bytes;
}

/* In a fiber: the largest of those that are smaller. */
static GBytes *
read_smaller (const Fetch *fetch)
{
  GBytes *bytes = NULL;

  for (guint i = G_N_ELEMENTS (sizes); bytes == NULL && i > 0; i--)
    if (sizes[i - 1] < fetch->size)
      bytes = read_kept (fetch, sizes[i - 1]);
  return bytes;
}

/* In a fiber. A full disk costs only the copy. */
static GBytes *
download (const Fetch *fetch, guint size, GError **error)
{
  TlMedia *self = fetch->media;
  GBytes *bytes =
      dex_await_boxed (is_blob (fetch->name) ? tl_remote_download (self->remote, fetch->name, size)
                                             : tl_remote_media (self->remote, fetch->name, size),
                       error);
  g_autofree char *key = key_of (fetch->name, size);
  g_autofree char *path = g_build_filename (self->dir, key, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (bytes &&
      dex_await (dex_file_replace_contents_bytes (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE),
                 NULL))
    has_grown (self, g_bytes_get_size (bytes));
  return bytes;
}

static DexFuture *
fetch_fiber (gpointer data)
{
  Fetch *fetch = data;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = read_large_enough (fetch);

  if (bytes == NULL)
    bytes = download (fetch, fetch->size, &error);
  if (bytes == NULL && fetch->size > 0 &&
      g_error_matches (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED)) {
    g_clear_error (&error);
    bytes = download (fetch, 0, &error);
  }
  if (bytes == NULL && fetch->size > 0)
    bytes = read_smaller (fetch);
  return bytes ? dex_future_new_take_boxed (G_TYPE_BYTES, bytes)
               : dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
fetched (DexFuture *future, gpointer data)
{
  Fetch *fetch = data;

  g_hash_table_remove (fetch->media->pending, fetch->key);
  return dex_ref (future);
}

static Fetch *
fetch_new (TlMedia *self, const char *name, guint size)
{
  Fetch *fetch = g_new (Fetch, 1);

  *fetch = (Fetch){ tl_media_ref (self), g_strdup (name), key_of (name, size), size };
  return fetch;
}

static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && strspn (name, "0123456789abcdef") == strlen (name);
}

static DexFuture *
fetch (TlMedia *self, const char *name, guint size)
{
  g_autofree char *key = key_of (name, size);
  DexFuture *future = g_hash_table_lookup (self->pending, key);

  if (!is_plain_name (name))
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                                  "“%s” does not name a picture", name);
  if (future)
    return dex_ref (future);
  future = dex_future_finally (
      dex_scheduler_spawn (NULL, 0, fetch_fiber, fetch_new (self, name, size), fetch_free), fetched,
      fetch_new (self, name, size), fetch_free);
  g_hash_table_insert (self->pending, g_steal_pointer (&key), dex_ref (future));
  return future;
}

DexFuture *
tl_media_load (TlMedia *self, const char *name)
{
  return fetch (self, name, 0);
}

DexFuture *
tl_media_load_for (TlMedia *self, const char *name, guint pixels)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (sizes[i] >= pixels)
      return fetch (self, name, sizes[i]);
  return fetch (self, name, 0);
}

/* --- ahead ----------------------------------------------------------------------------------- */

typedef struct {
  TlMedia *media;
  TlReplica *replica;
  guint n;
} Ahead;

static void
ahead_free (gpointer data)
{
  Ahead *ahead = data;

  media_unref (ahead->media);
  g_object_unref (ahead->replica);
  g_free (ahead);
}

static gpointer
newest_pictures (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, "media.sql", "newest-pictures");
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_int64 (statement, 1, GPOINTER_TO_UINT (data));
  while (tl_db_step (db, statement, &cause))
    if (sqlite3_column_type (statement, 0) == SQLITE_TEXT)
      g_ptr_array_add (hashes, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&hashes);
}

static DexFuture *
ahead_fiber (gpointer data)
{
  Ahead *ahead = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) hashes = dex_await_pointer (
      tl_replica_read (ahead->replica, newest_pictures, GUINT_TO_POINTER (ahead->n), NULL,
                       (GDestroyNotify)g_ptr_array_unref),
      &error);

  if (hashes == NULL)
    return dex_future_new_for_error (error);
  for (guint i = 0; i < hashes->len; i += FETCH_AHEAD_AT_ONCE) {
    DexFuture *some[FETCH_AHEAD_AT_ONCE];
    guint n = MIN (FETCH_AHEAD_AT_ONCE, hashes->len - i);
    g_autoptr (GError) cause = NULL;

    for (guint j = 0; j < n; j++)
      some[j] = tl_media_load_for (ahead->media, hashes->pdata[i + j], AHEAD_PIXELS);
    dex_await (dex_future_allv (some, n), &cause);
    for (guint j = 0; j < n; j++)
      dex_unref (some[j]);
    if (g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_OFFLINE))
      break;
  }
  return dex_future_new_for_boolean (TRUE);
}

DexFuture *
tl_media_fetch_ahead (TlMedia *self, TlReplica *replica, guint n)
{
  Ahead *ahead = g_new (Ahead, 1);

  *ahead = (Ahead){ tl_media_ref (self), g_object_ref (replica), n };
  return dex_scheduler_spawn (NULL, 0, ahead_fiber, ahead, ahead_free);
}
