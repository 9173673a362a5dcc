/* main.c: tideline: with a word the command line, otherwise (with an address, too) the window. */
#include "app/application.h"
#include "app/cli.h"

#include <glib/gi18n.h>
#include <libdex.h>
#include <locale.h>
#include <string.h>

/* Where everything is painted by the processor, GTK would load a graphics driver all the same: 40 MB. */
static void
spare_driver (void)
{
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") == 0)
    g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
}

int
main (int argc, char **argv)
{
  g_autoptr (TlApplication) application = NULL;
  const char *locales = g_getenv ("TIDELINE_LOCALEDIR"); /* where it runs without being installed */

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locales ? locales : TL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc > 1 && argv[1][0] != '-' && !strstr (argv[1], "://"))
    return tl_cli_run (argc, argv);
  spare_driver ();
  dex_init ();
  g_set_application_name ("Tideline");
  application = tl_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
