/* password.h: asking who is signed in for their password again. Any worker thread. */
#pragma once

#include "server/services/user/auth.h"

/* Is member "password" of `body` that of `account` (a number, as text)? Answers when it is not, and counts tries. Slow on
 * purpose (argon2id). */
gboolean tl_password_confirm (TlRequest *request, const char *account, JsonObject *body);
