/* state.h: where the window was left: its size, and what each account had open. A small file of this user's. */
#pragma once

#include "sync/account.h"
#include "ui/window.h"

/* Size before the window is shown. */
void tl_state_restore_window (GtkWindow *window);
void tl_state_restore_view (TlMainView *view, const TlAccount *account);
/* account: whose view is shown; NULL while nobody's is. */
void tl_state_save (TlWindow *window, const TlAccount *account);
