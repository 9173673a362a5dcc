/* factor.c: `user totp-off`: for who lost both the telephone and the recovery codes. What it turns off is said, and
 * nothing else of the person changes. */
#include "server/services/user/factor.h"
#include "server/ctl/ctl.h"
#include "server/services/user/standing.h"

static gboolean
run_totp_off (TlCtl *ctl, char **arguments, GError **error)
{
  gint64 account = tl_ctl_open (ctl, error) ? tl_standing_find (ctl->pg, arguments[0], error) : 0;

  if (account == 0)
    return FALSE;
  switch (tl_factor_turn_off (ctl->pg, account, error)) {
  case TL_FACTOR_FAILED:
    return FALSE;
  case TL_FACTOR_GOOD:
    g_print ("%s signs in with the password alone now.\n", arguments[0]);
    return TRUE;
  default:
    g_print ("%s had no second factor.\n", arguments[0]);
    return TRUE;
  }
}

const TlCommand tl_command_user_totp_off = {
  "user totp-off", "LOGIN", "Turn a person's second factor off", NULL, 1, run_totp_off,
};
