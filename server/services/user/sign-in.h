/* sign-in.h: what every way of signing in by a password shares. Any worker thread. */
#pragma once

#include "server/server.h"

/* The row of who signs in with `password`: account, name, the password's hash, (a column of the inside), whether there is a
 * second factor ('t'). NULL without an error: nobody, which takes as long. */
PGresult *tl_sign_in_find (TlPg *pg, const char *login, const char *password, GError **error);
/* Counts a try. Seconds until it may be made, 0 for now: who tries one login often waits, and who tries many from one
 * address. */
guint tl_sign_in_wait (TlRequest *request, const char *login);
/* The try was a good one. */
void tl_sign_in_forgive (TlRequest *request, const char *login);
