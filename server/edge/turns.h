/* turns.h: how many of something each account has under way, no more than a limit. Any thread. */
#pragma once

#include <glib.h>

typedef struct _TlTurns TlTurns;

TlTurns *tl_turns_new (guint limit);
void tl_turns_free (TlTurns *self);
/* FALSE when the account has as many as it may. */
gboolean tl_turns_take (TlTurns *self, gint64 account);
void tl_turns_give (TlTurns *self, gint64 account);
