/* test-feed.c: timelines, threads and profiles as one sees them; what one posts, answers, boosts, deletes. The server is
 * not there: all of it waits in the outbox and shows at once. */
#include "tests/ui/desk.h"

#include "sync/apply.h"
#include "sync/models/lists.h"
#include "ui/feed/compose-dialog.h"
#include "ui/feed/feed-view.h"
#include "ui/feed/image-grid.h"
#include "ui/feed/post-card.h"
#include "ui/feed/reply-bar.h"
#include "ui/feed/timeline.h"

static GtkWidget *
find_type (Desk *desk, GType type)
{
  return desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (type));
}

static void
open_feed (Desk *desk)
{
  desk_open (desk);
  tl_main_view_open_place (desk->view, TL_PLACE_FEED);
  DESK_AWAIT (desk_shows, "First outing with the new oars");
}

/* The card that shows a text, or NULL. */
static TlPostCard *
card_of (Desk *desk, const char *text)
{
  GtkWidget *label = desk_find (GTK_WIDGET (desk->window), desk_is_label, text);
  GtkWidget *card = label ? gtk_widget_get_ancestor (label, TL_TYPE_POST_CARD) : NULL;

  return card ? TL_POST_CARD (card) : NULL;
}

static gboolean
is_button_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON) &&
         g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static void
click (GtkWidget *within, const char *label)
{
  GtkWidget *found = desk_find (within, is_button_label, label);

  g_assert_nonnull (found);
  g_signal_emit_by_name (gtk_widget_get_ancestor (found, GTK_TYPE_BUTTON), "clicked");
}

static gboolean
composes (Desk *desk, gconstpointer what)
{
  GtkWidget *dialog = find_type (desk, TL_TYPE_COMPOSE_DIALOG);
  GtkWidget *text =
      dialog ? desk_find (dialog, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW)) : NULL;

  return (text != NULL) == GPOINTER_TO_INT (what);
}

/* Writes in the open composer and sends. */
static void
write_post (Desk *desk, const char *text, const char *button)
{
  GtkWidget *dialog, *view;

  DESK_AWAIT (composes, GINT_TO_POINTER (TRUE));
  dialog = find_type (desk, TL_TYPE_COMPOSE_DIALOG);
  view = desk_find (dialog, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
  click (dialog, button);
  DESK_AWAIT (composes, GINT_TO_POINTER (FALSE));
}

static gboolean
is_boosted (Desk *desk, gconstpointer text)
{
  TlPostCard *card = card_of (desk, text);
  TlPostItem *item = card ? tl_post_card_item (card) : NULL;

  return item && item->is_boosted && g_strcmp0 (item->my_reaction, "❤️") == 0;
}

/* --- the tests ---------------------------------------------------------------------------------- */

static void
test_timelines (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_feed (desk);
  DESK_AWAIT (desk_shows, "Ana Kovač boosted");
  DESK_AWAIT (desk_shows, "Seat three is me"); /* folded into what it answers */
  DESK_AWAIT (desk_shows, "You were here");
  g_assert_nonnull (find_type (desk, TL_TYPE_IMAGE_GRID));
  DESK_AWAIT (desk_shows, "Spoilers for the regatta");
  g_assert_true (desk_shows_not (desk, "They won by a canvas"));
  click (GTK_WIDGET (card_of (desk, "Spoilers for the regatta")), "Show");
  DESK_AWAIT (desk_shows, "They won by a canvas");
  g_assert_true (desk_shows_not (desk, "Nobody follows me"));
  tl_main_view_open_place (desk->view, TL_PLACE_EVERYONE);
  DESK_AWAIT (desk_shows, "Nobody follows me");
  tl_main_view_open_place (desk->view, TL_PLACE_MENTIONS);
  DESK_AWAIT (desk_shows, "bring the flask");
  DESK_AWAIT (desk_shows_not, "Nobody follows me");
  tl_main_view_open_place (desk->view, TL_PLACE_SAVED_POSTS);
  DESK_AWAIT (desk_shows, "Nothing Saved");
  desk_close (desk);
}

/* In the bar below a thread. */
static void
answer_below (Desk *desk, const char *text)
{
  GtkWidget *bar = find_type (desk, TL_TYPE_REPLY_BAR);
  GtkWidget *view = desk_find (bar, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
  g_signal_emit_by_name (gtk_widget_get_last_child (gtk_widget_get_last_child (bar)), "clicked");
  g_assert_cmpint (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))),
                   ==, 0);
}

static void
test_posting (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_feed (desk);
  tl_main_view_compose (desk->view);
  write_post (desk, "Dry oars at last", "Post");
  DESK_AWAIT (desk_shows, "Dry oars at last");
  DESK_AWAIT (desk_shows, "Waiting for the network");
  tl_post_card_do (card_of (desk, "First outing with the new oars"), "reply");
  write_post (desk, "I know that heron", "Reply");
  tl_main_view_open_post (desk->view, 300);
  DESK_AWAIT (desk_shows, "I know that heron");
  answer_below (desk, "Which heron?");
  DESK_AWAIT (desk_shows, "Which heron?");
  desk_close (desk);
}

static gboolean
has_focus (Desk *desk, gconstpointer text)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (desk->window));
  TlPostCard *card = card_of (desk, text);

  return focus && card && gtk_widget_get_first_child (focus) == GTK_WIDGET (card);
}

static void
test_keys (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  TlFeedView *view;

  open_feed (desk);
  view = TL_FEED_VIEW (find_type (desk, TL_TYPE_FEED_VIEW));
  tl_feed_view_move (view, 1);
  DESK_AWAIT (has_focus, "First outing with the new oars");
  tl_feed_view_move (view, 1);
  DESK_AWAIT (has_focus, "bring the flask");
  tl_feed_view_move (view, -1);
  DESK_AWAIT (has_focus, "First outing with the new oars");
  gtk_widget_activate (gtk_window_get_focus (GTK_WINDOW (desk->window)));
  DESK_AWAIT (desk_shows, "Thread");
  desk_close (desk);
}

/* A thread of a post that the server does not know yet is of the same post when it does. */
static void
test_thread_of_unsent (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_feed (desk);
  tl_main_view_compose (desk->view);
  write_post (desk, "Nobody knows yet", "Post");
  DESK_AWAIT (desk_shows, "Nobody knows yet");
  tl_main_view_open_post (desk->view, tl_post_card_item (card_of (desk, "Nobody knows yet"))->key);
  DESK_AWAIT (desk_shows, "Thread");
  g_signal_emit_by_name (desk->session->replica, "rekeyed", (guint)tl_post_type.number,
                         G_GINT64_CONSTANT (-1), G_GINT64_CONSTANT (300));
  DESK_AWAIT (desk_shows, "First outing with the new oars");
  desk_close (desk);
}

static gboolean
write_new (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  g_autofree char *now = tl_date_format (g_get_real_time () / 1000);
  g_autofree char *json = g_strdup_printf (
      "[{\"id\": \"t310\", \"authorId\": \"t2\", \"text\": \"Fresh from the sea\", "
      "\"visibility\": \"public\", \"createdAt\": \"%s\"}]",
      now);

  return tl_apply_objects (db, changes, &tl_post_type, json, "$", error) >= 0;
}

static gboolean
has_unseen (Desk *desk, gconstpointer counts)
{
  guint n = 0;

  g_object_get ((gpointer)counts, "new-posts", &n, NULL);
  return n > 0;
}

static gboolean
has_seen_all (Desk *desk, gconstpointer counts)
{
  return !has_unseen (desk, counts);
}

static float
place_of (Desk *desk, const char *text)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (card_of (desk, text)),
                                            GTK_WIDGET (desk->window), &bounds));
  return bounds.origin.y;
}

static gboolean
has_moved (Desk *desk, gconstpointer before)
{
  return place_of (desk, "bring the flask") != *(const float *)before;
}

static gboolean
has_scrolled (Desk *desk, gconstpointer timeline)
{
  GtkWidget *scroller =
      desk_find ((GtkWidget *)timeline, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_SCROLLED_WINDOW));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));

  if (gtk_adjustment_get_value (adjustment) < 100)
    gtk_adjustment_set_value (adjustment, 200);
  return gtk_adjustment_get_value (adjustment) >= 100;
}

/* What is read stays where it is; a button above says how many came. */
static void
test_new_posts (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  g_autoptr (TlCounts) counts = NULL;
  GtkWidget *timeline;
  float before;

  open_feed (desk);
  counts = tl_counts_new (desk->session->replica, 1);
  DESK_AWAIT (has_unseen, counts);
  DESK_AWAIT (has_seen_all, counts);
  timeline = find_type (desk, TL_TYPE_TIMELINE);
  before = place_of (desk, "bring the flask");
  DESK_AWAIT (has_scrolled, timeline);
  DESK_AWAIT (has_moved, &before);
  before = place_of (desk, "bring the flask");
  dex_future_disown (tl_replica_write (desk->session->replica, write_new, NULL, NULL));
  DESK_AWAIT (desk_shows, "1 new post");
  g_assert_cmpfloat_with_epsilon (place_of (desk, "bring the flask"), before, 1);
  click (timeline, "1 new post");
  DESK_AWAIT (desk_shows, "Fresh from the sea");
  desk_close (desk);
}

static void
test_boost_and_react (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_feed (desk);
  tl_post_card_do (card_of (desk, "First outing"), "boost");
  tl_post_card_do (card_of (desk, "First outing"), "react");
  DESK_AWAIT (is_boosted, "First outing");
  desk_close (desk);
}

static void
test_delete (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  TlFeedView *view;

  open_feed (desk);
  DESK_AWAIT (desk_shows, "Mine to take back");
  view = TL_FEED_VIEW (find_type (desk, TL_TYPE_FEED_VIEW));
  tl_feed_view_delete (view, tl_post_card_item (card_of (desk, "Mine to take back")));
  DESK_AWAIT (desk_shows_not, "Mine to take back");
  click (GTK_WIDGET (desk->window), "Undo");
  DESK_AWAIT (desk_shows, "Mine to take back");
  tl_feed_view_delete (view, tl_post_card_item (card_of (desk, "Mine to take back")));
  DESK_AWAIT (desk_shows_not, "Mine to take back");
  desk_close (desk);
}

static void
test_profile (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_feed (desk);
  tl_main_view_open_person (desk->view, 4);
  DESK_AWAIT (desk_shows, "Sails, slowly");
  DESK_AWAIT (desk_shows, "Nobody follows me");
  click (GTK_WIDGET (desk->window), "Follow");
  DESK_AWAIT (desk_shows, "Following");
  tl_main_view_open_place (desk->view, TL_PLACE_FEED);
  DESK_AWAIT (desk_shows, "Nobody follows me");
  desk_close (desk);
}

/* Libadwaita warns, which is fatal here, when what is shown does not fit. */
static void
test_narrow (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  int minimum;

  desk_open_at (desk, 360);
  tl_main_view_open_place (desk->view, TL_PLACE_FEED);
  DESK_AWAIT (desk_shows, "First outing with the new oars");
  tl_main_view_open_person (desk->view, 2);
  tl_main_view_open_post (desk->view, 300);
  DESK_AWAIT (desk_shows, "Seat three is me");
  gtk_widget_measure (GTK_WIDGET (desk->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, 360);
  tl_main_view_compose (desk->view);
  DESK_AWAIT (composes, GINT_TO_POINTER (TRUE));
  g_assert_true (desk_has_width (desk, GINT_TO_POINTER (360)));
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/feed/timelines-show-what-they-say", desk, test_timelines);
  g_test_add_data_func ("/feed/what-one-posts-shows-at-once", desk, test_posting);
  g_test_add_data_func ("/feed/boosts-and-reactions-are-pressed", desk, test_boost_and_react);
  g_test_add_data_func ("/feed/new-posts-wait-above", desk, test_new_posts);
  g_test_add_data_func ("/feed/keys-go-from-post-to-post", desk, test_keys);
  g_test_add_data_func ("/feed/a-thread-follows-its-post", desk, test_thread_of_unsent);
  g_test_add_data_func ("/feed/deleting-can-be-undone", desk, test_delete);
  g_test_add_data_func ("/feed/following-from-a-profile", desk, test_profile);
  g_test_add_data_func ("/feed/nothing-is-wider-than-a-telephone", desk, test_narrow);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
