/* standing.h: what somebody is on this server: their role, and whether they may sign in. Each change is a transaction of
 * its own, one after the other, and leaves an administrator. Any thread, on its connection.
 *
 * `by`: who does it, as their role allows (roles.h); 0: the administrator of the machine. Errors, each with a sentence:
 * G_IO_ERROR_NOT_FOUND (nobody), _PERMISSION_DENIED (not by them, or the only administrator), _INVALID_ARGUMENT. */
#pragma once

#include "server/services/user/roles.h"
#include "server/stores/pg.h"

/* The account with this login; 0 on error. */
gint64 tl_standing_find (TlPg *pg, const char *login, GError **error);
/* Each gives a row about what was done: {login, role}, {login, ended} (sessions), {login}. */
PGresult *tl_standing_give_role (TlPg *pg, gint64 account, const char *role, gint64 by,
                                 GError **error);
PGresult *tl_standing_suspend (TlPg *pg, gint64 account, gint64 by, GError **error);
PGresult *tl_standing_let_in (TlPg *pg, gint64 account, gint64 by, GError **error);

/* The first thing of a transaction that changes standing: takes its turn, and sees to it that `by` may do it to
 * `account`. `leaves`: would they be no administrator who can sign in after it? */
gboolean tl_standing_take_turn (TlPg *pg, gint64 account, gint64 by, TlDeed deed, gboolean leaves,
                                GError **error);

/* The role of who can sign in, NULL (without an error) when that is not so. */
char *tl_standing_role (TlPg *pg, gint64 account, GError **error);
