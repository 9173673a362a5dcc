/* make-content.c: fills the user's data folder with the tests' account, to look at the app without a server. */
#include "tests/ui/content.h"

int
main (void)
{
  g_autoptr (TlAccount) account = content_make_account ();

  g_print ("%s\n", account->dir);
  return 0;
}
