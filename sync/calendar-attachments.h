/* calendar-attachments.h: the files of events on their way into a calendar file and out of one. In a fiber of the main
 * context. */
#pragma once

#include "sync/media.h"
#include "sync/wire/ical.h"

/* For TlIcalFiles.bytes: the small ones, as long as the network gives them. */
GHashTable *tl_calendar_files_gather (TlMedia *media, const TlCalendarEvent *const *events,
                                      guint n);
/* What came with `ical` waits to be sent (sync/uploads.h), and its events name it so. What cannot be kept is left out;
 * the first reason is the error. */
gboolean tl_calendar_files_keep (TlReplica *replica, TlIcal *ical, GError **error);
