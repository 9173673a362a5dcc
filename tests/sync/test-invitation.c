/* What the links of invitations say, and what is no such link. */
#include "sync/invitation.h"

static void
test_links (void)
{
  static const char *const links[] = {
    "https://saltmarsh.club/join/AbC-9_z",
    "  https://saltmarsh.club/join/AbC-9_z\n",
    "tideline://join?link=https%3A%2F%2Fsaltmarsh.club%2Fjoin%2FAbC-9_z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autoptr (TlInvited) invited = tl_invited_parse (links[i]);

    g_assert_nonnull (invited);
    g_assert_cmpstr (invited->server, ==, "https://saltmarsh.club");
    g_assert_cmpstr (invited->token, ==, "AbC-9_z");
  }
}

static void
test_below (void)
{
  g_autoptr (TlInvited) invited = tl_invited_parse ("http://10.0.0.7:8480/tide/join/x");

  g_assert_cmpstr (invited->server, ==, "http://10.0.0.7:8480/tide");
  g_assert_cmpstr (invited->token, ==, "x");
}

static void
test_others (void)
{
  static const char *const links[] = {
    "",
    "join",
    "/join/x",
    "https://saltmarsh.club/",
    "https://saltmarsh.club/join/",
    "https://saltmarsh.club/join/a b",
    "https://saltmarsh.club/join/x?y",
    "https://saltmarsh.club/join/x/../..",
    "https:///join/x",
    "file:///etc/join/x",
    "javascript:alert(1)/join/x",
    "https://me:secret@saltmarsh.club/join/x",
    "https://saltmarsh.club?/join/x",
    "https://saltmarsh.club#/join/x",
    "tideline://join",
    "tideline://join?link=",
    "tideline://leave?link=https%3A%2F%2Fsaltmarsh.club%2Fjoin%2Fx",
    "tideline://join?link=tideline%3A%2F%2Fjoin%3Flink%3Dx",
    "tideline://join?link=%ZZ",
    "\xff\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    if (tl_invited_parse (links[i]))
      g_error ("“%s” is no invitation", links[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/invitation/is-a-link-or-the-app-s-own-address", test_links);
  g_test_add_func ("/invitation/of-a-server-below-an-address", test_below);
  g_test_add_func ("/invitation/is-nothing-else", test_others);
  return g_test_run ();
}
