/* reminders.c: those of the days around now are read when something changed, and every hour; a timer looks at the clock
 * of the wall once a minute and when the next one is due.
 *
 * What was told of is remembered by event and time, so that it is told once. */
#include "sync/reminders.h"

#include "sync/models/agenda.h"
#include "sync/models/asker.h"
#include "sync/models/rows.h"
#include "sync/wire/recurrence.h"

#define SQL "reminders.sql"
#define MINUTE (G_GINT64_CONSTANT (60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define LATEST HOUR      /* what was due before that is not told any more */
#define AHEAD (31 * DAY) /* alerts further before their event are not told */

struct _TlReminders {
  GObject parent;
  TlAsker *asker;
  GPtrArray *coming; /* of TlReminder, those told included */
  GHashTable *told;  /* gint64 event to gint64 due */
  gint64 read_at;
  guint timer;
};

G_DEFINE_FINAL_TYPE (TlReminders, tl_reminders, G_TYPE_OBJECT)

enum { DUE, DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

static gint64
now_ms (void)
{
  return g_get_real_time () / 1000;
}

static void
reminder_free (gpointer data)
{
  TlReminder *reminder = data;

  g_free (reminder->title);
  g_free (reminder->location);
  g_free (reminder);
}

/* --- reading (reader threads) -------------------------------------------------------------------- */

typedef struct {
  sqlite3_stmt *row;
  gint64 now, acknowledged, snoozed;
  GPtrArray *reminders;
} Reading;

static void
add (Reading *reading, const TlInstance *instance, gint64 due)
{
  TlReminder *reminder;

  if (due <= reading->now - LATEST || due <= reading->acknowledged)
    return;
  reminder = g_new0 (TlReminder, 1);
  reminder->event = sqlite3_column_int64 (reading->row, 0);
  reminder->title = tl_row_text (reading->row, 7);
  reminder->location = tl_row_text (reading->row, 8);
  reminder->is_all_day = sqlite3_column_int (reading->row, 4);
  reminder->start = instance->start;
  reminder->due = due;
  g_ptr_array_add (reading->reminders, reminder);
}

/* "-PT15M" before, "PT5M" after; FALSE for what is no offset. */
static gboolean
parse_offset (const char *text, gint64 *ms)
{
  gboolean is_before = text && *text == '-';

  *ms = text ? tl_duration_to_ms (text + (is_before || *text == '+')) : -1;
  if (*ms < 0)
    return FALSE;
  *ms = is_before ? -*ms : *ms;
  return TRUE;
}

static JsonObject *
object_in (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* One that was put off comes at that time instead. */
static void
add_alert (Reading *reading, JsonObject *alert, GArray *instances)
{
  JsonObject *trigger = object_in (alert, "trigger");
  gboolean is_to_end;
  gint64 offset;

  if (trigger == NULL ||
      !parse_offset (json_object_get_string_member_with_default (trigger, "offset", NULL), &offset))
    return;
  is_to_end =
      g_strcmp0 (json_object_get_string_member_with_default (trigger, "relativeTo", "start"),
                 "end") == 0;
  for (guint i = 0; i < instances->len; i++) {
    const TlInstance *instance = &g_array_index (instances, TlInstance, i);
    gint64 due = (is_to_end ? instance->end : instance->start) + offset;

    if (due > reading->snoozed)
      add (reading, instance, due);
  }
}

static void
add_alerts (Reading *reading, GArray *instances)
{
  const char *text = (const char *)sqlite3_column_text (reading->row, 9);
  g_autoptr (JsonNode) node = text ? json_from_string (text, NULL) : NULL;
  JsonObject *alerts = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GList) ids = alerts ? json_object_get_members (alerts) : NULL;

  for (GList *at = ids; at; at = at->next) {
    JsonObject *alert = object_in (alerts, at->data);

    if (alert)
      add_alert (reading, alert, instances);
  }
  if (reading->snoozed > reading->acknowledged && instances->len > 0)
    add (reading, &g_array_index (instances, TlInstance, 0), reading->snoozed);
}

static void
add_event (Reading *reading, const char *home)
{
  sqlite3_stmt *row = reading->row;
  TlCalendarEvent event = { .start = (char *)sqlite3_column_text (row, 1),
                            .duration = (char *)sqlite3_column_text (row, 2),
                            .time_zone = (char *)sqlite3_column_text (row, 3),
                            .show_without_time = sqlite3_column_int (row, 4) ? TL_TRUE : TL_FALSE,
                            .recurrence_rules = (char *)sqlite3_column_text (row, 5),
                            .recurrence_overrides = (char *)sqlite3_column_text (row, 6) };
  g_autoptr (GArray) instances =
      tl_event_instances (&event, home, reading->now - DAY, reading->now + AHEAD, NULL);

  reading->acknowledged = sqlite3_column_int64 (row, 10);
  reading->snoozed = sqlite3_column_int64 (row, 11);
  add_alerts (reading, instances);
}

static gpointer
read_reminders (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) reminders = g_ptr_array_new_with_free_func (reminder_free);
  g_autofree char *home = tl_agenda_home_zone ();
  Reading reading = { .row = tl_db_statement (db, SQL, "events"),
                      .now = *(gint64 *)data,
                      .reminders = reminders };
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (reading.row, 1, reading.now - DAY);
  sqlite3_bind_int64 (reading.row, 2, reading.now + AHEAD);
  while (tl_db_step (db, reading.row, &failed))
    add_event (&reading, home);
  if (failed == NULL)
    return g_steal_pointer (&reminders);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

/* --- telling ------------------------------------------------------------------------------------- */

static gboolean look (gpointer data);

static void
wait_for (TlReminders *self, gint64 ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add ((guint)CLAMP (ms, 1, MINUTE), look, self);
}

static void
tell (TlReminders *self, const TlReminder *reminder, gint64 now)
{
  gint64 *told = g_hash_table_lookup (self->told, &reminder->event);

  if (reminder->due <= now - LATEST || (told && *told >= reminder->due))
    return;
  g_hash_table_replace (self->told, g_memdup2 (&reminder->event, sizeof (gint64)),
                        g_memdup2 (&reminder->due, sizeof (gint64)));
  g_signal_emit (self, signals[DUE], 0, reminder);
}

static gboolean
look (gpointer data)
{
  g_autoptr (TlReminders) self = g_object_ref (data);
  gint64 now = now_ms (), next = now + MINUTE;
  g_autoptr (GPtrArray) coming = g_ptr_array_ref (self->coming);

  self->timer = 0;
  if (ABS (now - self->read_at) > HOUR)
    tl_asker_ask (self->asker);
  for (guint i = 0; i < coming->len; i++) {
    const TlReminder *reminder = coming->pdata[i];

    if (reminder->due <= now)
      tell (self, reminder, now);
    else
      next = MIN (next, reminder->due);
  }
  wait_for (self, next - now);
  return G_SOURCE_REMOVE;
}

static gboolean
is_coming (GPtrArray *coming, gint64 event, gint64 due)
{
  for (guint i = 0; i < coming->len; i++) {
    const TlReminder *reminder = coming->pdata[i];

    if (reminder->event == event && reminder->due == due)
      return TRUE;
  }
  return FALSE;
}

/* What was told of and does not come any more, though it is not too old, is done with. */
static void
end_told (TlReminders *self)
{
  GHashTableIter iter;
  gpointer event, due;

  g_hash_table_iter_init (&iter, self->told);
  while (g_hash_table_iter_next (&iter, &event, &due)) {
    gint64 key = *(gint64 *)event;

    if (is_coming (self->coming, key, *(gint64 *)due) || *(gint64 *)due <= self->read_at - LATEST)
      continue;
    g_hash_table_iter_remove (&iter);
    g_signal_emit (self, signals[DONE], 0, key);
  }
}

static gpointer
begin (gpointer owner)
{
  TlReminders *self = TL_REMINDERS (owner);

  self->read_at = now_ms ();
  return g_memdup2 (&self->read_at, sizeof (gint64));
}

static void
take (gpointer owner, gpointer result)
{
  TlReminders *self = TL_REMINDERS (owner);

  g_ptr_array_unref (self->coming);
  self->coming = result;
  end_told (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  look (self);
}

static void
failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("the reminders could not be read: %s", error->message);
}

static void
free_reminders (gpointer reminders)
{
  g_ptr_array_unref (reminders);
}

static const TlQuestion question = { begin,          g_free, read_reminders, take, failed,
                                     free_reminders, TRUE };

static void
on_changed (TlReplica *replica, const TlChanges *changes, TlReminders *self)
{
  if (changes->types & (TL_CALENDAR_EVENTS | TL_EVENT_MARKS | TL_CALENDAR_MARKS))
    tl_asker_ask (self->asker);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
tl_reminders_finalize (GObject *object)
{
  TlReminders *self = TL_REMINDERS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  tl_asker_free (self->asker);
  g_ptr_array_unref (self->coming);
  g_hash_table_unref (self->told);
  G_OBJECT_CLASS (tl_reminders_parent_class)->finalize (object);
}

static void
tl_reminders_class_init (TlRemindersClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_reminders_finalize;
  signals[DUE] = g_signal_new ("due", TL_TYPE_REMINDERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[DONE] = g_signal_new ("done", TL_TYPE_REMINDERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_reminders_init (TlReminders *self)
{
  self->coming = g_ptr_array_new_with_free_func (reminder_free);
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

TlReminders *
tl_reminders_new (TlReplica *replica)
{
  TlReminders *self = g_object_new (TL_TYPE_REMINDERS, NULL);

  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect_object (replica, "changed", G_CALLBACK (on_changed), self, 0);
  tl_asker_ask (self->asker);
  return self;
}
