/* opened.h: files as copies under their own names, for other programs to read: in the account's folder, until the app
 * starts again. */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"

#define TL_OPENED_FOLDER "opened"

/* Resolves to a GFile that nobody may write. Rejects with a sentence: not here and not to be had, disk full, or a
 * program, which opening would run. */
DexFuture *tl_opened_copy (TlMedia *media, const TlAttachment *attachment);
