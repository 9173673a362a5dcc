/* state.h: where the window was left: its size, and what was open. A small file of this user's. */
#pragma once

#include "ui/window.h"

/* Size before the window is shown. */
void tl_state_restore_window (GtkWindow *window);
void tl_state_restore_view (TlMainView *view);
void tl_state_save (TlWindow *window);
