/* join-dialog.h: where a person who is invited says by which link and who they will be. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

#define TL_TYPE_JOIN_DIALOG (tl_join_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlJoinDialog, tl_join_dialog, TL, JOIN_DIALOG, AdwDialog)

/* `link` may be NULL. Signal: joined (TlRemote *, JsonObject *account, char *server), as TlSignIn's signed-in. */
AdwDialog *tl_join_dialog_new (TlSecrets *secrets, const char *link);
