/* key-list.c: rows as keys, asked for again when the replica changed. Main thread.
 *
 * While a difference is emitted, hunk by hunk, the list is the beginning of `next` followed by the
 * end of `rows`; otherwise it is `rows`. */
#include "sync/models/key-list.h"

#include "sync/models/asker.h"
#include "sync/models/pool.h"
#include "sync/models/rows.h"

#define NEIGHBOURS 16

struct _TlKeyList {
  GObject parent;
  TlReplica *replica;
  const TlKeySource *source;
  TlSpec *spec;
  TlAsker *querying;
  TlItemPool *pool;
  GArray *rows;            /* of TlKeyRow */
  GArray *next;            /* while a difference is emitted: what comes, else NULL */
  guint next_end, rows_at; /* the list is next[0, next_end) and rows[rows_at, …) */
  GHashTable *renamed;     /* gint64 local key to gint64 * */
  gboolean is_ready;
  DexPromise *ready;
};

static void list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TlKeyList, tl_key_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum { PROP_READY = 1, PROP_N_ITEMS, N_PROPS };
static GParamSpec *props[N_PROPS];

/* --- rows ------------------------------------------------------------------------------------- */

static guint
count_rows (TlKeyList *self)
{
  return self->next_end + self->rows->len - self->rows_at;
}

static TlKeyRow *
row_at (TlKeyList *self, guint position)
{
  if (position < self->next_end)
    return &g_array_index (self->next, TlKeyRow, position);
  return &g_array_index (self->rows, TlKeyRow, position - self->next_end + self->rows_at);
}

static void
expect_neighbours (TlKeyList *self, guint position)
{
  guint end = MIN (count_rows (self), position + NEIGHBOURS + 1);

  for (guint i = position - MIN (position, NEIGHBOURS); i < end; i++)
    tl_item_pool_expect (self->pool, row_at (self, i));
}

static gpointer
get_item (GListModel *model, guint position)
{
  TlKeyList *self = TL_KEY_LIST (model);
  gboolean was_asked;
  GObject *item;

  if (position >= count_rows (self))
    return NULL;
  item = tl_item_pool_get (self->pool, row_at (self, position), &was_asked);
  if (!was_asked)
    expect_neighbours (self, position);
  return item;
}

/* --- asking ----------------------------------------------------------------------------------- */

typedef struct {
  const TlKeySource *source;
  TlSpec *spec;
} Query;

static gpointer
begin_query (gpointer owner)
{
  TlKeyList *self = owner;
  Query *query = g_new (Query, 1);

  query->source = self->source;
  query->spec = tl_spec_ref (self->spec);
  return query;
}

static void
query_free (gpointer data)
{
  Query *query = data;

  tl_spec_unref (query->spec);
  g_free (query);
}

static gpointer
read_rows (TlDb *db, gpointer data, GError **error)
{
  const Query *query = data;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));

  return query->source->query (db, query->spec->value, rows, error) ? g_steal_pointer (&rows)
                                                                    : NULL;
}

static void
rows_free (gpointer rows)
{
  g_array_unref (rows);
}

/* An answer from before the server gave an object its id still has the local key. */
static void
rename_rows (TlKeyList *self, GArray *rows)
{
  if (g_hash_table_size (self->renamed) == 0)
    return;
  for (guint i = 0; i < rows->len; i++) {
    TlKeyRow *row = &g_array_index (rows, TlKeyRow, i);
    if (row->key < 0)
      row->key = tl_key_list_current_key (self, row->key);
  }
}

static void
emit_difference (TlKeyList *self, GArray *next)
{
  g_autoptr (GArray) hunks = tl_rows_diff (self->rows, next);
  guint n_before = self->rows->len;

  self->next = next;
  for (guint i = 0; i < hunks->len; i++) {
    const TlHunk *hunk = &g_array_index (hunks, TlHunk, i);

    self->next_end = hunk->new_end;
    self->rows_at = hunk->old_end;
    g_list_model_items_changed (G_LIST_MODEL (self), hunk->new_start,
                                hunk->old_end - hunk->old_start, hunk->new_end - hunk->new_start);
  }
  g_array_unref (self->rows);
  self->rows = g_steal_pointer (&self->next);
  self->next_end = self->rows_at = 0;
  if (self->rows->len != n_before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ITEMS]);
}

static void
take_rows (gpointer owner, gpointer result)
{
  g_autoptr (TlKeyList) self = g_object_ref (owner);

  rename_rows (self, result);
  emit_difference (self, result);
  if (!self->is_ready) {
    self->is_ready = TRUE;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_READY]);
  }
  if (!tl_asker_is_asking (self->querying) && dex_future_is_pending (DEX_FUTURE (self->ready)))
    dex_promise_resolve_boolean (self->ready, TRUE);
}

static void
query_failed (gpointer owner, const GError *error)
{
  TlKeyList *self = owner;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("a list could not be read: %s", error->message);
  if (dex_future_is_pending (DEX_FUTURE (self->ready)))
    dex_promise_reject (self->ready, g_error_copy (error));
}

static const TlQuestion query_question = { begin_query, query_free,   read_rows,
                                           take_rows,   query_failed, rows_free };

/* --- following the replica -------------------------------------------------------------------- */

static void
mark_named_stale (TlKeyList *self, const TlChanges *changes)
{
  GHashTableIter iter;
  gpointer ref;

  g_hash_table_iter_init (&iter, changes->keys);
  while (g_hash_table_iter_next (&iter, &ref, NULL)) {
    const TlObjectRef *object = ref;
    if ((self->source->keyed >> object->type) & 1)
      tl_item_pool_stale (self->pool, object->key);
  }
}

static void
on_changed (TlReplica *replica, const TlChanges *changes, TlKeyList *self)
{
  gboolean keyed = (changes->types & self->source->keyed) != 0;

  if ((changes->types & self->source->details) || (keyed && changes->keys == NULL))
    tl_item_pool_all_stale (self->pool);
  else if (keyed)
    mark_named_stale (self, changes);
  if (changes->types & self->source->types)
    tl_asker_ask (self->querying);
}

static void
on_rekeyed (TlReplica *replica, guint type, gint64 from, gint64 to, TlKeyList *self)
{
  gint64 position;

  if (!((self->source->keyed >> type) & 1) || from == to)
    return;
  g_hash_table_insert (self->renamed, g_memdup2 (&from, sizeof from), g_memdup2 (&to, sizeof to));
  tl_item_pool_rekey (self->pool, from, to);
  position = tl_key_list_find (self, from);
  if (position >= 0 && tl_key_list_find (self, to) < 0)
    row_at (self, (guint)position)->key = to;
}

/* --- the list --------------------------------------------------------------------------------- */

TlKeyList *
tl_key_list_new (TlReplica *replica, const TlKeySource *source, gpointer spec,
                 GDestroyNotify free_spec)
{
  TlKeyList *self = g_object_new (TL_TYPE_KEY_LIST, NULL);

  self->replica = g_object_ref (replica);
  self->source = source;
  self->spec = tl_spec_new (spec, free_spec);
  self->querying = tl_asker_new (replica, &query_question, self);
  self->pool = tl_item_pool_new (replica, source, self->spec);
  g_signal_connect_object (replica, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (replica, "rekeyed", G_CALLBACK (on_rekeyed), self, 0);
  tl_asker_ask (self->querying);
  return self;
}

void
tl_key_list_set_spec (TlKeyList *self, gpointer spec)
{
  TlSpec *old = self->spec;

  self->spec = tl_spec_new (spec, old->free);
  tl_spec_unref (old);
  tl_item_pool_set_spec (self->pool, self->spec);
  if (!dex_future_is_pending (DEX_FUTURE (self->ready))) {
    dex_clear (&self->ready);
    self->ready = dex_promise_new ();
  }
  tl_asker_ask_anew (self->querying);
}

gconstpointer
tl_key_list_spec (TlKeyList *self)
{
  return self->spec->value;
}

gboolean
tl_key_list_is_ready (TlKeyList *self)
{
  return self->is_ready;
}

DexFuture *
tl_key_list_when_ready (TlKeyList *self)
{
  return dex_ref (DEX_FUTURE (self->ready));
}

gint64
tl_key_list_current_key (TlKeyList *self, gint64 key)
{
  const gint64 *now = g_hash_table_lookup (self->renamed, &key);
  return now ? *now : key;
}

gint64
tl_key_list_find (TlKeyList *self, gint64 key)
{
  guint n = count_rows (self);

  for (guint i = 0; i < n; i++)
    if (row_at (self, i)->key == key)
      return i;
  return -1;
}

gint64
tl_key_list_key (TlKeyList *self, guint position)
{
  return row_at (self, position)->key;
}

gint64
tl_key_list_section_at (TlKeyList *self, guint position)
{
  return row_at (self, position)->section;
}

void
tl_key_list_section (TlKeyList *self, guint position, guint *start, guint *end)
{
  gint64 section = row_at (self, position)->section;
  guint n = count_rows (self);

  for (*start = position; *start > 0 && row_at (self, *start - 1)->section == section; --*start)
    ;
  for (*end = position + 1; *end < n && row_at (self, *end)->section == section; ++*end)
    ;
}

static GType
get_item_type (GListModel *model)
{
  return TL_KEY_LIST (model)->source->item_type ();
}

static guint
get_n_items (GListModel *model)
{
  return count_rows (TL_KEY_LIST (model));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
tl_key_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlKeyList *self = TL_KEY_LIST (object);

  if (id == PROP_READY)
    g_value_set_boolean (value, self->is_ready);
  else
    g_value_set_uint (value, count_rows (self));
}

static void
tl_key_list_finalize (GObject *object)
{
  TlKeyList *self = TL_KEY_LIST (object);

  tl_asker_free (self->querying);
  tl_item_pool_free (self->pool);
  g_hash_table_unref (self->renamed);
  g_array_unref (self->rows);
  tl_spec_unref (self->spec);
  dex_clear (&self->ready);
  g_object_unref (self->replica);
  G_OBJECT_CLASS (tl_key_list_parent_class)->finalize (object);
}

static void
tl_key_list_class_init (TlKeyListClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_key_list_get_property;
  object_class->finalize = tl_key_list_finalize;
  props[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
tl_key_list_init (TlKeyList *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  self->renamed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->ready = dex_promise_new ();
}
