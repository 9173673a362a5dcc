/* test-personal.c: preferences take effect as they are set; filters are made and say what they hide; a draft of another
 * device is offered. */
#include "tests/ui/desk.h"

#include "sync/actions.h"
#include "ui/chat/composer.h"
#include "ui/draft-offer.h"

static GtkWidget *
find (Desk *desk, DeskMatch match, gconstpointer what)
{
  GtkWidget *found = desk_find (GTK_WIDGET (desk->window), match, what);

  g_assert_nonnull (found);
  return found;
}

static gboolean
is_row (GtkWidget *widget, gconstpointer title)
{
  return ADW_IS_PREFERENCES_ROW (widget) &&
         g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static gboolean
is_button (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
has_row (Desk *desk, gconstpointer title)
{
  return desk_find (GTK_WIDGET (desk->window), is_row, title) != NULL;
}

static void
click (Desk *desk, const char *label)
{
  g_signal_emit_by_name (find (desk, is_button, label), "clicked");
}

static gboolean
is_told (Desk *desk, gconstpointer kind)
{
  return tl_preferences_tells (desk->session->preferences, kind);
}

static gboolean
is_not_told (Desk *desk, gconstpointer kind)
{
  return !is_told (desk, kind);
}

static gboolean
is_quiet_at_night (Desk *desk, gconstpointer hour)
{
  g_autofree char *from = NULL, *to = NULL;

  return tl_preferences_hours (desk->session->preferences, &from, &to) &&
         g_strcmp0 (from, hour) == 0;
}

static gboolean
is_quiet_when_busy (Desk *desk, gconstpointer nothing)
{
  return tl_preferences_get (desk->session->preferences)->quiet_when_busy == TL_TRUE;
}

static gboolean
week_starts (Desk *desk, gconstpointer day)
{
  return tl_preferences_get (desk->session->preferences)->week_start == GPOINTER_TO_INT (day);
}

static void
test_settings (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  tl_main_view_show_preferences (desk->view, "notifications");
  DESK_AWAIT (has_row, "Reactions");
  g_assert_true (is_told (desk, "reaction"));
  adw_switch_row_set_active (ADW_SWITCH_ROW (find (desk, is_row, "Reactions")), FALSE);
  DESK_AWAIT (is_not_told, "reaction");
  g_assert_true (is_told (desk, "boost"));
  adw_switch_row_set_active (ADW_SWITCH_ROW (find (desk, is_row, "Reactions")), TRUE);
  DESK_AWAIT (is_told, "reaction");
  adw_switch_row_set_active (ADW_SWITCH_ROW (find (desk, is_row, "Quiet While You Are Busy")),
                             TRUE);
  DESK_AWAIT (is_quiet_when_busy, NULL);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (find (desk, is_row, "Quiet Hours")),
                                         TRUE);
  DESK_AWAIT (is_quiet_at_night, "22:00");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "From")), 46);
  DESK_AWAIT (is_quiet_at_night, "23:00");
  adw_preferences_dialog_set_visible_page_name (
      ADW_PREFERENCES_DIALOG (
          adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (desk->window))),
      "calendar");
  DESK_AWAIT (has_row, "Week Begins On");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "Week Begins On")), 3);
  DESK_AWAIT (week_starts, GINT_TO_POINTER (6));
  desk_close (desk);
}

static gboolean
is_mailed (Desk *desk, gconstpointer how)
{
  guint hour;

  return g_str_equal (tl_preferences_mails (desk->session->preferences, &hour), how);
}

static gboolean
is_mailed_at (Desk *desk, gconstpointer at)
{
  guint hour;

  tl_preferences_mails (desk->session->preferences, &hour);
  return hour == GPOINTER_TO_UINT (at);
}

static gboolean
is_mailed_of (Desk *desk, gconstpointer kind)
{
  return tl_preferences_mails_of (desk->session->preferences, kind);
}

static GtkWidget *
find_switch (Desk *desk, const char *title)
{
  GtkWidget *about = desk_find (GTK_WIDGET (desk->window), is_row, "Letters About");

  return about ? desk_find (about, is_row, title) : NULL;
}

static gboolean
has_switch (Desk *desk, gconstpointer title)
{
  return find_switch (desk, title) != NULL;
}

static void
test_letters (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  tl_main_view_show_preferences (desk->view, "notifications");
  DESK_AWAIT (has_row, "Letters");
  g_assert_true (is_mailed (desk, "each"));
  g_assert_true (is_mailed_of (desk, "mention"));
  g_assert_false (is_mailed_of (desk, "boost"));
  g_assert_false (has_row (desk, "At"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "Letters")), 1);
  DESK_AWAIT (is_mailed, "daily");
  DESK_AWAIT (has_row, "At");
  adw_spin_row_set_value (ADW_SPIN_ROW (find (desk, is_row, "At")), 19);
  DESK_AWAIT (is_mailed_at, GUINT_TO_POINTER (19));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (find (desk, is_row, "Letters About")), TRUE);
  DESK_AWAIT (has_switch, "Boosts");
  adw_switch_row_set_active (ADW_SWITCH_ROW (find_switch (desk, "Boosts")), TRUE);
  DESK_AWAIT (is_mailed_of, "boost");
  g_assert_true (is_mailed (desk, "daily"));
  g_assert_true (is_told (desk, "boost"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "Letters")), 2);
  DESK_AWAIT (is_mailed, "never");
  g_assert_true (is_mailed_of (desk, "boost"));
  desk_close (desk);
}

static void
test_appearance (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  AdwStyleManager *style = adw_style_manager_get_default ();

  desk_open (desk);
  tl_main_view_show_preferences (desk->view, "general");
  DESK_AWAIT (has_row, "Style");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "Style")), 2);
  g_assert_cmpint (adw_style_manager_get_color_scheme (style), ==, ADW_COLOR_SCHEME_FORCE_DARK);
  desk_close (desk);
  desk_open (desk); /* it is kept */
  g_assert_cmpint (adw_style_manager_get_color_scheme (style), ==, ADW_COLOR_SCHEME_FORCE_DARK);
  g_object_set (desk->session->device, "appearance", 0, NULL);
  g_assert_cmpint (adw_style_manager_get_color_scheme (style), ==, ADW_COLOR_SCHEME_DEFAULT);
  desk_close (desk);
}

/* Somebody can be chosen. */
static gboolean
knows_people (Desk *desk, gconstpointer nothing)
{
  GtkWidget *row = desk_find (GTK_WIDGET (desk->window), is_row, "Written By");

  return row && g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))) > 1;
}

static gboolean
shows_no_row (Desk *desk, gconstpointer title)
{
  GtkWidget *row = desk_find (GTK_WIDGET (desk->window), is_row, title);

  return row == NULL || !gtk_widget_get_mapped (row);
}

/* The first of all people, without words: what cannot be is not offered. */
static void
silence_somebody (Desk *desk)
{
  AdwComboRow *person;
  g_autofree char *name = NULL;

  click (desk, "_Add Filter");
  DESK_AWAIT (knows_people, NULL);
  person = ADW_COMBO_ROW (find (desk, is_row, "Written By"));
  adw_combo_row_set_selected (person, 1);
  name = g_strdup (
      gtk_string_object_get_string (GTK_STRING_OBJECT (adw_combo_row_get_selected_item (person))));
  DESK_AWAIT (shows_no_row, "Articles");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find (desk, is_row, "What Happens")), 2);
  DESK_AWAIT (shows_no_row, "Notifications");
  click (desk, "_Add");
  DESK_AWAIT (has_row, name);
  DESK_AWAIT (desk_shows, "Never notified");
}

static void
test_filters (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  DESK_AWAIT (desk_shows, "Kelp, counted from orbit");
  tl_main_view_show_preferences (desk->view, "filters");
  DESK_AWAIT (desk_shows, "Add Filter");
  click (desk, "_Add Filter");
  DESK_AWAIT (has_row, "Words or Phrases");
  gtk_editable_set_text (GTK_EDITABLE (find (desk, is_row, "Words or Phrases")), "kelp, from the");
  click (desk, "_Add");
  DESK_AWAIT (has_row, "kelp, from the");
  DESK_AWAIT (desk_shows, "hidden by your filter “kelp”");
  silence_somebody (desk);
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (desk->window)));
  DESK_AWAIT (desk_shows_not, "Kelp, counted from orbit");
  desk_close (desk);
}

static gboolean
meet_other (TlDb *db, TlChanges *changes, gpointer place, GError **error)
{
  tl_changes_add (changes, &tl_draft_type, 900);
  if (sqlite3_exec (
          tl_db_handle (db),
          "INSERT OR REPLACE INTO kept_draft (key, place, text, extra) SELECT 900, place, "
          "'on the telephone', '{\"version\": \"abc\", \"over\": \"\"}' FROM local.draft",
          NULL, NULL, NULL) != SQLITE_OK)
    return tl_db_fail (db, error);
  return tl_draft_meet (db, place, error);
}

static gboolean
has_typed (Desk *desk, gconstpointer words)
{
  GtkWidget *composer = find (desk, desk_is_type, GSIZE_TO_POINTER (TL_TYPE_COMPOSER));
  GtkWidget *text = desk_find (composer, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (text));
  g_autofree char *typed = NULL;

  g_object_get (buffer, "text", &typed, NULL);
  return g_strcmp0 (typed, words) == 0;
}

static void
test_draft (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  const gint64 ana = 2;
  g_autoptr (DexFuture) made = NULL, saved = NULL;
  g_autofree char *place = NULL;
  gint64 room;

  desk_open (desk);
  made = tl_action_new_room (desk->session->replica, "Launch crew", &ana, 1);
  while (dex_future_is_pending (made))
    g_main_context_iteration (NULL, TRUE);
  room = g_value_get_int64 (dex_future_get_value (made, NULL));
  place = g_strdup_printf ("room:%" G_GINT64_FORMAT, room);
  saved = tl_draft_save (desk->session->replica, place, "at the desk");
  while (dex_future_is_pending (saved))
    g_main_context_iteration (NULL, TRUE);
  tl_main_view_open_room (desk->view, room, 0);
  DESK_AWAIT (has_typed, "at the desk");
  dex_future_disown (tl_replica_write (desk->session->replica, meet_other, place, NULL));
  DESK_AWAIT (desk_shows, "From another device: on the telephone");
  g_assert_true (has_typed (desk, "at the desk"));
  click (desk, "_Use This One");
  DESK_AWAIT (has_typed, "on the telephone");
  DESK_AWAIT (desk_shows_not, "From another device");
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/personal/settings-take-effect-and-go-everywhere", desk, test_settings);
  g_test_add_data_func ("/personal/letters-come-as-one-wants-them", desk, test_letters);
  g_test_add_data_func ("/personal/a-device-keeps-its-appearance", desk, test_appearance);
  g_test_add_data_func ("/personal/filters-hide-and-say-so", desk, test_filters);
  g_test_add_data_func ("/personal/the-other-device-s-draft-is-offered", desk, test_draft);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
