/* browser-dialog.h: what is shown while a person signs in by the system's browser. Main thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

/* Opens the browser, and says so over `parent` until it is over. Resolves and rejects as tl_browser_sign_in(). */
DexFuture *tl_browser_dialog_sign_in (GtkWidget *parent, TlRemote *remote);
