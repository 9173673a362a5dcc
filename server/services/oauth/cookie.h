/* cookie.h: a number by which a browser is known again for a while, which says nothing of anybody. Any worker thread. */
#pragma once

#include "server/server.h"

#define TL_COOKIE_HEX 33

/* FALSE when there is none that we would have set. */
gboolean tl_cookie_read (TlRequest *request, const char *name, char number[TL_COOKIE_HEX]);
/* The one there is goes on, since other tabs have it, too; otherwise a new one is set. */
void tl_cookie_keep (TlRequest *request, const char *name, const char *path, guint seconds,
                     char number[TL_COOKIE_HEX]);
