/* roles.h: what a role of the server allows, in one table. (Roles within a room or calendar are tl_write_role.)
 * Any thread. */
#pragma once

#include <glib.h>

typedef enum {
  TL_DEED_INVITE,        /* others to the server, as members */
  TL_DEED_REMOVE_WORDS,  /* posts and messages of others that one sees */
  TL_DEED_SUSPEND,       /* somebody: keep them out, and let them in again */
  TL_DEED_GIVE_ROLE,     /* to somebody else */
  TL_DEED_DELETE_PERSON, /* somebody else */
  TL_N_DEEDS
} TlDeed;

/* May somebody with `role` do it to somebody with the role `whose` (NULL: to nobody in particular)? */
gboolean tl_role_may (const char *role, TlDeed deed, const char *whose);
/* Its name on the wire: "invite", … */
const char *tl_deed_name (TlDeed deed);
