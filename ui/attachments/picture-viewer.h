/* picture-viewer.h: one picture as large as the window lets it be, with what it shows in words. */
#pragma once

#include "sync/attachment.h"
#include "sync/media.h"

#include <adwaita.h>

/* `attachment` is copied. */
AdwDialog *tl_picture_viewer_new (const TlAttachment *attachment, TlMedia *media);
