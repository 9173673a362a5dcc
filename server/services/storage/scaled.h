/* scaled.h: pictures at sizes. Each is made when it is first asked for, by a confined program (server/scale), and kept
 * as a blob of its own. */
#pragma once

#include "server/server.h"

/* What "?size=" may say: the greatest side in pixels. */
#define TL_SCALED_SIZES "160, 320, 640 or 1280"

/* 0 with *said FALSE when nothing is said; 0 with TRUE for what is no such size. */
guint tl_scaled_wanted (TlRequest *request, gboolean *said);

/* An open descriptor of `blob` at `size`, "image/jpeg" or "image/png" in *type; -1 with an error:
 * G_IO_ERROR_NOT_SUPPORTED when it is no picture that can be made smaller. Whether one may read it is asked before. */
int tl_scaled_open (TlServer *server, TlPg *pg, const char *blob, guint size, const char **type,
                    GError **error);
