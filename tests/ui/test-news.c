/* test-news.c: the real window over a replica with made-up news: rows, reader, marks, the narrow layout.
 * Wants a display (meson runs it under xvfb-run). Criticals are fatal. */
#include "tests/ui/content.h"

#include "app/session.h"
#include "ui/news/news-list.h"
#include "ui/news/reader.h"
#include "ui/picture.h"
#include "ui/window.h"

#include <glib/gstdio.h>

#define PATIENCE (20 * G_USEC_PER_SEC)

typedef struct {
  AdwApplication *application;
  TlSecrets *secrets;
  TlAccount *account;
  TlSession *session;
  TlWindow *window;
  TlMainView *view;
} Desk;

/* --- waiting and looking ------------------------------------------------------------------------ */

typedef gboolean (*Condition) (Desk *desk, gconstpointer what);

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until it holds. */
static void
await (Desk *desk, Condition condition, gconstpointer what, const char *name)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  guint beat = g_timeout_add (20, tick, NULL);

  while (!condition (desk, what) && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (beat);
  if (!condition (desk, what))
    g_error ("Waited in vain: %s", name);
}
#define AWAIT(condition, what) await (desk, condition, what, #condition)

typedef gboolean (*Match) (GtkWidget *widget, gconstpointer what);

static GtkWidget *
find (GtkWidget *from, Match match, gconstpointer what)
{
  if (!gtk_widget_get_mapped (from))
    return NULL;
  if (match (from, what))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, match, what);

    if (found)
      return found;
  }
  return NULL;
}

static gboolean
is_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && g_strrstr (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static gboolean
is_type (GtkWidget *widget, gconstpointer type)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), GPOINTER_TO_SIZE (type));
}

static gboolean
shows (Desk *desk, gconstpointer text)
{
  return find (GTK_WIDGET (desk->window), is_label, text) != NULL;
}

static gboolean
shows_not (Desk *desk, gconstpointer text)
{
  return !shows (desk, text);
}

/* As the row shows it. */
static gboolean
is_read (Desk *desk, gconstpointer title)
{
  GtkWidget *label = find (GTK_WIDGET (desk->window), is_label, title);

  return label && gtk_widget_has_css_class (label, "read");
}

static gboolean
is_unread (Desk *desk, gconstpointer title)
{
  return shows (desk, title) && !is_read (desk, title);
}

static gboolean
has_width (Desk *desk, gconstpointer width)
{
  return gtk_widget_get_width (GTK_WIDGET (desk->window)) == GPOINTER_TO_INT (width);
}

/* --- the desk ----------------------------------------------------------------------------------- */

static void
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
  AWAIT (shows, "The quiet return of eelgrass");
}

static void
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

static void
desk_close (Desk *desk)
{
  g_autoptr (DexFuture) closed = NULL;

  gtk_window_destroy (GTK_WINDOW (desk->window));
  closed = tl_session_close (desk->session);
  AWAIT (is_settled, closed);
  remove_folder (desk->account->dir);
  g_clear_pointer (&desk->account, tl_account_free);
  g_clear_object (&desk->secrets);
}

static void
activate (Desk *desk, GType type, const char *action)
{
  GtkWidget *widget = find (GTK_WIDGET (desk->window), is_type, GSIZE_TO_POINTER (type));

  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

/* --- the tests ---------------------------------------------------------------------------------- */

static void
test_rows (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  AWAIT (shows, "Today");
  AWAIT (shows, "Yesterday");
  AWAIT (shows, "6 unread");
  AWAIT (shows, "Tide & Weather");
  AWAIT (is_unread, "Kelp, counted from orbit");
  AWAIT (is_read, "The last wooden gig yard");
  desk_close (desk);
}

static void
test_reader (gconstpointer data)
{
  static const char *const texts[] = { "Replanted by hand",      "shoot by shoot",
                                       "Maria Bergström",        "Light decides everything",
                                       "Keep them cool",         "Outer skerries",
                                       "how murky the water is", "Film: a season under water",
                                       "Linnea Österberg" };
  Desk *desk = (Desk *)data;
  GtkWidget *reader;

  desk_open (desk);
  tl_main_view_open_article (desk->view, 100);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    AWAIT (shows, texts[i]);
  reader = find (GTK_WIDGET (desk->window), is_type, GSIZE_TO_POINTER (TL_TYPE_READER));
  g_assert_nonnull (find (reader, is_type, GSIZE_TO_POINTER (TL_TYPE_PICTURE)));
  AWAIT (is_read, "The quiet return of eelgrass");
  AWAIT (shows, "5 unread");
  activate (desk, TL_TYPE_READER, "reader.unread");
  AWAIT (is_unread, "The quiet return of eelgrass");
  desk_close (desk);
}

static void
test_mark_all (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  GtkWidget *undo;

  desk_open (desk);
  AWAIT (shows, "6 unread");
  activate (desk, TL_TYPE_NEWS_LIST, "list.mark-all-read");
  AWAIT (shows_not, "6 unread");
  AWAIT (shows, "marked read");
  AWAIT (is_read, "Kelp, counted from orbit");
  undo =
      gtk_widget_get_ancestor (find (GTK_WIDGET (desk->window), is_label, "Undo"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (undo, "clicked");
  AWAIT (is_unread, "Kelp, counted from orbit");
  AWAIT (shows, "6 unread");
  g_assert_true (is_read (desk, "The last wooden gig yard"));
  desk_close (desk);
}

static void
test_places (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_LATER);
  AWAIT (shows, "Reading an old Admiralty chart");
  AWAIT (shows_not, "The quiet return of eelgrass");
  tl_main_view_open_place (desk->view, TL_PLACE_SAVED);
  AWAIT (shows, "Who owns the foreshore?");
  AWAIT (shows_not, "Reading an old Admiralty chart");
  tl_main_view_open_place (desk->view, TL_PLACE_CHAT);
  AWAIT (shows_not, "Who owns the foreshore?");
  desk_close (desk);
}

/* Libadwaita warns, which is fatal here, when what is shown does not fit. */
static void
test_narrow (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  int minimum;

  desk_open_at (desk, 360);
  AWAIT (has_width, GINT_TO_POINTER (360));
  tl_main_view_open_article (desk->view, 100);
  AWAIT (shows, "Film: a season under water");
  gtk_widget_measure (GTK_WIDGET (desk->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, 360);
  tl_main_view_open_place (desk->view, TL_PLACE_NEWS);
  AWAIT (shows, "Kelp, counted from orbit");
  tl_main_view_show_sidebar (desk->view);
  AWAIT (shows, "Robin Hale");
  g_assert_true (has_width (desk, GINT_TO_POINTER (360)));
  desk_close (desk);
}

static void
run (GtkApplication *application, gpointer data)
{
  Desk desk = { .application = ADW_APPLICATION (application) };
  int *status = data;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_test_add_data_func ("/news/rows-under-their-days", &desk, test_rows);
  g_test_add_data_func ("/news/an-article-is-read-block-by-block", &desk, test_reader);
  g_test_add_data_func ("/news/marking-all-read-can-be-undone", &desk, test_mark_all);
  g_test_add_data_func ("/news/places-show-what-they-say", &desk, test_places);
  g_test_add_data_func ("/news/nothing-is-wider-than-a-telephone", &desk, test_narrow);
  g_application_hold (G_APPLICATION (application));
  *status = g_test_run ();
  g_application_release (G_APPLICATION (application));
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("tideline-ui-XXXXXX", NULL);
  g_autoptr (AdwApplication) application = NULL;
  int status = 1;

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  application = ADW_APPLICATION (g_object_new (
      ADW_TYPE_APPLICATION, "application-id", "org.tideline.Tideline.Test", "flags",
      G_APPLICATION_NON_UNIQUE, "resource-base-path", "/org/tideline/Tideline", NULL));
  g_signal_connect (application, "activate", G_CALLBACK (run), &status);
  g_application_run (G_APPLICATION (application), 1, argv);
  remove_folder (data);
  return status;
}
