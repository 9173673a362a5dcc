/* toast.h: sentences that pass by, some with "Undo". They are text, never markup: much of it was written by somebody
 * else. Main thread. */
#pragma once

#include <adwaita.h>

AdwToast *tl_toast_new (const char *sentence);
/* "Undo" calls `undo` with `data`, which `data_free` ends when the toast is over. */
AdwToast *tl_toast_with_undo (const char *sentence, void (*undo) (gpointer data), gpointer data,
                              GDestroyNotify data_free);
