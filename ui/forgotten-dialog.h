/* forgotten-dialog.h: asks whoever forgot their password for their address, and has the server write there. Main
 * thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

void tl_forgotten_dialog_present (TlRemote *remote, GtkWidget *parent);
