/* main.c: tidelined: reads its options, runs a server until SIGTERM or SIGINT, and stops it cleanly.
 * Exit status: 0 stopped as asked, 1 could not run (a sentence on standard error), 2 misused. */
#include "server/server.h"

#include "server/demo/demo.h"
#include "server/edge/log.h"
#include "server/standalone/standalone.h"

#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>

#define TRIM_SECONDS 10

static char *standalone_dir, *config_file, *listen_address, *demo_dir;
static gboolean check_only, show_version;

static const GOptionEntry options[] = {
  { "standalone", 's', 0, G_OPTION_ARG_FILENAME, &standalone_dir,
    "Run with a private PostgreSQL and Redis in DIR, made when missing", "DIR" },
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_file, "Run as FILE configures", "FILE" },
  { "check-config", 0, 0, G_OPTION_ARG_NONE, &check_only, "Check the configuration and exit",
    NULL },
  { "listen", 'l', 0, G_OPTION_ARG_STRING, &listen_address,
    "Listen there instead of where the configuration says (port 0: a free one)", "ADDRESS:PORT" },
  { "demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir,
    "Make the demo's people and rooms when nobody is there, and serve its feeds", "DIR" },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Show the version and exit", NULL },
  G_OPTION_ENTRY_NULL,
};

static int
fail (int status, const char *sentence)
{
  fprintf (stderr, "tidelined: %s\n", sentence);
  return status;
}

static TlConfig *
read_config (GError **error)
{
  g_autoptr (TlConfig) config = NULL;

  config = tl_config_load (config_file, error);
  if (config == NULL)
    return NULL;
  if (listen_address &&
      !tl_config_set (config, "server", "listen", listen_address, "--listen", error))
    return NULL;
  if (demo_dir) {
    g_set_str (&config->demo_dir, demo_dir);
    config->demo = TRUE;
  }
  /* Stand-alone, the stores are filled in later. */
  if (!(standalone_dir ? tl_config_check_addresses : tl_config_check) (config, error))
    return NULL;
  return g_steal_pointer (&config);
}

/* What a busy moment needed goes back to the system: malloc would keep it, a share for each thread. */
static gboolean
trim (gpointer data)
{
  malloc_trim (0);
  return G_SOURCE_CONTINUE;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* Takes `config`. Standard output gets one line, when the server answers. */
static gboolean
serve (TlConfig *config, GMainLoop *loop, GError **error)
{
  TlServer *server = tl_server_new (config, error);

  if (server == NULL)
    return FALSE;
  if (server->config->demo && !tl_demo_seed (server, error)) {
    tl_server_free (server);
    return FALSE;
  }
  printf ("Tideline answers at %s\n", server->config->public_url);
  fflush (stdout);
  g_main_loop_run (loop);
  tl_server_free (server);
  return TRUE;
}

/* Takes `config`. */
static gboolean
run (TlConfig *config, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  TlStandalone *standalone = NULL;
  gboolean done;

  g_timeout_add_seconds (TRIM_SECONDS, trim, NULL);
  g_unix_signal_add (SIGTERM, quit, loop);
  g_unix_signal_add (SIGINT, quit, loop);
  if (standalone_dir) {
    standalone = tl_standalone_start (standalone_dir, config, error);
    if (standalone == NULL) {
      tl_config_free (config);
      return FALSE;
    }
  }
  done = serve (config, loop, error);
  if (standalone)
    tl_standalone_stop (standalone);
  return done;
}

static const char *
misuse (int argc)
{
  if (argc > 1)
    return "there are no arguments beside the options; --help lists them";
  if (standalone_dir && config_file)
    return "--standalone and --config exclude each other";
  if (!standalone_dir && !config_file)
    return "say --standalone DIR or --config FILE; --help says more";
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  TlConfig *config;

  signal (SIGPIPE, SIG_IGN); /* who hangs up (a client, Redis, a mail server) is met as an error */
  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, "The Tideline server.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (2, error->message);
  if (show_version) {
    puts ("tidelined " TIDELINE_VERSION);
    return 0;
  }
  if (misuse (argc))
    return fail (2, misuse (argc));
  config = read_config (&error);
  if (config == NULL)
    return fail (1, error->message);
  if (check_only) {
    tl_config_free (config);
    puts ("The configuration is fine.");
    return 0;
  }
  tl_log_init ();
  return run (config, &error) ? 0 : fail (1, error->message);
}
