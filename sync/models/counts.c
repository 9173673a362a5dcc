/* counts.c: totals that follow the replica: counted in a reader, told on the main thread. */
#include "sync/models/lists.h"

#include "sync/models/asker.h"
#include "sync/models/filters.h"

#define SQL "models/counts.sql"
#define COUNTED                                                                                    \
  (TL_SUBSCRIPTIONS | TL_ARTICLES | TL_ARTICLE_MARKS | TL_ROOM_MEMBERS | TL_MESSAGES |             \
   TL_READ_MARKERS | TL_POSTS | TL_FOLLOWS | TL_SETTINGS | TL_FILTERS)

enum { UNREAD_ARTICLES, UNREAD_MESSAGES, STARRED, LATER, NEW_POSTS, N_COUNTS };

struct _TlCounts {
  GObject parent;
  gint64 me;
  TlAsker *asker;
  guint counts[N_COUNTS];
};

G_DEFINE_FINAL_TYPE (TlCounts, tl_counts, G_TYPE_OBJECT)

static GParamSpec *props[N_COUNTS + 1];

static gpointer
begin_count (gpointer owner)
{
  TlCounts *self = owner;
  return g_memdup2 (&self->me, sizeof self->me);
}

/* When something is hidden, what is not is counted one by one. */
static gboolean
count_shown (TlDb *db, gint64 me, TlFilterPlaces place, const char *name, guint *count,
             GError **error)
{
  GError *failed = NULL;
  g_autoptr (TlFilters) filters = tl_filters_load (db, place, FALSE, &failed);
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  if (filters == NULL && failed == NULL)
    return TRUE;
  *count = 0;
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, me);
  while (failed == NULL && tl_db_step (db, statement, &failed))
    *count += !tl_filters_hides (filters, sqlite3_column_int64 (statement, 0));
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

static gpointer
count (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "counts");
  gint64 me = *(gint64 *)data;
  g_autofree guint *counts = NULL;

  sqlite3_bind_int64 (statement, 1, me);
  if (!tl_db_step (db, statement, error))
    return NULL;
  counts = g_new (guint, N_COUNTS);
  for (int i = 0; i < N_COUNTS; i++)
    counts[i] = (guint)sqlite3_column_int (statement, i);
  if (!count_shown (db, me, TL_FILTER_ARTICLES, "unread-articles", &counts[0], error) ||
      !count_shown (db, me, TL_FILTER_HOME, "new-posts", &counts[4], error))
    return NULL;
  return g_steal_pointer (&counts);
}

static void
take_counts (gpointer owner, gpointer result)
{
  g_autoptr (TlCounts) self = g_object_ref (owner);
  g_autofree guint *counts = result;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < N_COUNTS; i++)
    if (self->counts[i] != counts[i]) {
      self->counts[i] = counts[i];
      g_object_notify_by_pspec (G_OBJECT (self), props[i + 1]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
count_failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("totals could not be counted: %s", error->message);
}

static const TlQuestion question = { begin_count,  g_free, count, take_counts,
                                     count_failed, g_free, TRUE };

static void
on_changed (TlReplica *replica, const TlChanges *changes, TlCounts *self)
{
  if (changes->types & COUNTED)
    tl_asker_ask (self->asker);
}

TlCounts *
tl_counts_new (TlReplica *replica, gint64 me)
{
  TlCounts *self = g_object_new (TL_TYPE_COUNTS, NULL);

  self->me = me;
  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect_object (replica, "changed", G_CALLBACK (on_changed), self, 0);
  tl_asker_ask (self->asker);
  return self;
}

static void
tl_counts_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_uint (value, TL_COUNTS (object)->counts[id - 1]);
}

static void
tl_counts_finalize (GObject *object)
{
  tl_asker_free (TL_COUNTS (object)->asker);
  G_OBJECT_CLASS (tl_counts_parent_class)->finalize (object);
}

static void
tl_counts_class_init (TlCountsClass *class)
{
  static const char *const names[] = { "unread-articles", "unread-messages", "starred", "later",
                                       "new-posts" };
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_counts_get_property;
  object_class->finalize = tl_counts_finalize;
  for (guint i = 0; i < N_COUNTS; i++)
    props[i + 1] = g_param_spec_uint (names[i], NULL, NULL, 0, G_MAXUINT, 0,
                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_COUNTS + 1, props);
}

static void
tl_counts_init (TlCounts *self)
{
}
