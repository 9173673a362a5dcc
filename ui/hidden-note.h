/* hidden-note.h: above a list, how many rows filters leave out of it; invisible while they leave out none. */
#pragma once

#include "sync/models/filters.h"

#include <gtk/gtk.h>

#define TL_TYPE_HIDDEN_NOTE (tl_hidden_note_get_type ())
G_DECLARE_FINAL_TYPE (TlHiddenNote, tl_hidden_note, TL, HIDDEN_NOTE, GtkBox)

/* Signal: changed (), when it says something else. */

/* Asks anew. place 0: what is shown is not filtered. */
void tl_hidden_note_ask (TlHiddenNote *self, TlReplica *replica, TlFilterPlaces place, gint64 me,
                         gint64 feed, const char *folder);
/* What it says, or NULL. */
const char *tl_hidden_note_sentence (TlHiddenNote *self);
