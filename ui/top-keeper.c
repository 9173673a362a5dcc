/* top-keeper.c: tells a person's scrolling from a new layout by the height: only a layout changes it. */
#include "ui/top-keeper.h"

#define NAME "tl-top-keeper"

typedef struct {
  GtkAdjustment *adjustment;
  gboolean is_at_top;
  double layout; /* the scrolled height when that was last looked at */
  guint to_top;
} Keeper;

static Keeper *
keeper_of (GtkScrolledWindow *scroller)
{
  return g_object_get_data (G_OBJECT (scroller), NAME);
}

static void
go_to_top (gpointer data)
{
  Keeper *keeper = data;

  keeper->to_top = 0;
  gtk_adjustment_set_value (keeper->adjustment, 0);
}

static void
stay (Keeper *keeper)
{
  if (keeper->to_top == 0)
    keeper->to_top = g_idle_add_once (go_to_top, keeper);
}

static void
scrolled (GtkAdjustment *adjustment, Keeper *keeper)
{
  double value = gtk_adjustment_get_value (adjustment);
  double layout = gtk_adjustment_get_upper (adjustment) + gtk_adjustment_get_page_size (adjustment);

  if (keeper->layout == layout)
    keeper->is_at_top = value < 1;
  else if (keeper->is_at_top && value > 0)
    stay (keeper);
  keeper->layout = layout;
}

static void
keeper_free (gpointer data)
{
  Keeper *keeper = data;

  g_clear_handle_id (&keeper->to_top, g_source_remove);
  g_signal_handlers_disconnect_by_data (keeper->adjustment, keeper);
  g_object_unref (keeper->adjustment);
  g_free (keeper);
}

void
tl_top_keeper_attach (GtkScrolledWindow *scroller)
{
  Keeper *keeper = g_new0 (Keeper, 1);

  keeper->adjustment = g_object_ref (gtk_scrolled_window_get_vadjustment (scroller));
  keeper->is_at_top = TRUE;
  g_signal_connect (keeper->adjustment, "value-changed", G_CALLBACK (scrolled), keeper);
  g_object_set_data_full (G_OBJECT (scroller), NAME, keeper, keeper_free);
}

void
tl_top_keeper_reset (GtkScrolledWindow *scroller)
{
  keeper_of (scroller)->is_at_top = TRUE;
  stay (keeper_of (scroller));
}

void
tl_top_keeper_leave (GtkScrolledWindow *scroller)
{
  keeper_of (scroller)->is_at_top = FALSE;
}

void
tl_top_keeper_rows_changed (GtkScrolledWindow *scroller)
{
  if (keeper_of (scroller)->is_at_top)
    stay (keeper_of (scroller));
}
