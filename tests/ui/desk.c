/* desk.c: see the header. Main thread. */
#include "tests/ui/desk.h"

#include "tests/ui/content.h"

#include <glib/gstdio.h>

#define PATIENCE (20 * G_USEC_PER_SEC)

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until it holds. */
void
desk_await (Desk *desk, DeskCondition condition, gconstpointer what, const char *name)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  guint beat = g_timeout_add (20, tick, NULL);

  while (!condition (desk, what) && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (beat);
  if (!condition (desk, what))
    g_error ("Waited in vain: %s", name);
}
GtkWidget *
desk_find (GtkWidget *from, DeskMatch match, gconstpointer what)
{
  if (!gtk_widget_get_mapped (from))
    return NULL;
  if (match (from, what))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = desk_find (child, match, what);

    if (found)
      return found;
  }
  return NULL;
}

gboolean
desk_is_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && g_strrstr (gtk_label_get_text (GTK_LABEL (widget)), text);
}

gboolean
desk_is_type (GtkWidget *widget, gconstpointer type)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), GPOINTER_TO_SIZE (type));
}

gboolean
desk_shows (Desk *desk, gconstpointer text)
{
  return desk_find (GTK_WIDGET (desk->window), desk_is_label, text) != NULL;
}

gboolean
desk_shows_not (Desk *desk, gconstpointer text)
{
  return !desk_shows (desk, text);
}

/* As the row desk_shows it. */
gboolean
desk_shows_read (Desk *desk, gconstpointer title)
{
  GtkWidget *label = desk_find (GTK_WIDGET (desk->window), desk_is_label, title);

  return label && gtk_widget_has_css_class (label, "read");
}

gboolean
desk_shows_unread (Desk *desk, gconstpointer title)
{
  return desk_shows (desk, title) && !desk_shows_read (desk, title);
}

gboolean
desk_has_width (Desk *desk, gconstpointer width)
{
  return gtk_widget_get_width (GTK_WIDGET (desk->window)) == GPOINTER_TO_INT (width);
}

/* --- the desk ----------------------------------------------------------------------------------- */

void
desk_open_at (Desk *desk, int width)
{
  g_autoptr (GError) error = NULL;

  desk->secrets = tl_secrets_new ();
  desk->account = content_make_account ();
  desk->session = tl_session_open (desk->account, NULL, desk->secrets, &error);
  g_assert_no_error (error);
  desk->window = tl_window_new (GTK_APPLICATION (desk->application));
  gtk_window_set_default_size (GTK_WINDOW (desk->window), width, 700);
  desk->view = tl_window_show_session (desk->window, desk->session);
  gtk_window_present (GTK_WINDOW (desk->window));
  tl_main_view_open_place (desk->view, TL_PLACE_NEWS);
  DESK_AWAIT (desk_shows, "The quiet return of eelgrass");
}

void
desk_open (Desk *desk)
{
  desk_open_at (desk, 1200);
}

static gboolean
is_settled (Desk *desk, gconstpointer future)
{
  return !dex_future_is_pending ((DexFuture *)future);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR))
      remove_folder (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

void
desk_close (Desk *desk)
{
  g_autoptr (DexFuture) closed = NULL;

  gtk_window_destroy (GTK_WINDOW (desk->window));
  closed = tl_session_close (desk->session);
  DESK_AWAIT (is_settled, closed);
  remove_folder (desk->account->dir);
  g_clear_pointer (&desk->account, tl_account_free);
  g_clear_object (&desk->secrets);
}

void
desk_activate (Desk *desk, GType type, const char *action)
{
  GtkWidget *widget = desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (type));

  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

/* --- running --- */

typedef struct {
  void (*add_tests) (Desk *desk);
  int status;
} Run;

static void
run (GtkApplication *application, gpointer data)
{
  Desk desk = { .application = ADW_APPLICATION (application) };
  Run *state = data;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  state->add_tests (&desk);
  g_application_hold (G_APPLICATION (application));
  state->status = g_test_run ();
  g_application_release (G_APPLICATION (application));
}

int
desk_run (int argc, char **argv, void (*add_tests) (Desk *desk))
{
  g_autofree char *data = g_dir_make_tmp ("tideline-ui-XXXXXX", NULL);
  g_autoptr (AdwApplication) application = NULL;
  Run state = { add_tests, 1 };

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CONFIG_HOME", data, TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  application = ADW_APPLICATION (g_object_new (
      ADW_TYPE_APPLICATION, "application-id", "org.tideline.Tideline.Test", "flags",
      G_APPLICATION_NON_UNIQUE, "resource-base-path", "/org/tideline/Tideline", NULL));
  g_signal_connect (application, "activate", G_CALLBACK (run), &state);
  g_application_run (G_APPLICATION (application), 1, argv);
  remove_folder (data);
  return state.status;
}
