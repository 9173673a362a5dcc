/* event-dialog.h: a new event, or an old one changed: all of it or one instance. */
#pragma once

#include "sync/media.h"
#include "sync/models/agenda.h"

#include <adwaita.h>

/* Of an event that repeats: which of its instances. */
typedef enum { TL_EXTENT_ALL, TL_EXTENT_THIS, TL_EXTENT_FOLLOWING } TlEventExtent;

/* A new one (a draft until it is saved or cancelled) that begins at `day` (and `minutes` after midnight; -1: the next whole hour, all day when `all_day`). */
AdwDialog *tl_event_dialog_new (TlReplica *replica, gint64 me, gint64 day, int minutes,
                                gboolean all_day);
/* Files can come along. */
void tl_event_dialog_set_media (AdwDialog *dialog, TlMedia *media);
/* Its reminder, minutes before; -1: none. */
void tl_event_dialog_set_reminder (AdwDialog *dialog, int minutes);
/* What is there, loaded by and by; of what repeats only this instance, it and those behind it, or all. */
AdwDialog *tl_event_dialog_new_for (TlReplica *replica, gint64 me, TlOccurrenceItem *item,
                                    TlEventExtent extent);
/* Begins with these words, of `made_of` (a message or an article). */
void tl_event_dialog_set_words (AdwDialog *dialog, const char *title, const char *notes,
                                gint64 made_of);
