/* session.h: opens and ends what a signed-in account brings. */
#pragma once

#include "ui/session.h"

/* Opens the replica and starts to sync. `remote` NULL: one with the kept session. */
TlSession *tl_session_open (const TlAccount *account, TlRemote *remote, TlSecrets *secrets,
                            GError **error);
/* Resolves when nothing of it runs any more. Whoever borrowed from it must be gone. */
DexFuture *tl_session_close (TlSession *self);
/* Says goodbye to the server (if it is there), and with `removes` takes the account's folder from this computer. */
DexFuture *tl_session_sign_out (TlSession *self, gboolean removes);
