/* roles.c: the table of what administrators, moderators and members may do. Holds nothing. */
#include "server/services/user/roles.h"

/* Ranks: the more may do all that the less may. */
enum { NOBODY = -1, MEMBER, MODERATOR, ADMIN };

/* `from`: the least rank that may; `whose`: the greatest rank that it may be done to by that rank, where an
 * administrator may do it to everybody. */
static const struct {
  const char *name;
  int from, whose;
} deeds[] = {
  [TL_DEED_INVITE] = { "invite", MODERATOR, ADMIN },
  [TL_DEED_REMOVE_WORDS] = { "removeWords", MODERATOR, ADMIN },
  [TL_DEED_SUSPEND] = { "suspend", MODERATOR, MEMBER },
  [TL_DEED_GIVE_ROLE] = { "giveRole", ADMIN, ADMIN },
  [TL_DEED_DELETE_PERSON] = { "deletePerson", ADMIN, ADMIN },
};
G_STATIC_ASSERT (G_N_ELEMENTS (deeds) == TL_N_DEEDS);

static int
rank_of (const char *role)
{
  static const char *const ranks[] = { "member", "moderator", "admin" };

  for (int i = 0; i < (int)G_N_ELEMENTS (ranks); i++)
    if (g_strcmp0 (role, ranks[i]) == 0)
      return i;
  return NOBODY;
}

gboolean
tl_role_may (const char *role, TlDeed deed, const char *whose)
{
  int rank = rank_of (role);

  if (rank < deeds[deed].from)
    return FALSE;
  return rank == ADMIN || !whose || rank_of (whose) <= deeds[deed].whose;
}

const char *
tl_deed_name (TlDeed deed)
{
  return deeds[deed].name;
}
