/* agenda.c: one question of the replica for the stretch that is looked at; the instances are expanded in the reader
 * thread. An answer replaces what differs between the common beginning and the common end. */
#include "sync/models/agenda.h"

#include "sync/models/asker.h"
#include "sync/models/item.h"
#include "sync/models/rows.h"
#include "sync/record-sql.h"
#include "sync/wire/recurrence.h"

#include <string.h>

#define SQL "models/agenda.sql"
#define MOST_OCCURRENCES 20000
#define FOLLOWED                                                                                   \
  (TL_CALENDARS | TL_CALENDAR_MEMBERS | TL_CALENDAR_MARKS | TL_CALENDAR_EVENTS | TL_LOCAL)

/* --- occurrences --------------------------------------------------------------------------------- */

G_DEFINE_FINAL_TYPE (TlOccurrenceItem, tl_occurrence_item, G_TYPE_OBJECT)

static void
tl_occurrence_item_finalize (GObject *object)
{
  TlOccurrenceItem *self = TL_OCCURRENCE_ITEM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->location);
  g_free (self->calendar_name);
  g_free (self->color);
  G_OBJECT_CLASS (tl_occurrence_item_parent_class)->finalize (object);
}

static void
tl_occurrence_item_class_init (TlOccurrenceItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_occurrence_item_finalize;
}

static void
tl_occurrence_item_init (TlOccurrenceItem *self)
{
}

static gboolean
is_same (const TlOccurrenceItem *a, const TlOccurrenceItem *b)
{
  return a->key == b->key && a->start == b->start && a->end == b->end && a->op == b->op &&
         a->calendar_key == b->calendar_key && a->is_all_day == b->is_all_day &&
         a->is_recurring == b->is_recurring && a->is_cancelled == b->is_cancelled &&
         a->is_tentative == b->is_tentative && a->is_unanswered == b->is_unanswered &&
         a->is_writable == b->is_writable && g_str_equal (a->id, b->id) &&
         g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->location, b->location) == 0 &&
         g_strcmp0 (a->calendar_name, b->calendar_name) == 0 && g_strcmp0 (a->color, b->color) == 0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const TlOccurrenceItem *one = *(TlOccurrenceItem *const *)a;
  const TlOccurrenceItem *other = *(TlOccurrenceItem *const *)b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  if (one->end != other->end)
    return one->end > other->end ? -1 : 1;
  if (one->key != other->key)
    return one->key < other->key ? -1 : 1;
  return strcmp (one->id, other->id);
}

/* --- reading (reader threads) -------------------------------------------------------------------- */

typedef struct {
  gint64 me, from, until;
  char *home;
} Spec;

static void
spec_free (gpointer data)
{
  Spec *spec = data;

  g_free (spec->home);
  g_free (spec);
}

/* What rules and exceptions need, borrowed from the row. All of it counts as present: an instance of its own is made of
 * that (tl_event_instance). */
static TlCalendarEvent
read_event (sqlite3_stmt *row)
{
  TlCalendarEvent event = { .record = { sqlite3_column_int64 (row, 0), G_MAXUINT64 } };

  event.start = (char *)sqlite3_column_text (row, 1);
  event.duration = (char *)sqlite3_column_text (row, 2);
  event.time_zone = (char *)sqlite3_column_text (row, 3);
  event.show_without_time = sqlite3_column_int (row, 4) ? TL_TRUE : TL_FALSE;
  event.recurrence_rules = (char *)sqlite3_column_text (row, 5);
  event.recurrence_overrides = (char *)sqlite3_column_text (row, 6);
  event.title = (char *)sqlite3_column_text (row, 7);
  event.location = (char *)sqlite3_column_text (row, 8);
  event.status = (char *)sqlite3_column_text (row, 9);
  return event;
}

static TlOccurrenceItem *
occurrence_new (const TlCalendarEvent *event, const TlInstance *instance, sqlite3_stmt *row)
{
  TlOccurrenceItem *item = g_object_new (TL_TYPE_OCCURRENCE_ITEM, NULL);
  const char *answer = (const char *)sqlite3_column_text (row, 10);

  item->key = event->record.key;
  item->id = g_strdup (instance->id);
  item->start = instance->start;
  item->end = instance->end;
  item->title = g_strdup (event->title);
  item->location = g_strdup (event->location);
  item->is_all_day = event->show_without_time == TL_TRUE;
  item->is_recurring = instance->id[0] != '\0';
  item->is_cancelled = g_strcmp0 (event->status, "cancelled") == 0;
  item->is_tentative = g_strcmp0 (event->status, "tentative") == 0;
  item->is_unanswered =
      sqlite3_column_int (row, 11) && (answer == NULL || g_str_equal (answer, "needs-action"));
  item->calendar_key = sqlite3_column_int64 (row, 12);
  item->calendar_name = tl_row_text (row, 13);
  item->color = tl_row_text (row, 14);
  item->is_writable = sqlite3_column_int (row, 15);
  item->op = sqlite3_column_int64 (row, 16);
  return item;
}

static void
add_occurrences (const Spec *spec, sqlite3_stmt *row, GPtrArray *items)
{
  TlCalendarEvent event = read_event (row);
  g_autoptr (GArray) instances =
      tl_event_instances (&event, spec->home, spec->from, spec->until, NULL);

  for (guint i = 0; i < instances->len && items->len < MOST_OCCURRENCES; i++) {
    const TlInstance *instance = &g_array_index (instances, TlInstance, i);

    if (event.recurrence_overrides && *instance->id &&
        strstr (event.recurrence_overrides, instance->id)) {
      TlCalendarEvent *own = tl_event_instance (&event, instance->id);
      g_ptr_array_add (items, occurrence_new (own, instance, row));
      tl_record_free (&tl_calendar_event_type, own);
    } else {
      g_ptr_array_add (items, occurrence_new (&event, instance, row));
    }
  }
}

static gpointer
read_agenda (TlDb *db, gpointer data, GError **error)
{
  const Spec *spec = data;
  sqlite3_stmt *events = tl_db_statement (db, SQL, "events");
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (events, 1, spec->me);
  sqlite3_bind_int64 (events, 2, spec->from);
  sqlite3_bind_int64 (events, 3, spec->until);
  while (tl_db_step (db, events, &failed))
    add_occurrences (spec, events, items);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return NULL;
  }
  g_ptr_array_sort (items, compare);
  return g_steal_pointer (&items);
}

/* --- the list ------------------------------------------------------------------------------------ */

struct _TlAgenda {
  GObject parent;
  TlAsker *asker;
  gint64 me, from, until;
  GPtrArray *items;
  gboolean is_ready;
};

enum { PROP_READY = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return TL_TYPE_OCCURRENCE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return TL_AGENDA (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  TlAgenda *self = TL_AGENDA (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TlAgenda, tl_agenda, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static gpointer
begin (gpointer owner)
{
  TlAgenda *self = TL_AGENDA (owner);
  Spec *spec;

  if (self->until <= self->from)
    return NULL;
  spec = g_new (Spec, 1);
  *spec = (Spec){ self->me, self->from, self->until, tl_agenda_home_zone () };
  return spec;
}

static guint
common_start (GPtrArray *a, GPtrArray *b)
{
  guint n = 0;

  while (n < MIN (a->len, b->len) && is_same (a->pdata[n], b->pdata[n]))
    n++;
  return n;
}

static guint
common_end (GPtrArray *a, GPtrArray *b, guint start)
{
  guint n = 0;

  while (n < MIN (a->len, b->len) - start &&
         is_same (a->pdata[a->len - 1 - n], b->pdata[b->len - 1 - n]))
    n++;
  return n;
}

/* Items that stay are the ones that were there. */
static void
keep (GPtrArray *from, guint start, GPtrArray *to, guint at, guint n)
{
  for (guint i = 0; i < n; i++)
    g_set_object ((GObject **)&to->pdata[at + i], from->pdata[start + i]);
}

static void
take (gpointer owner, gpointer result)
{
  g_autoptr (TlAgenda) self = g_object_ref (TL_AGENDA (owner));
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->items);
  guint start, end;

  self->items = result;
  start = common_start (before, self->items);
  end = common_end (before, self->items, start);
  keep (before, 0, self->items, 0, start);
  keep (before, before->len - end, self->items, self->items->len - end, end);
  if (before->len - start - end > 0 || self->items->len - start - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, before->len - start - end,
                                self->items->len - start - end);
  if (self->is_ready)
    return;
  self->is_ready = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("the agenda could not be read: %s", error->message);
}

static void
items_free (gpointer items)
{
  g_ptr_array_unref (items);
}

static const TlQuestion question = { begin, spec_free, read_agenda, take, failed, items_free };

static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlAgenda *self)
{
  if (changes->types & FOLLOWED)
    tl_asker_ask (self->asker);
}

TlAgenda *
tl_agenda_new (TlReplica *replica, gint64 me)
{
  TlAgenda *self = g_object_new (TL_TYPE_AGENDA, NULL);

  self->me = me;
  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect_object (replica, "changed", G_CALLBACK (replica_changed), self, 0);
  return self;
}

void
tl_agenda_ask (TlAgenda *self, gint64 from, gint64 until)
{
  if (self->from == from && self->until == until)
    return;
  self->from = from;
  self->until = until;
  tl_asker_ask_anew (self->asker);
}

char *
tl_agenda_home_zone (void)
{
  g_autoptr (GTimeZone) zone = tl_zone_here ();
  const char *name = g_time_zone_get_identifier (zone);

  return g_strdup (tl_zone_is_known (name) ? name : "Etc/UTC");
}

static void
tl_agenda_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, TL_AGENDA (object)->is_ready);
}

static void
tl_agenda_finalize (GObject *object)
{
  TlAgenda *self = TL_AGENDA (object);

  tl_asker_free (self->asker);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (tl_agenda_parent_class)->finalize (object);
}

static void
tl_agenda_class_init (TlAgendaClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_agenda_get_property;
  object_class->finalize = tl_agenda_finalize;
  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tl_agenda_init (TlAgenda *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/* --- calendars ----------------------------------------------------------------------------------- */

#define MEMBER(kind_, member_, name_)                                                              \
  { name_, TL_MEMBER_##kind_, G_STRUCT_OFFSET (TlCalendarItem, member_) }

static const TlMember members[] = {
  MEMBER (BOOLEAN, loaded, "loaded"),
  MEMBER (INT64, key, "key"),
  MEMBER (STRING, name, "name"),
  MEMBER (STRING, color, "color"),
  MEMBER (STRING, role, "role"),
  MEMBER (BOOLEAN, is_hidden, "is-hidden"),
  MEMBER (BOOLEAN, is_default, "is-default"),
  MEMBER (UINT, members, "members"),
};

G_DEFINE_FINAL_TYPE (TlCalendarItem, tl_calendar_item, G_TYPE_OBJECT)

static void
tl_calendar_item_class_init (TlCalendarItemClass *class)
{
  tl_item_class_setup (G_OBJECT_CLASS (class), members, G_N_ELEMENTS (members));
}

static void
tl_calendar_item_init (TlCalendarItem *self)
{
}

static gboolean
query_calendars (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  return tl_rows_read (db, tl_db_statement (db, SQL, "calendars"), rows, error);
}

static GObject *
load_calendar (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "calendar");
  TlCalendarItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  sqlite3_bind_int64 (found, 2, *(const gint64 *)spec);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_CALENDAR_ITEM, NULL);
  item->key = row->key;
  item->name = tl_row_text (found, 0);
  item->color = tl_row_text (found, 1);
  item->role = tl_row_text (found, 2);
  item->is_hidden = sqlite3_column_int (found, 3);
  item->is_default = sqlite3_column_int (found, 4);
  item->members = (guint)sqlite3_column_int (found, 5);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_calendar_item_get_type,
  .types = TL_CALENDARS,
  .keyed = TL_CALENDARS | TL_CALENDAR_MARKS,
  .details = TL_CALENDAR_MEMBERS,
  .query = query_calendars,
  .load = load_calendar,
};

TlKeyList *
tl_calendar_list_new (TlReplica *replica, gint64 me)
{
  return tl_key_list_new (replica, &source, g_memdup2 (&me, sizeof me), g_free);
}

/* --- one event ----------------------------------------------------------------------------------- */

static gpointer
read_event_whole (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GError) failed_ = NULL;
  gpointer event = tl_record_load (db, &tl_calendar_event_type, *(gint64 *)data, &failed_);

  if (event)
    return event;
  if (failed_)
    g_propagate_error (error, g_steal_pointer (&failed_));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "The event is not there any more");
  return NULL;
}

static void
event_free (gpointer event)
{
  tl_record_free (&tl_calendar_event_type, event);
}

DexFuture *
tl_event_load (TlReplica *replica, gint64 event)
{
  return tl_replica_read (replica, read_event_whole, g_memdup2 (&event, sizeof event), g_free,
                          event_free);
}
