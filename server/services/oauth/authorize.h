/* authorize.h: what comes after it is known who signs in, by whichever way. Any worker thread. */
#pragma once

#include "server/services/oauth/ask.h"

/* `person`: a row as tl_sign_in_find() gives it. Their second step, if they have one; else the code that the program gets. */
void tl_oauth_go_on (TlRequest *request, const TlOauthAsk *ask, PGresult *person);
