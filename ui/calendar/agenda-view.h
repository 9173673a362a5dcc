/* agenda-view.h: what happens, day after day, as a list. */
#pragma once

#include "sync/models/agenda.h"

#include <adwaita.h>

#define TL_TYPE_AGENDA_VIEW (tl_agenda_view_get_type ())
G_DECLARE_FINAL_TYPE (TlAgendaView, tl_agenda_view, TL, AGENDA_VIEW, AdwBin)

/* Signal: open (TlOccurrenceItem *, GtkWidget *row). */
GtkWidget *tl_agenda_view_new (void);
void tl_agenda_view_set_agenda (TlAgendaView *self, TlAgenda *agenda);
