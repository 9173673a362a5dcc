/* remote-devices.h: where the account is signed in, as the server knows it, and with which password. Nothing of it is
 * kept here: without the server there is no list. Main thread; errors are the remote's. */
#pragma once

#include "sync/remote.h"

/* Resolves to a JsonArray of {id, name, signedInAt, seenAt, isThis}, this device first. */
DexFuture *tl_remote_devices (TlRemote *self);
/* Resolves when the device of this id is signed out. */
DexFuture *tl_remote_end_device (TlRemote *self, const char *id);
/* Resolves when `password` holds instead of `before`; all other devices are signed out. */
DexFuture *tl_remote_change_password (TlRemote *self, const char *before, const char *password);
