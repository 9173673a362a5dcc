/* join.h: invitations, and people who join by themselves. Any thread, on its connection. */
#pragma once

#include "server/stores/pg.h"

#define TL_INVITATION_USES_MAX 1000
#define TL_INVITATION_DAYS_MAX 365

typedef struct {
  const char *role; /* "admin", "moderator", "member": what those who come by it will be */
  guint uses, days;
  gint64 by; /* account, 0: the administrator of the machine */
} TlInvitation;

/* Gives the token that a link says: it is kept nowhere. `expires` (free): until when, as a UTCDate.
 * G_IO_ERROR_INVALID_ARGUMENT with a sentence for a role, uses or days that won't do. */
char *tl_invitation_make (TlPg *pg, const TlInvitation *invitation, char **expires, GError **error);

/* What is given to who is invited; `base`: the server's address. */
char *tl_invitation_link (const char *base, const char *token);

/* Somebody whom another one vouches for joins, within a transaction of the caller's: with this login, or one near it that is
 * free, and with a password that nobody knows. Gives the account, 0 on error. */
gint64 tl_people_join_near (TlPg *pg, const char *login, const char *name, GError **error);

/* Somebody joins, by `token` or (NULL) because anybody may. Gives the account, 0 on error: those of
 * tl_people_add, EXISTS for a login that looks like another one too, and G_IO_ERROR_PERMISSION_DENIED for
 * an invitation that is not good (any more). A use of it counts when somebody joined only. */
gint64 tl_people_join (TlPg *pg, const char *login, const char *name, const char *password,
                       const char *token, GError **error);
