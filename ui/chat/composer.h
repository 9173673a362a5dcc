/* composer.h: where a message is written. Keeps what is typed as a draft within a second. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"
#include "sync/replica.h"

#include <gtk/gtk.h>

#define TL_TYPE_COMPOSER (tl_composer_get_type ())
G_DECLARE_FINAL_TYPE (TlComposer, tl_composer, TL, COMPOSER, GtkBox)

/* Signals: sent () after a message entered the outbox; edit-last (): Up in an empty one. */
void tl_composer_set_up (TlComposer *self, TlReplica *replica, TlMedia *media);
/* What is dropped on `widget` goes along. */
void tl_composer_accept_drops (TlComposer *self, GtkWidget *widget);
/* Saves the draft of the room before and loads this one's. */
void tl_composer_open (TlComposer *self, gint64 room, const char *room_name);
void tl_composer_reply_to (TlComposer *self, TlMessageItem *message);
/* Enter changes the message instead of sending one; what was typed before comes back. */
void tl_composer_edit (TlComposer *self, TlMessageItem *message);
void tl_composer_focus (TlComposer *self);
/* As Enter does. */
void tl_composer_send (TlComposer *self);
