/* suspend-button.h: keeping somebody out of the server, and letting them in again, for who may. Main thread. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

/* It is not to be seen until the server says that one may. */
GtkWidget *tl_suspend_button_new (const TlSession *session, gint64 person);
