/* post-card.c: everything shown is derived from the item and its place, again each time the item changes. Main
 * thread. */
#include "ui/feed/post-card.h"

#include "sync/actions-social.h"
#include "sync/actions.h"
#include "sync/models/posts.h"
#include "ui/card-view.h"
#include "ui/face.h"
#include "ui/feed/image-grid.h"
#include "ui/feed/post-bar.h"
#include "ui/feed/post-words.h"
#include "ui/tooltip.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

#define DEEPEST 4
#define INDENT 22

struct _TlPostCard {
  AdwBin parent;

  GtkWidget *separator, *card, *context, *face, *name_button, *answer_line, *warning_box, *body,
      *chips;
  GtkWidget *delivery, *retry, *discard, *answer;
  GtkImage *context_icon, *visibility, *delivery_icon;
  GtkLabel *separator_label, *context_label, *name, *login, *time, *warning, *text;
  GtkLabel *delivery_label, *answer_text, *answer_time;
  GtkButton *show;
  AdwAvatar *avatar, *answer_avatar;
  TlImageGrid *images;
  TlCardView *shared;
  TlPostBar *bar;

  TlFeedView *view;
  GtkListItem *cell;
  TlPostItem *item;
  TlPostItem *previous;
  TlCardPlace place;
  gboolean is_revealed; /* what stands behind the warning */
  char *chips_of;       /* the reactions that the chips show */
};

G_DEFINE_FINAL_TYPE (TlPostCard, tl_post_card, ADW_TYPE_BIN)

static void
set_class (gpointer widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* --- parts of the card -------------------------------------------------------------------------- */

static void
update_separator (TlPostCard *self)
{
  TlPostItem *item = self->item, *previous = self->previous;
  gint64 seen_to = self->place.seen_to;
  gboolean is_here = seen_to > 0 && previous && previous->loaded && !previous->is_mine &&
                     previous->shown_key > seen_to && item->shown_key > 0 &&
                     item->shown_key <= seen_to;
  g_autofree char *words =
      g_strdup_printf (ngettext ("You were here · %u new above", "You were here · %u new above",
                                 self->place.position),
                       self->place.position);

  gtk_widget_set_visible (self->separator, is_here);
  gtk_label_set_label (self->separator_label, words);
}

static void
update_context (TlPostCard *self)
{
  TlPostItem *item = self->item;
  g_autofree char *words = NULL;

  if (item->booster) {
    g_autofree char *time = tl_words_short_time (item->boosted_at);

    gtk_image_set_from_icon_name (self->context_icon, "media-playlist-repeat-symbolic");
    words = g_strdup_printf (_ ("%s boosted · %s"), item->booster, time);
  } else if (item->reply_name && self->place.depth == 0 && !self->place.is_focus) {
    gtk_image_set_from_icon_name (self->context_icon, "mail-reply-sender-symbolic");
    words = g_strdup_printf (_ ("In reply to %s"), item->reply_name);
  }
  gtk_widget_set_visible (self->context, words != NULL);
  gtk_label_set_label (self->context_label, words ? words : "");
}

static void
update_heading (TlPostCard *self)
{
  TlPostItem *item = self->item;
  g_autofree char *time = tl_words_short_time (item->created_at);
  g_autofree char *shown = item->is_edited ? g_strdup_printf (_ ("%s · edited"), time) : NULL;
  g_autofree char *login = item->author_login ? g_strconcat ("@", item->author_login, NULL) : NULL;
  const char *icon = tl_post_visibility_icon (item->visibility);

  tl_face_show (self->avatar, tl_feed_view_session (self->view)->media, item->author_name,
                item->author_avatar);
  gtk_label_set_label (self->name, item->author_name ? item->author_name : "");
  gtk_label_set_label (self->login, login ? login : "");
  gtk_label_set_label (self->time, shown ? shown : time);
  gtk_image_set_from_icon_name (self->visibility, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->visibility), icon != NULL);
  tl_tooltip_set (GTK_WIDGET (self->visibility), tl_post_visibility_words (item->visibility));
  tl_tooltip_set (self->face, item->author_name);
}

static void
update_body (TlPostCard *self)
{
  TlPostItem *item = self->item;
  TlMedia *media = tl_feed_view_session (self->view)->media;
  g_autofree char *markup = tl_post_markup (item->text);

  g_autofree char *filtered =
      item->filtered ? g_strdup_printf (_ ("Filtered: %s"), item->filtered) : NULL;
  const char *before = item->warning ? item->warning : filtered;

  gtk_widget_set_visible (self->warning_box, before != NULL);
  gtk_label_set_label (self->warning, before ? before : "");
  gtk_button_set_label (self->show, self->is_revealed ? _ ("Hide") : _ ("Show"));
  gtk_widget_set_visible (self->body, before == NULL || self->is_revealed);
  gtk_label_set_markup (self->text, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->text), markup[0] != '\0');
  tl_image_grid_show (self->images, media, item->images);
  tl_card_view_show (self->shared, media, item->card);
}

static void
update_delivery (TlPostCard *self)
{
  TlPostItem *item = self->item;
  gboolean has_failed = item->delivery == TL_DELIVERY_FAILED;
  g_autofree char *words =
      has_failed ? g_strdup_printf (_ ("Not sent: %s"), item->error ? item->error : "")
                 : g_strdup (_ ("Waiting for the network"));

  gtk_widget_set_visible (self->delivery, item->delivery != TL_DELIVERY_SENT);
  gtk_widget_set_visible (self->retry, has_failed);
  gtk_widget_set_visible (self->discard, has_failed);
  gtk_image_set_from_icon_name (self->delivery_icon, has_failed ? "dialog-error-symbolic"
                                                                : "document-open-recent-symbolic");
  gtk_label_set_label (self->delivery_label, words);
  set_class (self->delivery, "error", has_failed);
  set_class (self->delivery, "dimmed", !has_failed);
}

static void
update_answer (TlPostCard *self)
{
  TlPostItem *item = self->item;
  gboolean has_answer = self->place.has_answer && item->answer_text;

  gtk_widget_set_visible (self->answer, has_answer);
  gtk_widget_set_visible (self->answer_line, has_answer);
  if (has_answer) {
    g_autofree char *time = tl_words_short_time (item->answer_at);
    g_autofree char *markup = g_markup_printf_escaped (
        "<b>%s</b>  %s", item->answer_name ? item->answer_name : "", item->answer_text);

    tl_face_show (self->answer_avatar, tl_feed_view_session (self->view)->media, item->answer_name,
                  item->answer_avatar);
    gtk_label_set_markup (self->answer_text, markup);
    gtk_label_set_label (self->answer_time, time);
  }
}

/* --- reactions as chips ------------------------------------------------------------------------- */

static void
chip_clicked (GtkToggleButton *chip, TlPostCard *self)
{
  const TlSession *session = tl_feed_view_session (self->view);

  if (self->item)
    dex_future_disown (tl_action_react (session->replica, self->item->key, session->account->key,
                                        g_object_get_data (G_OBJECT (chip), "emoji"),
                                        gtk_toggle_button_get_active (chip)));
}

static GtkWidget *
chip_new (TlPostCard *self, const TlReactionCount *count)
{
  g_autofree char *label = g_strdup_printf ("%s %u", count->emoji, count->count);
  GtkWidget *chip = gtk_toggle_button_new_with_label (label);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), count->is_mine);
  gtk_widget_add_css_class (chip, "reaction");
  set_class (chip, "on", count->is_mine);
  g_object_set_data_full (G_OBJECT (chip), "emoji", g_strdup (count->emoji), g_free);
  g_signal_connect_object (chip, "clicked", G_CALLBACK (chip_clicked), self, 0);
  return chip;
}

/* One kind of reaction is in the bar already. */
static void
update_chips (TlPostCard *self)
{
  g_autoptr (GPtrArray) counts = NULL;
  GtkWidget *chip;

  if (!g_set_str (&self->chips_of, self->item->reactions))
    return;
  counts = tl_reactions_parse (self->item->reactions);
  while ((chip = gtk_widget_get_first_child (self->chips)))
    adw_wrap_box_remove (ADW_WRAP_BOX (self->chips), chip);
  for (guint i = 0; counts->len > 1 && i < counts->len; i++)
    adw_wrap_box_append (ADW_WRAP_BOX (self->chips), chip_new (self, counts->pdata[i]));
  gtk_widget_set_visible (self->chips, counts->len > 1);
}

/* --- binding ------------------------------------------------------------------------------------ */

static void
update (TlPostCard *self)
{
  TlPostItem *item = self->item;
  g_autofree char *sentence = NULL;

  if (item == NULL || !item->loaded)
    return;
  gtk_widget_set_visible (self->card, !tl_feed_view_is_leaving (self->view, item->key));
  update_separator (self);
  update_context (self);
  update_heading (self);
  update_body (self);
  update_chips (self);
  update_delivery (self);
  update_answer (self);
  sentence = tl_post_sentence (item);
  gtk_list_item_set_accessible_label (self->cell, sentence);
}

static void
watch (TlPostCard *self, TlPostItem **place, TlPostItem *item)
{
  if (*place)
    g_signal_handlers_disconnect_by_func (*place, update, self);
  g_set_object (place, item);
  if (item)
    g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

void
tl_post_card_bind (TlPostCard *self, GtkListItem *cell, TlPostItem *item, const TlCardPlace *place)
{
  self->is_revealed &= item == self->item;
  self->cell = cell;
  watch (self, &self->item, item);
  watch (self, &self->previous, place->previous);
  self->place = *place;
  tl_post_bar_bind (self->bar, self->view, item);
  gtk_widget_set_margin_start (GTK_WIDGET (self), (int)MIN (place->depth, DEEPEST) * INDENT);
  set_class (self->card, "focus-post", place->is_focus);
  update (self);
}

void
tl_post_card_unbind (TlPostCard *self)
{
  watch (self, &self->item, NULL);
  watch (self, &self->previous, NULL);
  tl_post_bar_bind (self->bar, self->view, NULL);
}

TlPostItem *
tl_post_card_item (TlPostCard *self)
{
  return self->item;
}

GtkListItem *
tl_post_card_cell (TlPostCard *self)
{
  return self->cell;
}

void
tl_post_card_do (TlPostCard *self, const char *what)
{
  static const struct {
    const char *what;
    void (*run) (TlPostBar *bar);
  } deeds[] = { { "reply", tl_post_bar_reply },
                { "boost", tl_post_bar_boost },
                { "react", tl_post_bar_react } };

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (self->item && g_str_equal (deeds[i].what, what))
      deeds[i].run (self->bar);
}

/* --- clicks ------------------------------------------------------------------------------------- */

static void
face_clicked (TlPostCard *self)
{
  if (self->item)
    tl_feed_view_open_person (self->view, self->item->author_key);
}

static void
show_clicked (TlPostCard *self)
{
  self->is_revealed = !self->is_revealed;
  update (self);
}

static void
retry_clicked (TlPostCard *self)
{
  dex_future_disown (tl_action_retry (tl_feed_view_session (self->view)->replica, self->item->op));
}

static void
discard_clicked (TlPostCard *self)
{
  dex_future_disown (
      tl_action_discard (tl_feed_view_session (self->view)->replica, self->item->op));
}

static gboolean
link_activated (TlPostCard *self, const char *uri)
{
  return tl_feed_view_open_link (self->view, uri);
}

static void
tl_post_card_dispose (GObject *object)
{
  TlPostCard *self = TL_POST_CARD (object);

  watch (self, &self->item, NULL);
  watch (self, &self->previous, NULL);
  g_clear_pointer (&self->chips_of, g_free);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_POST_CARD);
  G_OBJECT_CLASS (tl_post_card_parent_class)->dispose (object);
}

static void
tl_post_card_class_init (TlPostCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_post_card_dispose;
  g_type_ensure (TL_TYPE_IMAGE_GRID);
  g_type_ensure (TL_TYPE_CARD_VIEW);
  g_type_ensure (TL_TYPE_POST_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/post-card.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlPostCard, name)
  CHILD (separator);
  CHILD (separator_label);
  CHILD (card);
  CHILD (context);
  CHILD (context_icon);
  CHILD (context_label);
  CHILD (face);
  CHILD (avatar);
  CHILD (answer_line);
  CHILD (name);
  CHILD (name_button);
  CHILD (login);
  CHILD (visibility);
  CHILD (time);
  CHILD (warning_box);
  CHILD (warning);
  CHILD (show);
  CHILD (body);
  CHILD (text);
  CHILD (images);
  CHILD (shared);
  CHILD (chips);
  CHILD (bar);
  CHILD (delivery);
  CHILD (delivery_icon);
  CHILD (delivery_label);
  CHILD (retry);
  CHILD (discard);
  CHILD (answer);
  CHILD (answer_avatar);
  CHILD (answer_text);
  CHILD (answer_time);
#undef CHILD
}

static void
tl_post_card_init (TlPostCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->face, "clicked", G_CALLBACK (face_clicked), self);
  g_signal_connect_swapped (self->name_button, "clicked", G_CALLBACK (face_clicked), self);
  g_signal_connect_swapped (self->show, "clicked", G_CALLBACK (show_clicked), self);
  g_signal_connect_swapped (self->retry, "clicked", G_CALLBACK (retry_clicked), self);
  g_signal_connect_swapped (self->discard, "clicked", G_CALLBACK (discard_clicked), self);
  g_signal_connect_swapped (self->text, "activate-link", G_CALLBACK (link_activated), self);
}

GtkWidget *
tl_post_card_new (TlFeedView *view)
{
  TlPostCard *self = g_object_new (TL_TYPE_POST_CARD, NULL);

  self->view = view;
  return GTK_WIDGET (self);
}
