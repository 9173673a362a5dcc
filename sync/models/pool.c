/* pool.c: items and who holds them. Main thread; `load` of the source runs in a reader.
 *
 * An entry stands for each living item: the pool holds the last used ones (LRU), the others live as
 * long as a widget holds them; either way one key has one item. What is wanted last is loaded
 * first, so that a fast scroll does not wait for what it passed. */
#include "sync/models/pool.h"

#include "sync/models/asker.h"
#include "sync/models/item.h"

#define HELD_AT_MOST 512
#define BATCH 128

typedef struct {
  TlItemPool *pool;
  TlKeyRow row;
  GObject *item; /* strong while held */
  GList link;    /* in `held` */
  gboolean held;
  gboolean asked;  /* loaded, or being loaded, since it last changed */
  gboolean wanted; /* in `wanted` */
} Entry;

struct _TlItemPool {
  const TlKeySource *source;
  TlSpec *spec;
  TlAsker *loading;
  GHashTable *entries; /* row.key to Entry */
  GQueue held;         /* of Entry, last used first */
  GArray *wanted;      /* of gint64 keys, last wanted last */
  guint load_source;
};

static void
spec_clear (gpointer data)
{
  TlSpec *spec = data;

  if (spec->free)
    spec->free (spec->value);
}

void
tl_spec_unref (TlSpec *spec)
{
  g_atomic_rc_box_release_full (spec, spec_clear);
}

TlSpec *
tl_spec_ref (TlSpec *spec)
{
  return g_atomic_rc_box_acquire (spec);
}

TlSpec *
tl_spec_new (gpointer value, GDestroyNotify free_value)
{
  TlSpec *spec = g_atomic_rc_box_new (TlSpec);

  spec->value = value;
  spec->free = free_value;
  return spec;
}

/* --- entries ---------------------------------------------------------------------------------- */

static void
on_item_gone (gpointer data, GObject *item)
{
  Entry *entry = data;

  g_hash_table_remove (entry->pool->entries, &entry->row.key);
}

static void
let_go (Entry *entry)
{
  g_queue_unlink (&entry->pool->held, &entry->link);
  entry->held = FALSE;
  g_object_unref (entry->item); /* may end the entry */
}

static void
use (TlItemPool *self, Entry *entry)
{
  if (entry->held)
    g_queue_unlink (&self->held, &entry->link);
  else
    g_object_ref (entry->item);
  entry->held = TRUE;
  g_queue_push_head_link (&self->held, &entry->link);
  if (self->held.length > HELD_AT_MOST)
    let_go (self->held.tail->data);
}

static Entry *
find_entry (TlItemPool *self, gint64 key)
{
  return g_hash_table_lookup (self->entries, &key);
}

static Entry *
make_entry (TlItemPool *self, const TlKeyRow *row)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->pool = self;
  entry->row = *row;
  entry->link.data = entry;
  entry->item = tl_item_new (self->source->item_type (), row->key);
  g_object_weak_ref (entry->item, on_item_gone, entry);
  g_hash_table_insert (self->entries, &entry->row.key, entry);
  use (self, entry);
  g_object_unref (entry->item);
  return entry;
}

static gboolean
load_wanted (gpointer data)
{
  TlItemPool *self = data;

  self->load_source = 0;
  tl_asker_ask (self->loading);
  return G_SOURCE_REMOVE;
}

static void
want (TlItemPool *self, Entry *entry)
{
  if (entry->wanted)
    return;
  entry->wanted = TRUE;
  g_array_append_val (self->wanted, entry->row.key);
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted, self, NULL);
}

GObject *
tl_item_pool_get (TlItemPool *self, const TlKeyRow *row, gboolean *was_asked)
{
  Entry *entry = find_entry (self, row->key);
  GObject *item;

  if (entry == NULL)
    entry = make_entry (self, row);
  item = g_object_ref (entry->item);
  entry->row.section = row->section;
  *was_asked = entry->asked;
  use (self, entry);
  if (!entry->asked)
    want (self, entry);
  return item;
}

void
tl_item_pool_expect (TlItemPool *self, const TlKeyRow *row)
{
  if (find_entry (self, row->key) == NULL)
    want (self, make_entry (self, row));
}

/* --- loading ---------------------------------------------------------------------------------- */

typedef struct {
  const TlKeySource *source;
  TlSpec *spec;
  GArray *rows;     /* of TlKeyRow */
  GPtrArray *items; /* of GObject, NULL for what is gone */
} Batch;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  tl_spec_unref (batch->spec);
  g_array_unref (batch->rows);
  g_clear_pointer (&batch->items, g_ptr_array_unref);
  g_free (batch);
}

static void
unref_item (gpointer item)
{
  g_clear_object (&item);
}

static Batch *
batch_new (const TlKeySource *source, TlSpec *spec, GArray *rows)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->source = source;
  batch->spec = tl_spec_ref (spec);
  batch->rows = rows;
  return batch;
}

static gpointer
begin_load (gpointer owner)
{
  TlItemPool *self = owner;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));

  while (rows->len < BATCH && self->wanted->len > 0) {
    Entry *entry = find_entry (self, g_array_index (self->wanted, gint64, self->wanted->len - 1));

    g_array_set_size (self->wanted, self->wanted->len - 1);
    if (entry == NULL || !entry->wanted)
      continue;
    entry->wanted = FALSE;
    entry->asked = TRUE;
    g_array_append_val (rows, entry->row);
  }
  if (rows->len > 0)
    return batch_new (self->source, self->spec, rows);
  g_array_unref (rows);
  return NULL;
}

static gpointer
read_items (TlDb *db, gpointer data, GError **error)
{
  const Batch *asked = data;
  Batch *batch = batch_new (asked->source, asked->spec, g_array_ref (asked->rows));
  g_autoptr (GError) failed = NULL;

  batch->items = g_ptr_array_new_with_free_func (unref_item);
  for (guint i = 0; i < batch->rows->len && failed == NULL; i++)
    g_ptr_array_add (batch->items,
                     batch->source->load (db, batch->spec->value,
                                          &g_array_index (batch->rows, TlKeyRow, i), &failed));
  if (failed == NULL)
    return batch;
  batch_free (batch);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static void
take_items (gpointer owner, gpointer result)
{
  TlItemPool *self = owner;
  Batch *batch = result;

  for (guint i = 0; i < batch->rows->len; i++) {
    gint64 key = g_array_index (batch->rows, TlKeyRow, i).key;
    GObject *loaded = batch->items->pdata[i];
    Entry *entry = find_entry (self, key);

    if (entry && loaded) {
      g_autoptr (GObject) item = g_object_ref (entry->item);
      tl_item_fill (item, loaded);
    }
  }
  batch_free (batch);
  if (self->wanted->len > 0 && self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted, self, NULL);
}

static void
load_failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("rows of a list could not be read: %s", error->message);
}

static const TlQuestion load_question = { begin_load, batch_free,  read_items,
                                          take_items, load_failed, batch_free };

/* --- changes ---------------------------------------------------------------------------------- */

static void
mark_stale (TlItemPool *self, Entry *entry)
{
  entry->asked = FALSE;
  if (entry->item->ref_count > (entry->held ? 1 : 0)) /* somebody beside the list holds it */
    want (self, entry);
}

void
tl_item_pool_all_stale (TlItemPool *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    mark_stale (self, entry);
}

void
tl_item_pool_stale (TlItemPool *self, gint64 key)
{
  Entry *entry = find_entry (self, key);

  if (entry)
    mark_stale (self, entry);
}

void
tl_item_pool_rekey (TlItemPool *self, gint64 from, gint64 to)
{
  Entry *entry = find_entry (self, from);

  if (entry == NULL || find_entry (self, to))
    return;
  g_hash_table_steal (self->entries, &from);
  entry->row.key = to;
  g_hash_table_insert (self->entries, &entry->row.key, entry);
  entry->wanted = FALSE; /* it is under its old key */
  mark_stale (self, entry);
}

void
tl_item_pool_set_spec (TlItemPool *self, TlSpec *spec)
{
  tl_spec_unref (self->spec);
  self->spec = tl_spec_ref (spec);
  tl_item_pool_all_stale (self);
}

TlItemPool *
tl_item_pool_new (TlReplica *replica, const TlKeySource *source, TlSpec *spec)
{
  TlItemPool *self = g_new0 (TlItemPool, 1);

  self->source = source;
  self->spec = tl_spec_ref (spec);
  self->loading = tl_asker_new (replica, &load_question, self);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

static void
forget_entry (gpointer data)
{
  Entry *entry = data;

  g_object_weak_unref (entry->item, on_item_gone, entry);
  if (entry->held)
    g_object_unref (entry->item);
  g_free (entry);
}

static void
forget_entries (TlItemPool *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry)) {
    g_hash_table_iter_steal (&iter);
    forget_entry (entry);
  }
}

void
tl_item_pool_free (TlItemPool *self)
{
  g_clear_handle_id (&self->load_source, g_source_remove);
  tl_asker_free (self->loading);
  forget_entries (self);
  g_hash_table_unref (self->entries);
  g_array_unref (self->wanted);
  tl_spec_unref (self->spec);
  g_free (self);
}
