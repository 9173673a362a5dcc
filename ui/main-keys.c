/* main-keys.c: keys without a modifier, for reading: they bubble up to here only when no text field took them. */
#include "ui/main-private.h"

static gboolean
is_reading (TlMainView *self)
{
  return tl_main_view_is_in (self, "news");
}

static gboolean
key_move (GtkWidget *widget, GVariant *step, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (tl_main_view_is_in (self, "inbox"))
    tl_inbox_view_move (self->inbox, g_variant_get_int32 (step));
  else if (tl_main_view_is_in (self, "feed"))
    tl_feed_view_move (self->feed, g_variant_get_int32 (step));
  else if (is_reading (self))
    tl_news_list_move (self->list, g_variant_get_int32 (step));
  else
    return FALSE;
  return TRUE;
}

static gboolean
key_next_unread (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (tl_main_view_is_in (self, "inbox"))
    tl_inbox_view_next_unread (self->inbox);
  else if (is_reading (self))
    tl_news_list_next_unread (self->list);
  else
    return FALSE;
  return TRUE;
}

static gboolean
key_archive (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (tl_main_view_is_in (self, "inbox"))
    tl_inbox_view_archive (self->inbox);
  return tl_main_view_is_in (self, "inbox");
}

static gboolean
key_snooze (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (tl_main_view_is_in (self, "inbox"))
    tl_inbox_view_snooze (self->inbox);
  return tl_main_view_is_in (self, "inbox");
}

static gboolean
key_reader (GtkWidget *widget, GVariant *action, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (tl_main_view_is_in (self, "inbox"))
    return tl_inbox_view_reader_action (self->inbox, g_variant_get_string (action, NULL));
  return is_reading (self) &&
         gtk_widget_activate_action (GTK_WIDGET (self->reader), g_variant_get_string (action, NULL),
                                     NULL);
}

/* Where the sidebar hides, its menu is still one key away. */
static gboolean
key_menu (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  tl_main_view_show_sidebar (self);
  tl_sidebar_show_menu (self->sidebar);
  return TRUE;
}

void
tl_main_view_add_keys (GtkWidgetClass *class)
{
  static const struct {
    guint key;
    const char *action;
  } of_reader[] = {
    { GDK_KEY_u, "reader.unread" },
    { GDK_KEY_s, "reader.starred" },
    { GDK_KEY_l, "reader.later" },
    { GDK_KEY_o, "reader.open-original" },
  };

  gtk_widget_class_add_binding (class, GDK_KEY_j, 0, key_move, "i", 1);
  gtk_widget_class_add_binding (class, GDK_KEY_k, 0, key_move, "i", -1);
  gtk_widget_class_add_binding (class, GDK_KEY_p, 0, key_move, "i", -1);
  gtk_widget_class_add_binding (class, GDK_KEY_n, 0, key_next_unread, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_e, 0, key_archive, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_z, 0, key_snooze, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_F10, 0, key_menu, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_reader); i++)
    gtk_widget_class_add_binding (class, of_reader[i].key, 0, key_reader, "s", of_reader[i].action);
}
