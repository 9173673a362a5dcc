/* people.h: adding people. Used by who joins (join.h) and by tidelinectl. */
#pragma once

#include "server/stores/pg.h"

#define TL_PASSWORD_MIN 8
#define TL_PASSWORD_MAX 1024

/* Adds a person with all that belongs to one, in a transaction of its own; gives the account, 0 on
 * error: G_IO_ERROR_INVALID_ARGUMENT for input that won't do, G_IO_ERROR_EXISTS for a login that is
 * taken, each with a sentence. Slow on purpose (argon2id). `role`: "admin", "moderator", "member". */
gint64 tl_people_add (TlPg *pg, const char *login, const char *name, const char *password,
                      const char *role, GError **error);
/* Gives a person another password and ends their sessions; errors as above, and G_IO_ERROR_NOT_FOUND. */
gboolean tl_people_reset (TlPg *pg, const char *login, const char *password, GError **error);
/* The same for who is signed in with `session` (a UUID), which alone goes on; G_IO_ERROR_NOT_FOUND when
 * `kept` is not the hash of their password any more. */
gboolean tl_people_change_password (TlPg *pg, gint64 account, const char *session, const char *kept,
                                    const char *password, GError **error);

/* The parts of tl_people_add. */
gboolean tl_people_check (const char *login, const char *name, const char *password,
                          const char *role, GError **error);
/* A line of 1 to 200 bytes of UTF-8 in which something is seen, and nothing hidden but joiners. */
gboolean tl_people_is_name (const char *text);
gboolean tl_people_is_role (const char *role);
char *tl_people_hash (const char *password, GError **error);
/* To the end of the transaction nobody else is added. */
gboolean tl_people_lock_directory (TlPg *pg, GError **error);
/* Within a transaction of the caller's. */
gint64 tl_people_add_within (TlPg *pg, const char *login, const char *name, const char *hashed,
                             const char *role, GError **error);
