/* alarms.c: the reminders say when; what is told in a quiet hour is not told. Main thread. */
#include "app/alarms.h"

#include "sync/actions-calendar.h"
#include "sync/reminders.h"
#include "ui/words.h"

#include <glib/gi18n.h>

#define SNOOZE (G_GINT64_CONSTANT (10) * 60 * 1000)

struct _TlAlarms {
  GApplication *application; /* not owned: it owns us */
  TlReplica *replica;
  TlPreferences *preferences;
  TlReminders *reminders;
};

static gint64
now_ms (void)
{
  return g_get_real_time () / 1000;
}

static char *
notification_id (gint64 event)
{
  return g_strdup_printf ("event-%" G_GINT64_FORMAT, event);
}

static char *
words (const TlReminder *reminder)
{
  g_autofree char *when = reminder->is_all_day || !tl_words_is_same_day (reminder->start, now_ms ())
                              ? tl_words_day (reminder->start)
                              : tl_words_clock (reminder->start);

  return reminder->location && *reminder->location
             ? g_strdup_printf ("%s · %s", when, reminder->location)
             : g_steal_pointer (&when);
}

static void
due (TlReminders *reminders, const TlReminder *reminder, TlAlarms *self)
{
  g_autofree char *id = notification_id (reminder->event), *body = words (reminder);
  g_autoptr (GNotification) notification = NULL;

  if (tl_preferences_is_quiet (self->preferences, now_ms ()))
    return;
  notification =
      g_notification_new (reminder->title && *reminder->title ? reminder->title : _ ("Reminder"));
  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.open-event", "x",
                                                reminder->event);
  g_notification_add_button_with_target (notification, _ ("Snooze"), "app.snooze-event", "x",
                                         reminder->event);
  g_notification_add_button_with_target (notification, _ ("Dismiss"), "app.dismiss-event", "x",
                                         reminder->event);
  g_application_send_notification (self->application, id, notification);
}

static void
done (TlReminders *reminders, gint64 event, TlAlarms *self)
{
  g_autofree char *id = notification_id (event);

  g_application_withdraw_notification (self->application, id);
}

TlAlarms *
tl_alarms_new (GApplication *application, TlReplica *replica, TlPreferences *preferences)
{
  TlAlarms *self = g_new0 (TlAlarms, 1);

  self->application = application;
  self->replica = g_object_ref (replica);
  self->preferences = g_object_ref (preferences);
  self->reminders = tl_reminders_new (replica);
  g_signal_connect (self->reminders, "due", G_CALLBACK (due), self);
  g_signal_connect (self->reminders, "done", G_CALLBACK (done), self);
  return self;
}

void
tl_alarms_free (TlAlarms *self)
{
  g_signal_handlers_disconnect_by_data (self->reminders, self);
  g_object_unref (self->reminders);
  g_object_unref (self->preferences);
  g_object_unref (self->replica);
  g_free (self);
}

void
tl_alarms_snooze (TlAlarms *self, gint64 event)
{
  dex_future_disown (tl_action_snooze_reminder (self->replica, event, now_ms () + SNOOZE));
}

void
tl_alarms_dismiss (TlAlarms *self, gint64 event)
{
  dex_future_disown (tl_action_acknowledge (self->replica, event, now_ms ()));
}
