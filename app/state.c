/* state.c: window.ini in the user's state folder. What cannot be read is as if it were not there. */
#include "app/state.h"

#define WINDOW "window"

static char *
state_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "tideline", "window.ini", NULL);
}

static char *
view_group (const TlAccount *account)
{
  g_autofree char *id = tl_account_id (account);

  return g_strdup_printf ("view of %s", g_strdelimit (id, "[]", '_'));
}

static GKeyFile *
state_load (void)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *path = state_path ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

void
tl_state_restore_window (GtkWindow *window)
{
  g_autoptr (GKeyFile) file = state_load ();
  int width = g_key_file_get_integer (file, WINDOW, "width", NULL);
  int height = g_key_file_get_integer (file, WINDOW, "height", NULL);

  if (width >= 360 && height >= 360)
    gtk_window_set_default_size (window, width, height);
  if (g_key_file_get_boolean (file, WINDOW, "maximized", NULL))
    gtk_window_maximize (window);
}

void
tl_state_restore_view (TlMainView *view, const TlAccount *account)
{
  g_autoptr (GKeyFile) file = state_load ();
  g_autofree char *group = view_group (account);
  g_autofree char *place = g_key_file_get_string (file, group, "place", NULL);
  gint64 article = g_key_file_get_int64 (file, group, "article", NULL);
  gint64 room = g_key_file_get_int64 (file, group, "room", NULL);
  TlPlaceKind kind;

  if (!tl_place_parse (place, &kind))
    return;
  if (kind == TL_PLACE_NEWS && article > 0)
    tl_main_view_open_article (view, article);
  else if (kind == TL_PLACE_CHAT && room > 0)
    tl_main_view_open_room (view, room, 0);
  else
    tl_main_view_open_place (view, kind);
}

void
tl_state_save (TlWindow *window, const TlAccount *account)
{
  g_autoptr (GKeyFile) file = state_load ();
  g_autofree char *path = state_path (), *dir = g_path_get_dirname (path);
  TlMainView *view = tl_window_main_view (window);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_key_file_set_integer (file, WINDOW, "width", width);
  g_key_file_set_integer (file, WINDOW, "height", height);
  g_key_file_set_boolean (file, WINDOW, "maximized", gtk_window_is_maximized (GTK_WINDOW (window)));
  if (view && account) {
    g_autofree char *group = view_group (account);

    g_key_file_set_string (file, group, "place", tl_place_name (tl_main_view_place (view)));
    g_key_file_set_int64 (file, group, "article", tl_main_view_article (view));
    g_key_file_set_int64 (file, group, "room", tl_main_view_room (view));
  }
  g_mkdir_with_parents (dir, 0700);
  g_key_file_save_to_file (file, path, NULL);
}
