/* inbox.c: one query over the kinds, and a row of each (reader threads). The number beside "Inbox" counts what the
 * list shows as unread. */
#include "sync/models/inbox.h"

#include "sync/models/asker.h"
#include "sync/models/filters.h"
#include "sync/models/item.h"
#include "sync/models/rows.h"

#define SQL "models/inbox.sql"
#define NEWS_DAYS 21
#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

typedef struct {
  gint64 me;
  TlInboxFilter filter;
  gint64 kept;
  gint64 now;
} Spec;

static Spec *
spec_new (gint64 me, TlInboxFilter filter, gint64 kept)
{
  Spec *spec = g_new (Spec, 1);

  *spec = (Spec){ me, filter, kept, g_get_real_time () / 1000 };
  return spec;
}

static void
bind_spec (sqlite3_stmt *statement, const Spec *spec)
{
  sqlite3_bind_int64 (statement, 1, spec->me);
  sqlite3_bind_int (statement, 2, (int)spec->filter);
  sqlite3_bind_int64 (statement, 3, spec->kept);
  sqlite3_bind_int64 (statement, 4, spec->now);
  sqlite3_bind_int64 (statement, 5, spec->now - NEWS_DAYS * DAY_MS);
}

/* Both kinds that a filter can hide; either may be NULL. */
typedef struct {
  TlFilters *notifications, *articles;
} Hidden;

static void
hidden_clear (Hidden *hidden)
{
  g_clear_pointer (&hidden->notifications, tl_filters_free);
  g_clear_pointer (&hidden->articles, tl_filters_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Hidden, hidden_clear)

static gboolean
load_hidden (TlDb *db, Hidden *hidden, GError **error)
{
  GError *failed = NULL;

  hidden->notifications = tl_filters_load (db, TL_FILTER_NOTIFICATIONS, TRUE, &failed);
  if (failed == NULL)
    hidden->articles = tl_filters_load (db, TL_FILTER_ARTICLES, TRUE, &failed);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

/* Ids are unique over all kinds. */
static gboolean
hides (Hidden *hidden, gint64 key)
{
  return tl_filters_hides (hidden->notifications, key) || tl_filters_hides (hidden->articles, key);
}

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "rows");
  const Spec *spec = data;
  g_auto (Hidden) hidden = { 0 };
  guint n = 0;

  bind_spec (statement, spec);
  if (!tl_rows_read_days (db, statement, rows, error) || !load_hidden (db, &hidden, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    TlKeyRow row = g_array_index (rows, TlKeyRow, i);

    if (row.key == spec->kept || !hides (&hidden, row.key))
      g_array_index (rows, TlKeyRow, n++) = row;
  }
  g_array_set_size (rows, n);
  return TRUE;
}

/* --- rows ---------------------------------------------------------------------------------------- */

static TlInboxKind
kind_of (const char *word)
{
  static const char *const words[] = { "mention", "reply",  "reaction",
                                       "boost",   "follow", "invitation" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i], word) == 0)
      return (TlInboxKind)i;
  return TL_INBOX_MENTION; /* a kind of a newer server: it still says who and what */
}

static sqlite3_stmt *
find (TlDb *db, const char *name, gint64 key, gint64 me, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  sqlite3_bind_int64 (statement, 1, key);
  if (g_str_equal (name, "room"))
    sqlite3_bind_int64 (statement, 2, me);
  return tl_db_step (db, statement, error) ? statement : NULL;
}

static void
read_notification (sqlite3_stmt *row, TlInboxItem *item)
{
  const TlType *type = tl_type_by_name ((const char *)sqlite3_column_text (row, 1));

  item->kind = kind_of ((const char *)sqlite3_column_text (row, 0));
  item->subject_type = type ? type->number : 0;
  item->subject_key = sqlite3_column_int64 (row, 2);
  item->title = tl_row_text (row, 3);
  item->avatar = tl_row_text (row, 4);
  item->text = tl_row_line (row, 5);
  item->time = sqlite3_column_int64 (row, 6);
  item->is_unread = !sqlite3_column_int (row, 7);
  item->room_key = sqlite3_column_int64 (row, 8);
  item->context = tl_row_text (row, 9);
}

static void
read_room (sqlite3_stmt *row, TlInboxItem *item)
{
  item->kind = TL_INBOX_MESSAGES;
  item->subject_type = tl_room_type.number;
  item->subject_key = item->room_key = item->key;
  item->title = tl_row_text (row, 0);
  item->is_direct = g_strcmp0 ((const char *)sqlite3_column_text (row, 1), "direct") == 0;
  item->avatar = tl_row_text (row, 2);
  item->count = (guint)sqlite3_column_int (row, 3);
  item->is_unread = item->count > 0;
  item->context = item->is_direct ? NULL : tl_row_text (row, 4);
  item->text = tl_row_line (row, 5);
  item->time = sqlite3_column_int64 (row, 6);
}

static void
read_article (sqlite3_stmt *row, TlInboxItem *item)
{
  item->kind = TL_INBOX_ARTICLE;
  item->subject_type = tl_article_type.number;
  item->subject_key = item->key;
  item->title = tl_row_text (row, 0);
  item->context = tl_row_text (row, 1);
  item->text = tl_row_line (row, 2);
  item->preview = tl_row_line (row, 3);
  item->time = sqlite3_column_int64 (row, 4);
  item->feed_key = sqlite3_column_int64 (row, 5);
  item->is_unread = !sqlite3_column_int (row, 6);
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  static const struct {
    const char *statement;
    void (*read) (sqlite3_stmt *row, TlInboxItem *item);
  } kinds[] = { { "notification", read_notification },
                { "room", read_room },
                { "article", read_article } };
  const Spec *spec = data;
  g_autoptr (GError) failed = NULL;

  for (guint i = 0; failed == NULL && i < G_N_ELEMENTS (kinds); i++) {
    sqlite3_stmt *found = find (db, kinds[i].statement, row->key, spec->me, &failed);

    if (found) {
      TlInboxItem *item = g_object_new (TL_TYPE_INBOX_ITEM, NULL);
      item->key = row->key;
      kinds[i].read (found, item);
      sqlite3_reset (found);
      item->is_silenced = i == 0 && tl_filters_silence (db, row->key, &failed);
      if (failed == NULL)
        return G_OBJECT (item);
      g_object_unref (item);
    }
  }
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

#define KINDS                                                                                      \
  (TL_NOTIFICATIONS | TL_INBOX_MARKS | TL_ROOM_MEMBERS | TL_MESSAGES | TL_READ_MARKERS |           \
   TL_ARTICLES | TL_ARTICLE_MARKS | TL_SUBSCRIPTIONS | TL_FILTERS)

static const TlKeySource source = {
  .item_type = tl_inbox_item_get_type,
  .types = KINDS,
  .keyed = TL_NOTIFICATIONS | TL_INBOX_MARKS | TL_ROOMS | TL_READ_MARKERS | TL_ARTICLES |
           TL_ARTICLE_MARKS,
  .details = TL_PRINCIPALS | TL_ROOMS | TL_MESSAGES | TL_FEEDS | TL_SUBSCRIPTIONS | TL_FILTERS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_inbox_list_new (TlReplica *replica, gint64 me)
{
  return tl_key_list_new (replica, &source, spec_new (me, TL_INBOX_ALL, 0), g_free);
}

void
tl_inbox_list_ask (TlKeyList *self, TlInboxFilter filter)
{
  const Spec *spec = tl_key_list_spec (self);

  if (spec->filter != filter)
    tl_key_list_set_spec (self, spec_new (spec->me, filter, 0));
}

void
tl_inbox_list_keep (TlKeyList *self, gint64 key)
{
  const Spec *spec = tl_key_list_spec (self);

  if (spec->kept != key)
    tl_key_list_set_spec (self, spec_new (spec->me, spec->filter, key));
}

void
tl_inbox_list_refresh (TlKeyList *self)
{
  const Spec *spec = tl_key_list_spec (self);

  tl_key_list_set_spec (self, spec_new (spec->me, spec->filter, spec->kept));
}

/* --- items --------------------------------------------------------------------------------------- */

#define MEMBER(kind_, member_, name_)                                                              \
  { name_, TL_MEMBER_##kind_, G_STRUCT_OFFSET (TlInboxItem, member_) }

static const TlMember members[] = {
  MEMBER (BOOLEAN, loaded, "loaded"),
  MEMBER (INT64, key, "key"),
  MEMBER (INT, kind, "kind"),
  MEMBER (BYTE, subject_type, "subject-type"),
  MEMBER (INT64, subject_key, "subject-key"),
  MEMBER (INT64, room_key, "room-key"),
  MEMBER (STRING, title, "title"),
  MEMBER (STRING, context, "context"),
  MEMBER (STRING, text, "text"),
  MEMBER (STRING, preview, "preview"),
  MEMBER (STRING, avatar, "avatar"),
  MEMBER (UINT, count, "count"),
  MEMBER (INT64, time, "time"),
  MEMBER (INT64, feed_key, "feed-key"),
  MEMBER (BOOLEAN, is_direct, "is-direct"),
  MEMBER (BOOLEAN, is_unread, "is-unread"),
  MEMBER (BOOLEAN, is_silenced, "is-silenced"),
};

G_DEFINE_FINAL_TYPE (TlInboxItem, tl_inbox_item, G_TYPE_OBJECT)

static void
tl_inbox_item_class_init (TlInboxItemClass *class)
{
  tl_item_class_setup (G_OBJECT_CLASS (class), members, G_N_ELEMENTS (members));
}

static void
tl_inbox_item_init (TlInboxItem *self)
{
}

/* --- the number ---------------------------------------------------------------------------------- */

struct _TlInboxCount {
  GObject parent;
  gint64 me;
  TlAsker *asker;
  guint count;
};

G_DEFINE_FINAL_TYPE (TlInboxCount, tl_inbox_count, G_TYPE_OBJECT)

static GParamSpec *count_property;

static gpointer
begin_count (gpointer owner)
{
  return spec_new (TL_INBOX_COUNT (owner)->me, TL_INBOX_ALL, 0);
}

static gpointer
run_count (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "unread");
  g_auto (Hidden) hidden = { 0 };
  GError *failed = NULL;
  guint count = 0;

  if (!load_hidden (db, &hidden, error))
    return NULL;
  bind_spec (statement, data);
  while (tl_db_step (db, statement, &failed))
    count += !hides (&hidden, sqlite3_column_int64 (statement, 0));
  if (failed == NULL)
    return g_memdup2 (&count, sizeof count);
  g_propagate_error (error, failed);
  return NULL;
}

static void
take_count (gpointer owner, gpointer result)
{
  TlInboxCount *self = TL_INBOX_COUNT (owner);
  g_autofree guint *count = result;

  if (self->count == *count)
    return;
  self->count = *count;
  g_object_notify_by_pspec (G_OBJECT (self), count_property);
}

static void
count_failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("the inbox could not be counted: %s", error->message);
}

static const TlQuestion question = { begin_count,  g_free, run_count, take_count,
                                     count_failed, g_free, TRUE };

static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlInboxCount *self)
{
  if (changes->types & KINDS)
    tl_asker_ask (self->asker);
}

TlInboxCount *
tl_inbox_count_new (TlReplica *replica, gint64 me)
{
  TlInboxCount *self = g_object_new (TL_TYPE_INBOX_COUNT, NULL);

  self->me = me;
  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect_object (replica, "changed", G_CALLBACK (replica_changed), self, 0);
  tl_asker_ask (self->asker);
  return self;
}

void
tl_inbox_count_refresh (TlInboxCount *self)
{
  tl_asker_ask (self->asker);
}

static void
tl_inbox_count_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_uint (value, TL_INBOX_COUNT (object)->count);
}

static void
tl_inbox_count_finalize (GObject *object)
{
  tl_asker_free (TL_INBOX_COUNT (object)->asker);
  G_OBJECT_CLASS (tl_inbox_count_parent_class)->finalize (object);
}

static void
tl_inbox_count_class_init (TlInboxCountClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_inbox_count_get_property;
  object_class->finalize = tl_inbox_count_finalize;
  count_property = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, 1, count_property);
}

static void
tl_inbox_count_init (TlInboxCount *self)
{
}
