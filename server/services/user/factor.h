/* factor.h: a person's second factor: codes of the time, and recovery codes for when the telephone is gone. Who asks for
 * one more thing than a password, whatever the way of signing in, asks here. Any thread, on its connection. */
#pragma once

#include "server/stores/pg.h"

#define TL_RECOVERY_CODES 10

typedef enum {
  TL_FACTOR_FAILED, /* an error is set */
  TL_FACTOR_NONE,   /* there is none (that was asked for) */
  TL_FACTOR_GOOD,
  TL_FACTOR_WRONG,
  TL_FACTOR_WAIT, /* too many were wrong: not looked at */
} TlFactorAnswer;

/* Is it on (GOOD) or not (NONE)? `codes`: how many recovery codes are left. */
TlFactorAnswer tl_factor_state (TlPg *pg, gint64 account, guint *codes, GError **error);
/* Looks at a code of the time or a recovery code, in a transaction of its own: each is good once, a wrong one is counted,
 * and from the fifth in a row on one waits (`wait`: seconds), longer each time, at every process. `is_new`: the one
 * that is being set up. */
TlFactorAnswer tl_factor_check (TlPg *pg, gint64 account, const char *code, gboolean is_new,
                                guint *wait, GError **error);

/* Begins to set one up; the secret in base32, NULL without an error when there is one already. */
char *tl_factor_begin (TlPg *pg, gint64 account, GError **error);
/* It is on from now, after a code of it was good; gives its recovery codes, which are kept as hashes only;
 * NULL without an error when it is none that is being set up. */
char **tl_factor_turn_on (TlPg *pg, gint64 account, GError **error);
/* WRONG never comes; NONE: it was not on. */
TlFactorAnswer tl_factor_turn_off (TlPg *pg, gint64 account, GError **error);
