/* form-guard.h: a form is only taken from the browser that it was shown to, so that no other site fills it in (a cookie, and
 * the same thing sealed in the form). Any worker thread. */
#pragma once

#include "server/server.h"

/* Sets the cookie, and gives the hidden field (HTML) that goes with it. */
char *tl_form_guard_field (TlRequest *request);
/* `field`: what came back; NULL for nothing. */
gboolean tl_form_guard_holds (TlRequest *request, const char *field);
