/* test-growing.c: a list that begins with few rows: what it tells is what it shows, whatever happens below it; on the
 * screen it grows until all is there. */
#include "tests/ui/desk.h"

#include "ui/growing-list.h"

#define ROWS 1000
#define FIRST 24
#define CHANGES 400

static GtkStringList *
strings_new (guint n)
{
  GtkStringList *strings = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strdup_printf ("Row %u", i);
    gtk_string_list_append (strings, text);
  }
  return strings;
}

static void
assert_begins_as (GListModel *model, GListModel *base)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), <=, g_list_model_get_n_items (base));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) one = g_list_model_get_item (model, i);
    g_autoptr (GObject) other = g_list_model_get_item (base, i);

    g_assert_true (one == other);
  }
}

/* What a view knows: the items that it was told of. */
static void
follow (GListModel *model, guint position, guint removed, guint added, GPtrArray *told)
{
  g_assert_cmpuint (position + removed, <=, told->len);
  if (removed > 0)
    g_ptr_array_remove_range (told, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (told, (int)(position + i), g_list_model_get_item (model, position + i));
}

static void
assert_told (GListModel *model, GPtrArray *told)
{
  g_assert_cmpuint (told->len, ==, g_list_model_get_n_items (model));
  for (guint i = 0; i < told->len; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);

    g_assert_true (item == told->pdata[i]);
  }
}

static void
test_told (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GtkWidget) view = g_object_ref_sink (gtk_list_view_new (NULL, NULL));
  GtkStringList *base = strings_new (0);
  g_autoptr (GListModel) model = tl_growing_list_new (G_LIST_MODEL (base), GTK_LIST_VIEW (view));
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (model, "items-changed", G_CALLBACK (follow), told);
  for (guint i = 0; i < CHANGES; i++) {
    static const char *const added[] = { "one", "two", "three", "four", NULL };
    guint n = g_list_model_get_n_items (G_LIST_MODEL (base));
    guint position = (guint)g_rand_int_range (random, 0, (gint32)n + 1);
    guint removed = (guint)g_rand_int_range (random, 0, (gint32)MIN (n - position, 6) + 1);

    if (i % 50 == 49) { /* another question's answer */
      position = 0;
      removed = n;
    }
    gtk_string_list_splice (base, position, removed, added + i % 4);
    assert_told (model, told);
    assert_begins_as (model, G_LIST_MODEL (base));
    g_assert_cmpuint (told->len, ==, MIN (g_list_model_get_n_items (G_LIST_MODEL (base)), FIRST));
  }
}

static void
test_reach (gconstpointer data)
{
  g_autoptr (GtkWidget) view = g_object_ref_sink (gtk_list_view_new (NULL, NULL));
  g_autoptr (GListModel) model =
      tl_growing_list_new (G_LIST_MODEL (strings_new (ROWS)), GTK_LIST_VIEW (view));

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, FIRST);
  g_assert_cmpuint (tl_growing_list_reach (GTK_LIST_VIEW (view), FIRST - 1), ==, FIRST - 1);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, FIRST);
  tl_growing_list_reach (GTK_LIST_VIEW (view), FIRST);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, ROWS);
}

static gboolean
has_all (Desk *desk, gconstpointer model)
{
  return g_list_model_get_n_items (G_LIST_MODEL ((gpointer)model)) == ROWS;
}

static void
test_grows (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = gtk_list_view_new (NULL, gtk_builder_list_item_factory_new_from_bytes (
                                                 NULL, g_bytes_new_static ("<interface/>", 12)));
  GtkStringList *base = strings_new (ROWS);
  GListModel *model = tl_growing_list_new (G_LIST_MODEL (base), GTK_LIST_VIEW (view));
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (model);

  gtk_list_view_set_model (GTK_LIST_VIEW (view), GTK_SELECTION_MODEL (selection));
  gtk_window_set_child (GTK_WINDOW (window), view);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, FIRST);
  gtk_window_present (GTK_WINDOW (window));
  DESK_AWAIT (has_all, model);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/growing/what-is-told-is-what-is-shown", desk, test_told);
  g_test_add_data_func ("/growing/a-row-that-is-gone-to-is-there", desk, test_reach);
  g_test_add_data_func ("/growing/on-the-screen-all-comes-in-the-end", desk, test_grows);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
