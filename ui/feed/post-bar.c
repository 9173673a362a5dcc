/* post-bar.c: shows what the item says; a click asks for the opposite and the item's change shows it. Main thread. */
#include "ui/feed/post-bar.h"

#include "ui/tooltip.h"

#include "sync/actions-social.h"

#include <glib/gi18n-lib.h>

#define HEART "❤️"

struct _TlPostBar {
  GtkBox parent;
  GtkWidget *reply, *heart;
  GtkToggleButton *boost, *react, *save;
  GtkLabel *n_replies, *n_boosts, *n_reactions, *own;
  GtkWidget *picker; /* once it was wanted */

  TlFeedView *view;
  TlPostItem *item;
};

G_DEFINE_FINAL_TYPE (TlPostBar, tl_post_bar, GTK_TYPE_BOX)

/* --- showing ------------------------------------------------------------------------------------ */

static void
show_count (GtkLabel *label, guint count)
{
  g_autofree char *text = g_strdup_printf ("%u", count);

  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), count > 0);
}

static void
show_state (GtkToggleButton *button, gboolean is_on)
{
  gtk_toggle_button_set_active (button, is_on);
  if (is_on)
    gtk_widget_add_css_class (GTK_WIDGET (button), "on");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), "on");
}

static void
name_button (GtkWidget *button, const char *format, guint count)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *name = g_strdup_printf (format, count);
#pragma GCC diagnostic pop

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update (TlPostBar *self)
{
  TlPostItem *item = self->item;
  gboolean is_heart = item->my_reaction == NULL || g_str_equal (item->my_reaction, HEART);
  gboolean is_public = g_strcmp0 (item->visibility, "public") == 0;

  show_count (self->n_replies, item->n_replies);
  show_count (self->n_boosts, item->n_boosts);
  show_count (self->n_reactions, item->n_reactions);
  show_state (self->boost, item->is_boosted);
  show_state (self->react, item->my_reaction != NULL);
  show_state (self->save, item->is_saved);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->heart), item->my_reaction
                                                             ? "emote-love-symbolic"
                                                             : "heart-outline-symbolic");
  gtk_widget_set_visible (self->heart, is_heart);
  gtk_widget_set_visible (GTK_WIDGET (self->own), !is_heart);
  gtk_label_set_label (self->own, is_heart ? "" : item->my_reaction);
  gtk_widget_set_sensitive (GTK_WIDGET (self->boost), is_public);
  tl_tooltip_set (GTK_WIDGET (self->boost),
                  is_public ? _ ("Boost (B)") : _ ("Only posts for everyone"));
  name_button (self->reply, ngettext ("Reply, %u reply", "Reply, %u replies", item->n_replies),
               item->n_replies);
  name_button (GTK_WIDGET (self->boost),
               ngettext ("Boost, %u boost", "Boost, %u boosts", item->n_boosts), item->n_boosts);
  name_button (GTK_WIDGET (self->react),
               ngettext ("React, %u reaction", "React, %u reactions", item->n_reactions),
               item->n_reactions);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "post.edit", item->is_mine);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "post.delete", item->is_mine);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "post.copy-link", item->key > 0);
}

void
tl_post_bar_bind (TlPostBar *self, TlFeedView *view, TlPostItem *item)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  self->view = view;
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* --- doing -------------------------------------------------------------------------------------- */

static void
react_with (TlPostBar *self, const char *emoji, gboolean on)
{
  const TlSession *session = tl_feed_view_session (self->view);

  dex_future_disown (
      tl_action_react (session->replica, self->item->key, session->account->key, emoji, on));
}

static void
emoji_clicked (GtkButton *button, TlPostBar *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->picker));
  if (self->item)
    react_with (self, gtk_button_get_label (button), TRUE);
}

static void
emoji_picked (TlPostBar *self, const char *emoji)
{
  if (self->item)
    react_with (self, emoji, TRUE);
}

static void
more_clicked (TlPostBar *self)
{
  GtkWidget *chooser = gtk_emoji_chooser_new ();

  gtk_popover_popdown (GTK_POPOVER (self->picker));
  gtk_widget_set_parent (chooser, GTK_WIDGET (self->react));
  g_signal_connect_object (chooser, "emoji-picked", G_CALLBACK (emoji_picked), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (chooser, "closed", G_CALLBACK (gtk_widget_unparent), NULL);
  gtk_popover_popup (GTK_POPOVER (chooser));
}

static void
add_emoji (TlPostBar *self, GtkWidget *box, const char *emoji)
{
  GtkWidget *button = gtk_button_new_with_label (emoji);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "emoji");
  g_signal_connect (button, "clicked", G_CALLBACK (emoji_clicked), self);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
picker_new (TlPostBar *self)
{
  static const char *const common[] = { HEART, "👍", "😄", "🎉", "😮", "😢" };
  GtkWidget *picker = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *more = gtk_button_new_from_icon_name ("view-more-horizontal-symbolic");

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    add_emoji (self, box, common[i]);
  gtk_widget_add_css_class (more, "flat");
  gtk_widget_set_tooltip_text (more, _ ("More Emoji"));
  g_signal_connect_swapped (more, "clicked", G_CALLBACK (more_clicked), self);
  gtk_box_append (GTK_BOX (box), more);
  gtk_popover_set_child (GTK_POPOVER (picker), box);
  gtk_popover_set_position (GTK_POPOVER (picker), GTK_POS_TOP);
  gtk_widget_set_parent (picker, GTK_WIDGET (self->react));
  return picker;
}

static void
react_clicked (TlPostBar *self)
{
  gtk_toggle_button_set_active (self->react, self->item->my_reaction != NULL);
  if (self->item->my_reaction) {
    react_with (self, self->item->my_reaction, FALSE);
    return;
  }
  if (self->picker == NULL)
    self->picker = picker_new (self);
  gtk_popover_popup (GTK_POPOVER (self->picker));
}

void
tl_post_bar_react (TlPostBar *self)
{
  if (self->item)
    react_with (self, self->item->my_reaction ? self->item->my_reaction : HEART,
                self->item->my_reaction == NULL);
}

void
tl_post_bar_boost (TlPostBar *self)
{
  const TlSession *session = tl_feed_view_session (self->view);

  gtk_toggle_button_set_active (self->boost, self->item->is_boosted);
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->boost)))
    dex_future_disown (tl_action_boost (session->replica, self->item->key, session->account->key,
                                        !self->item->is_boosted));
}

void
tl_post_bar_reply (TlPostBar *self)
{
  if (self->item)
    tl_feed_view_reply (self->view, self->item);
}

static void
save_clicked (TlPostBar *self)
{
  gtk_toggle_button_set_active (self->save, self->item->is_saved);
  dex_future_disown (tl_action_save_post (tl_feed_view_session (self->view)->replica,
                                          self->item->key, !self->item->is_saved));
}

static void
edit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_feed_view_edit (TL_POST_BAR (widget)->view, TL_POST_BAR (widget)->item);
}

static void delete (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_feed_view_delete (TL_POST_BAR (widget)->view, TL_POST_BAR (widget)->item);
}

static void
copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlPostItem *item = TL_POST_BAR (widget)->item;
  g_autofree char *link = g_strdup_printf ("tideline:post/t%" G_GINT64_FORMAT, item->key);
  gboolean is_link = g_str_equal (name, "post.copy-link");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          is_link || item->text == NULL ? link : item->text);
}

/* --- making ------------------------------------------------------------------------------------- */

static void
tl_post_bar_dispose (GObject *object)
{
  TlPostBar *self = TL_POST_BAR (object);

  tl_post_bar_bind (self, NULL, NULL);
  g_clear_pointer (&self->picker, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_POST_BAR);
  G_OBJECT_CLASS (tl_post_bar_parent_class)->dispose (object);
}

static void
tl_post_bar_class_init (TlPostBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_post_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/post-bar.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlPostBar, name)
  CHILD (reply);
  CHILD (heart);
  CHILD (boost);
  CHILD (react);
  CHILD (save);
  CHILD (n_replies);
  CHILD (n_boosts);
  CHILD (n_reactions);
  CHILD (own);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "post.edit", NULL, edit);
  gtk_widget_class_install_action (widget_class, "post.delete", NULL, delete);
  gtk_widget_class_install_action (widget_class, "post.copy-text", NULL, copy);
  gtk_widget_class_install_action (widget_class, "post.copy-link", NULL, copy);
}

static void
tl_post_bar_init (TlPostBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->reply, "clicked", G_CALLBACK (tl_post_bar_reply), self);
  g_signal_connect_swapped (self->boost, "clicked", G_CALLBACK (tl_post_bar_boost), self);
  g_signal_connect_swapped (self->react, "clicked", G_CALLBACK (react_clicked), self);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (save_clicked), self);
}
