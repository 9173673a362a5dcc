/* second-step.h: the second step of signing in. Any worker thread. */
#pragma once

#include "server/services/user/auth.h"

/* Whose password was right, and who has a second factor, gets no session but a token for the second step. `hash`: of
 * their password, which must be the same then. */
void tl_second_step_ask (TlRequest *request, gint64 account, const char *hash);
/* That token alone. */
char *tl_second_step_token (TlRequest *request, gint64 account, const char *hash);
/* The account that such a token is of; 0 when it is not good (any more), or `error` is set. */
gint64 tl_second_step_person (TlRequest *request, const char *token, GError **error);
/* Answers anything but GOOD, and gives FALSE. `is_new`: as of tl_factor_check(). */
gboolean tl_second_step_check (TlRequest *request, gint64 account, const char *code,
                               gboolean is_new);
