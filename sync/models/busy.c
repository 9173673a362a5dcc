/* busy.c: the instances of a day and a half around now are read when an event changed, and again when a day has passed. */
#include "sync/models/busy.h"

#include "sync/models/agenda.h"
#include "sync/models/asker.h"
#include "sync/models/key-list.h"
#include "sync/wire/recurrence.h"

#define SQL "models/busy.sql"
#define HOUR (G_GINT64_CONSTANT (60) * 60 * 1000)
#define AHEAD (36 * HOUR)
#define STALE (24 * HOUR)

struct _TlBusy {
  TlReplica *replica;
  gint64 me, read_at;
  TlAsker *asker;
  GArray *times; /* of TlInstance */
};

typedef struct {
  gint64 me, now;
} Asked;

static gpointer
begin (gpointer owner)
{
  TlBusy *self = owner;
  Asked *asked = g_new (Asked, 1);

  self->read_at = g_get_real_time () / 1000;
  *asked = (Asked){ self->me, self->read_at };
  return asked;
}

static void
add_event (GArray *times, sqlite3_stmt *row, const char *home, gint64 now)
{
  TlCalendarEvent event = { .start = (char *)sqlite3_column_text (row, 0),
                            .duration = (char *)sqlite3_column_text (row, 1),
                            .time_zone = (char *)sqlite3_column_text (row, 2),
                            .recurrence_rules = (char *)sqlite3_column_text (row, 3),
                            .recurrence_overrides = (char *)sqlite3_column_text (row, 4) };
  g_autoptr (GArray) instances = tl_event_instances (&event, home, now, now + AHEAD, NULL);

  for (guint i = 0; i < instances->len; i++) {
    const TlInstance *instance = &g_array_index (instances, TlInstance, i);
    TlInstance time = { .start = instance->start, .end = instance->end };

    g_array_append_val (times, time);
  }
}

static gpointer
read_times (TlDb *db, gpointer data, GError **error)
{
  const Asked *asked = data;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (TlInstance));
  g_autofree char *home = tl_agenda_home_zone ();
  sqlite3_stmt *row = tl_db_statement (db, SQL, "busy");
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (row, 1, asked->me);
  sqlite3_bind_int64 (row, 2, asked->now);
  sqlite3_bind_int64 (row, 3, asked->now + AHEAD);
  while (tl_db_step (db, row, &failed))
    add_event (times, row, home, asked->now);
  if (failed == NULL)
    return g_steal_pointer (&times);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static void
take (gpointer owner, gpointer result)
{
  TlBusy *self = owner;

  g_array_unref (self->times);
  self->times = result;
}

static void
failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("when one is busy could not be read: %s", error->message);
}

static void
free_times (gpointer times)
{
  g_array_unref (times);
}

static const TlQuestion question = { begin, g_free, read_times, take, failed, free_times };

static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlBusy *self)
{
  if (changes->types & (TL_CALENDAR_EVENTS | TL_CALENDAR_MARKS | TL_CALENDAR_MEMBERS))
    tl_asker_ask (self->asker);
}

TlBusy *
tl_busy_new (TlReplica *replica, gint64 me)
{
  TlBusy *self = g_new0 (TlBusy, 1);

  self->replica = g_object_ref (replica);
  self->me = me;
  self->times = g_array_new (FALSE, FALSE, sizeof (TlInstance));
  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect (replica, "changed", G_CALLBACK (replica_changed), self);
  tl_asker_ask (self->asker);
  return self;
}

void
tl_busy_free (TlBusy *self)
{
  g_signal_handlers_disconnect_by_data (self->replica, self);
  tl_asker_free (self->asker);
  g_object_unref (self->replica);
  g_array_unref (self->times);
  g_free (self);
}

gboolean
tl_busy_is (TlBusy *self, gint64 now)
{
  if (ABS (now - self->read_at) > STALE)
    tl_asker_ask (self->asker);
  for (guint i = 0; i < self->times->len; i++) {
    const TlInstance *time = &g_array_index (self->times, TlInstance, i);

    if (time->start <= now && now < time->end)
      return TRUE;
  }
  return FALSE;
}
