/* browser-sign-in.h: signing in on a page of the server's, in the system's browser (RFC 8252): the code comes back to this
 * computer's loopback, and is worth nothing without what only this process knows (RFC 7636). Main context. */
#pragma once

#include "sync/remote.h"

/* Once it is known where the page is, `open` is called with its address. Resolves as tl_remote_sign_in(); rejects when the
 * server knows no such way, when the person said no (G_IO_ERROR_PERMISSION_DENIED), and after ten minutes. `cancel` ends it
 * (G_IO_ERROR_CANCELLED);
 * `data` is freed when it is over. */
DexFuture *tl_browser_sign_in (TlRemote *remote, const char *device, DexCancellable *cancel,
                               void (*open) (const char *address, gpointer data), gpointer data,
                               GDestroyNotify data_free);
