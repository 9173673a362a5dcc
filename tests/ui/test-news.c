/* test-news.c: the real window over a replica with made-up news: rows, reader, marks, the narrow layout. */
#include "tests/ui/desk.h"

#include "ui/news/news-list.h"
#include "ui/news/reader.h"
#include "ui/picture.h"

static void
test_rows (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  DESK_AWAIT (desk_shows, "Today");
  DESK_AWAIT (desk_shows, "Yesterday");
  DESK_AWAIT (desk_shows, "6 unread");
  DESK_AWAIT (desk_shows, "Tide & Weather");
  DESK_AWAIT (desk_shows_unread, "Kelp, counted from orbit");
  DESK_AWAIT (desk_shows_read, "The last wooden gig yard");
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
    DESK_AWAIT (desk_shows, texts[i]);
  reader = desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (TL_TYPE_READER));
  g_assert_nonnull (desk_find (reader, desk_is_type, GSIZE_TO_POINTER (TL_TYPE_PICTURE)));
  DESK_AWAIT (desk_shows_read, "The quiet return of eelgrass");
  DESK_AWAIT (desk_shows, "5 unread");
  desk_activate (desk, TL_TYPE_READER, "reader.unread");
  DESK_AWAIT (desk_shows_unread, "The quiet return of eelgrass");
  desk_close (desk);
}

static void
test_mark_all (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  GtkWidget *undo;

  desk_open (desk);
  DESK_AWAIT (desk_shows, "6 unread");
  desk_activate (desk, TL_TYPE_NEWS_LIST, "list.mark-all-read");
  DESK_AWAIT (desk_shows_not, "6 unread");
  DESK_AWAIT (desk_shows, "marked read");
  DESK_AWAIT (desk_shows_read, "Kelp, counted from orbit");
  undo = gtk_widget_get_ancestor (desk_find (GTK_WIDGET (desk->window), desk_is_label, "Undo"),
                                  GTK_TYPE_BUTTON);
  g_signal_emit_by_name (undo, "clicked");
  DESK_AWAIT (desk_shows_unread, "Kelp, counted from orbit");
  DESK_AWAIT (desk_shows, "6 unread");
  g_assert_true (desk_shows_read (desk, "The last wooden gig yard"));
  desk_close (desk);
}

static void
test_places (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_LATER);
  DESK_AWAIT (desk_shows, "Reading an old Admiralty chart");
  DESK_AWAIT (desk_shows_not, "The quiet return of eelgrass");
  tl_main_view_open_place (desk->view, TL_PLACE_SAVED);
  DESK_AWAIT (desk_shows, "Who owns the foreshore?");
  DESK_AWAIT (desk_shows_not, "Reading an old Admiralty chart");
  tl_main_view_open_place (desk->view, TL_PLACE_CHAT);
  DESK_AWAIT (desk_shows_not, "Who owns the foreshore?");
  desk_close (desk);
}

/* Libadwaita warns, which is fatal here, when what is shown does not fit. */
static void
test_narrow (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  int minimum;

  desk_open_at (desk, 360);
  DESK_AWAIT (desk_has_width, GINT_TO_POINTER (360));
  tl_main_view_open_article (desk->view, 100);
  DESK_AWAIT (desk_shows, "Film: a season under water");
  gtk_widget_measure (GTK_WIDGET (desk->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, 360);
  tl_main_view_open_place (desk->view, TL_PLACE_NEWS);
  DESK_AWAIT (desk_shows, "Kelp, counted from orbit");
  tl_main_view_show_sidebar (desk->view);
  DESK_AWAIT (desk_shows, "Robin Hale");
  g_assert_true (desk_has_width (desk, GINT_TO_POINTER (360)));
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/news/rows-under-their-days", desk, test_rows);
  g_test_add_data_func ("/news/an-article-is-read-block-by-block", desk, test_reader);
  g_test_add_data_func ("/news/marking-all-read-can-be-undone", desk, test_mark_all);
  g_test_add_data_func ("/news/places-show-what-they-say", desk, test_places);
  g_test_add_data_func ("/news/nothing-is-wider-than-a-telephone", desk, test_narrow);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
