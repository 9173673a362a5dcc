/* alarms.h: a desktop notification for each reminder that is due, one an event, withdrawn when it is done with on any
 * device. */
#pragma once

#include "sync/models/preferences.h"

typedef struct _TlAlarms TlAlarms;

/* `application` owns it. Its notifications open, put off and end by the actions open-event, snooze-event and
 * dismiss-event (x). */
TlAlarms *tl_alarms_new (GApplication *application, TlReplica *replica, TlPreferences *preferences);
void tl_alarms_free (TlAlarms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlAlarms, tl_alarms_free)
/* Ten minutes from now; not any more. */
void tl_alarms_snooze (TlAlarms *self, gint64 event);
void tl_alarms_dismiss (TlAlarms *self, gint64 event);
