/* test-search.c: filters complete as one types, by keyboard alone; the kinds above the results and in: are one. */
#include "tests/ui/desk.h"

#include "ui/search/offers.h"
#include "ui/search/search-dialog.h"

static GtkWidget *
find_below (Desk *desk, GType type, GType below)
{
  GtkWidget *dialog = desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (below));

  return dialog ? desk_find (dialog, desk_is_type, GSIZE_TO_POINTER (type)) : NULL;
}

static GtkEditable *
entry_of (Desk *desk)
{
  return GTK_EDITABLE (find_below (desk, GTK_TYPE_TEXT, TL_TYPE_SEARCH_DIALOG));
}

static gboolean
is_open (Desk *desk, gconstpointer nothing)
{
  return entry_of (desk) != NULL;
}

static gboolean
offers (Desk *desk, gconstpointer text)
{
  GtkWidget *list = find_below (desk, GTK_TYPE_LIST_BOX, TL_TYPE_SEARCH_OFFERS);

  return list && desk_find (list, desk_is_label, text) != NULL;
}

static gboolean
offers_nothing (Desk *desk, gconstpointer nothing)
{
  return find_below (desk, GTK_TYPE_LIST_BOX, TL_TYPE_SEARCH_OFFERS) == NULL;
}

static gboolean
says (Desk *desk, gconstpointer text)
{
  return g_str_equal (gtk_editable_get_text (entry_of (desk)), text);
}

static gboolean
has_kind (Desk *desk, gconstpointer name)
{
  GtkWidget *kinds = find_below (desk, ADW_TYPE_TOGGLE_GROUP, TL_TYPE_SEARCH_DIALOG);
  const char *active = adw_toggle_group_get_active_name (ADW_TOGGLE_GROUP (kinds));

  return g_strcmp0 (active, name) == 0;
}

static void
type (Desk *desk, const char *text)
{
  gtk_editable_set_text (entry_of (desk), text);
  gtk_editable_set_position (entry_of (desk), -1);
}

static void
test_offers (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  desk_open (desk);
  tl_main_view_show_search (desk->view, "");
  DESK_AWAIT (is_open, NULL);
  type (desk, "in:ca");
  DESK_AWAIT (offers, "calendar");
  g_signal_emit_by_name (entry_of (desk), "activate");
  DESK_AWAIT (says, "in:calendar ");
  DESK_AWAIT (offers_nothing, NULL);
  DESK_AWAIT (has_kind, "events");
  type (desk, "kelp has:");
  DESK_AWAIT (offers, "link");
  type (desk, "kelp");
  DESK_AWAIT (offers_nothing, NULL);
  desk_close (desk);
}

static void
test_kinds (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  AdwToggleGroup *kinds;

  desk_open (desk);
  tl_main_view_show_search (desk->view, "kelp");
  DESK_AWAIT (is_open, NULL);
  kinds = ADW_TOGGLE_GROUP (find_below (desk, ADW_TYPE_TOGGLE_GROUP, TL_TYPE_SEARCH_DIALOG));
  DESK_AWAIT (has_kind, "all");
  adw_toggle_group_set_active_name (kinds, "articles");
  DESK_AWAIT (says, "kelp in:articles");
  adw_toggle_group_set_active_name (kinds, "all");
  DESK_AWAIT (says, "kelp ");
  type (desk, "kelp in:news");
  DESK_AWAIT (has_kind, "articles");
  type (desk, "kelp in:chat");
  DESK_AWAIT (has_kind, NULL);
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/ui-search/filters-complete-as-typed", desk, test_offers);
  g_test_add_data_func ("/ui-search/kinds-and-the-filter-are-one", desk, test_kinds);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
