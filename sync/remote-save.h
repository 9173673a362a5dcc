/* remote-save.h: a blob of any size into a file, as it comes. Main thread; errors are the remote's, or the file's. */
#pragma once

#include "sync/remote.h"

/* Resolves when it is there, whole; otherwise no file is left. */
DexFuture *tl_remote_save (TlRemote *self, const char *blob_id, GFile *file);
