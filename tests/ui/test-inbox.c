/* test-inbox.c: what waits is there, is read by being looked at but stays meanwhile, is put away and comes back. */
#include "tests/ui/desk.h"

#include "sync/actions-inbox.h"
#include "sync/models/inbox.h"
#include "ui/inbox/inbox-page.h"
#include "ui/inbox/inbox-view.h"

static TlInboxPage *
page (Desk *desk)
{
  return TL_INBOX_PAGE (
      desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (TL_TYPE_INBOX_PAGE)));
}

static void
open_inbox (Desk *desk)
{
  desk_open (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_INBOX);
  DESK_AWAIT (desk_shows, "Kelp, counted from orbit");
}

static void
test_reading (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_inbox (desk);
  DESK_AWAIT (desk_shows, "Today");
  g_assert_true (desk_shows_not (desk, "The last wooden gig yard")); /* read long ago */
  tl_inbox_page_next_unread (page (desk));
  DESK_AWAIT (desk_shows, "Replanted by hand"); /* in the reader beside it */
  DESK_AWAIT (desk_shows_read, "Reef Magazine");
  g_assert_true (
      desk_shows (desk, "The quiet return of eelgrass")); /* it stays while it is looked at */
  tl_inbox_page_next_unread (page (desk));
  DESK_AWAIT (
      desk_shows_not,
      "Replanted by hand, meadow by meadow"); /* the read one went when the next was chosen */
  desk_close (desk);
}

static void
test_archive (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_inbox (desk);
  tl_inbox_page_select_first (page (desk));
  DESK_AWAIT (desk_shows, "Replanted by hand");
  tl_inbox_page_archive (page (desk));
  DESK_AWAIT (desk_shows, "Archived");
  DESK_AWAIT (desk_shows_not, "The quiet return of eelgrass");
  tl_main_view_open_place (desk->view, TL_PLACE_NEWS);
  DESK_AWAIT (desk_shows_read, "The quiet return of eelgrass");
  desk_close (desk);
}

static void
test_snooze (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  gint64 in_a_second = g_get_real_time () / 1000 + 60 * 60 * 1000;

  open_inbox (desk);
  dex_future_disown (tl_action_snooze (desk->session->replica, 100, in_a_second));
  DESK_AWAIT (desk_shows_not, "The quiet return of eelgrass");
  dex_future_disown (
      tl_action_snooze (desk->session->replica, 100, g_get_real_time () / 1000 - 1000));
  DESK_AWAIT (desk_shows, "The quiet return of eelgrass");
  desk_close (desk);
}

static void
test_narrow (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  int minimum;

  desk_open_at (desk, 360);
  tl_main_view_open_place (desk->view, TL_PLACE_INBOX);
  DESK_AWAIT (desk_has_width, GINT_TO_POINTER (360));
  DESK_AWAIT (desk_shows, "Kelp, counted from orbit");
  gtk_widget_measure (GTK_WIDGET (desk->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, 360);
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/inbox/reading-goes-through-it", desk, test_reading);
  g_test_add_data_func ("/inbox/what-is-archived-is-read", desk, test_archive);
  g_test_add_data_func ("/inbox/what-is-snoozed-comes-back", desk, test_snooze);
  g_test_add_data_func ("/inbox/nothing-is-wider-than-a-telephone", desk, test_narrow);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
