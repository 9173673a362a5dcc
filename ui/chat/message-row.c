/* message-row.c: see the header. Everything shown is derived from the item and its two neighbours, again
 * each time one of them is loaded or changes. */
#include "ui/chat/message-row.h"

#include "ui/attachments/attachment-view.h"
#include "ui/card-view.h"
#include "ui/chat/message-menu.h"
#include "ui/face.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

/* Messages of one sender within this many milliseconds stand together. */
#define GROUP_MS (5 * 60 * 1000)
#define WIDEST_PICTURE 300

struct _TlMessageRow {
  AdwBin parent;

  GtkWidget *divider, *line, *avatar_place, *avatar, *column, *heading, *bubble, *reply, *foot;
  GtkLabel *divider_label, *sender, *time, *reply_sender, *reply_body, *body, *foot_label;
  GtkImage *foot_icon;
  GtkWidget *retry, *discard, *more;
  GtkWidget *menu; /* while it is open, and until the next one */
  TlAttachmentView *files;
  TlCardView *card;
  TlMedia *media;

  GtkListItem *cell;
  TlMessageItem *item, *previous, *next;
  gint64 new_after;
  guint new_count;
};

enum { RETRY, DISCARD, REPLY, PLAN, EDIT, DELETE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlMessageRow, tl_message_row, ADW_TYPE_BIN)

static gboolean
is_one_group (TlMessageItem *a, TlMessageItem *b)
{
  return a && b && a->loaded && b->loaded && a->sender_key == b->sender_key &&
         ABS (b->sent_at - a->sent_at) < GROUP_MS && tl_words_is_same_day (a->sent_at, b->sent_at);
}

static void
set_class (GtkWidget *widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update_foot (TlMessageRow *self, gboolean is_last)
{
  TlMessageItem *item = self->item;
  gboolean has_failed = item->delivery == TL_DELIVERY_FAILED;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->foot,
                          item->is_mine && (is_last || item->delivery != TL_DELIVERY_SENT));
  gtk_widget_set_visible (self->retry, has_failed);
  gtk_widget_set_visible (self->discard, has_failed);
  set_class (GTK_WIDGET (self->foot_label), "error", has_failed);
  set_class (GTK_WIDGET (self->foot_icon), "error", has_failed);
  set_class (GTK_WIDGET (self->foot_label), "dimmed", !has_failed);
  set_class (GTK_WIDGET (self->foot_icon), "dimmed", !has_failed);
  if (has_failed) {
    gtk_image_set_from_icon_name (self->foot_icon, "dialog-error-symbolic");
    /* Translators: %s is why, a sentence */
    text = g_strdup_printf (_ ("Not sent: %s"), item->error ? item->error : "");
  } else if (item->delivery == TL_DELIVERY_WAITING) {
    gtk_image_set_from_icon_name (self->foot_icon, "document-open-recent-symbolic");
    text = g_strdup (_ ("Waiting for the network"));
  } else {
    g_autofree char *time = tl_words_clock (item->sent_at);

    gtk_image_set_from_icon_name (self->foot_icon, "object-select-symbolic");
    text = item->is_edited ? g_strdup_printf (_ ("%s · edited"), time) : g_steal_pointer (&time);
  }
  gtk_label_set_label (self->foot_label, text);
}

static void
update_divider (TlMessageRow *self)
{
  TlMessageItem *item = self->item, *previous = self->previous;
  gboolean is_first_new = self->new_count > 0 && item->seq > self->new_after &&
                          (previous == NULL || (previous->loaded && previous->seq > 0 &&
                                                previous->seq <= self->new_after));

  gtk_widget_set_visible (self->divider, is_first_new);
  if (is_first_new) {
    g_autofree char *text =
        g_strdup_printf (ngettext ("%u new", "%u new", self->new_count), self->new_count);
    gtk_label_set_label (self->divider_label, text);
  }
}

static void
update_name (TlMessageRow *self)
{
  TlMessageItem *item = self->item;
  g_autofree char *time = tl_words_clock (item->sent_at);
  g_autofree char *sentence = NULL;
  const char *state = "";

  if (item->delivery == TL_DELIVERY_WAITING)
    state = _ (", waiting for the network");
  else if (item->delivery == TL_DELIVERY_FAILED)
    state = _ (", not sent");
  /* Translators: who, when, what, delivery; read by screen readers */
  sentence = g_strdup_printf (_ ("%s, %s: %s%s"), item->is_mine ? _ ("You") : item->sender_name,
                              time, item->body ? item->body : "", state);
  gtk_list_item_set_accessible_label (self->cell, sentence);
}

static void
update_bubble (TlMessageRow *self, gboolean is_first, gboolean is_last)
{
  TlMessageItem *item = self->item;

  set_class (self->bubble, "mine", item->is_mine);
  set_class (self->bubble, "failed", item->delivery == TL_DELIVERY_FAILED);
  set_class (self->bubble, "cont-top", !is_first);
  set_class (self->bubble, "cont-bottom", !is_last);
  gtk_widget_set_halign (self->line, item->is_mine ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (self->bubble, item->is_mine ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_box_reorder_child_after (GTK_BOX (self->line), self->more,
                               item->is_mine ? self->avatar_place : self->column);
  gtk_widget_set_margin_start (self->line, item->is_mine ? 12 : 0);
  gtk_widget_set_margin_top (self->more, is_first && !item->is_mine ? 23 : 4);
  gtk_widget_set_margin_top (self->line, is_first ? 10 : 2);
}

static void
update (TlMessageRow *self)
{
  TlMessageItem *item = self->item;
  gboolean is_first, is_last;
  g_autofree char *time = NULL;
  g_autofree char *markup = NULL;

  if (item == NULL)
    return;
  is_first = !is_one_group (self->previous, item);
  is_last = !is_one_group (item, self->next);
  time = tl_words_clock (item->sent_at);
  markup = tl_words_link_markup (item->body);
  update_bubble (self, is_first, is_last);
  update_divider (self);
  update_foot (self, is_last);
  gtk_widget_set_visible (self->avatar_place, !item->is_mine);
  gtk_widget_set_visible (self->avatar, is_first);
  gtk_widget_set_visible (self->heading, is_first && !item->is_mine);
  tl_face_show (ADW_AVATAR (self->avatar), self->media, item->sender_name, item->sender_avatar);
  gtk_label_set_label (self->sender, item->sender_name ? item->sender_name : "");
  gtk_label_set_label (self->time, time);
  gtk_label_set_markup (self->body, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->body), item->body && *item->body);
  tl_attachment_view_show (self->files, self->media, item->attachments, WIDEST_PICTURE);
  tl_card_view_show (self->card, self->media, item->card);
  gtk_widget_set_visible (self->reply, item->reply_body != NULL);
  gtk_label_set_label (self->reply_sender, item->reply_sender ? item->reply_sender : "");
  gtk_label_set_label (self->reply_body, item->reply_body ? item->reply_body : "");
  update_name (self);
}

static void
watch (TlMessageRow *self, TlMessageItem **place, TlMessageItem *item)
{
  if (*place == item)
    return;
  if (*place)
    g_signal_handlers_disconnect_by_func (*place, update, self);
  g_set_object (place, item);
  if (item)
    g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

void
tl_message_row_bind (TlMessageRow *self, GtkListItem *cell, TlMessageItem *previous,
                     TlMessageItem *next, gint64 new_after, guint new_count)
{
  TlMessageItem *item = gtk_list_item_get_item (cell);

  /* Only its place changed: so it is with all rows when one comes above them. */
  if (self->cell == cell && self->item == item && self->previous == previous &&
      self->next == next && self->new_after == new_after && self->new_count == new_count)
    return;
  self->cell = cell;
  watch (self, &self->item, item);
  watch (self, &self->previous, previous);
  watch (self, &self->next, next);
  self->new_after = new_after;
  self->new_count = new_count;
  update (self);
}

void
tl_message_row_unbind (TlMessageRow *self)
{
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  watch (self, &self->item, NULL);
  watch (self, &self->previous, NULL);
  watch (self, &self->next, NULL);
}

TlMessageItem *
tl_message_row_item (TlMessageRow *self)
{
  return self->item;
}

static void
retry_clicked (TlMessageRow *self)
{
  if (self->item)
    g_signal_emit (self, signals[RETRY], 0, self->item->op);
}

static void
discard_clicked (TlMessageRow *self)
{
  if (self->item)
    g_signal_emit (self, signals[DISCARD], 0, self->item->op);
}

/* --- the menu ------------------------------------------------------------------------------------ */

static void
popup_at (TlMessageRow *self, const GdkRectangle *place, const char *link)
{
  if (self->item == NULL || !self->item->loaded)
    return;
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = tl_message_menu_new (self->item, link);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), place);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

void
tl_message_row_popup_menu (TlMessageRow *self)
{
  GtkWidget *at = gtk_widget_get_visible (self->more) ? self->more : self->bubble;
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (at, GTK_WIDGET (self), &bounds))
    popup_at (self,
              &(GdkRectangle){ (int)bounds.origin.x, (int)bounds.origin.y, (int)bounds.size.width,
                               (int)bounds.size.height },
              NULL);
}

/* Before the text's own menu. */
static void
pressed (TlMessageRow *self, int n, double x, double y, GtkGesture *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  popup_at (self, &(GdkRectangle){ (int)x, (int)y, 1, 1 }, gtk_label_get_current_uri (self->body));
}

static void
pressed_long (TlMessageRow *self, double x, double y, GtkGesture *gesture)
{
  pressed (self, 1, x, y, gesture);
}

static void
do_signal (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const struct {
    const char *action;
    int signal;
  } told[] = {
    { "message.reply", REPLY },
    { "message.plan", PLAN },
    { "message.edit", EDIT },
    { "message.delete", DELETE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (g_str_equal (action, told[i].action))
      g_signal_emit (widget, signals[told[i].signal], 0, TL_MESSAGE_ROW (widget)->item);
}

/* What is selected in it, or all of it. */
static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlMessageRow *self = TL_MESSAGE_ROW (widget);
  const char *text = gtk_label_get_text (self->body);
  g_autofree char *selected = NULL;
  int start, end;

  if (gtk_label_get_selection_bounds (self->body, &start, &end))
    selected = g_utf8_substring (text, start, end);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), selected ? selected : text);
}

static void
copy_link (GtkWidget *widget, const char *action, GVariant *link)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (link, NULL));
}

static void
install_menu (GtkWidgetClass *class)
{
  GType type = TL_TYPE_MESSAGE_ROW;

  gtk_widget_class_install_action (class, "message.reply", NULL, do_signal);
  gtk_widget_class_install_action (class, "message.plan", NULL, do_signal);
  gtk_widget_class_install_action (class, "message.edit", NULL, do_signal);
  gtk_widget_class_install_action (class, "message.delete", NULL, do_signal);
  gtk_widget_class_install_action (class, "message.copy", NULL, copy);
  gtk_widget_class_install_action (class, "message.copy-link", "s", copy_link);
  signals[REPLY] = g_signal_new ("reply", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, TL_TYPE_MESSAGE_ITEM);
  signals[PLAN] = g_signal_new ("plan", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, TL_TYPE_MESSAGE_ITEM);
  signals[EDIT] = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, TL_TYPE_MESSAGE_ITEM);
  signals[DELETE] = g_signal_new ("delete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, TL_TYPE_MESSAGE_ITEM);
}

static void
add_gestures (TlMessageRow *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *hold = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (hold), TRUE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (hold), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (hold, "pressed", G_CALLBACK (pressed_long), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (hold));
}

static void
tl_message_row_dispose (GObject *object)
{
  tl_message_row_unbind (TL_MESSAGE_ROW (object));
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_MESSAGE_ROW);
  G_OBJECT_CLASS (tl_message_row_parent_class)->dispose (object);
}

static void
tl_message_row_class_init (TlMessageRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TL_TYPE_ATTACHMENT_VIEW);
  g_type_ensure (TL_TYPE_CARD_VIEW);
  G_OBJECT_CLASS (class)->dispose = tl_message_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/message-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlMessageRow, name)
  CHILD (divider);
  CHILD (line);
  CHILD (avatar_place);
  CHILD (avatar);
  CHILD (column);
  CHILD (heading);
  CHILD (bubble);
  CHILD (reply);
  CHILD (foot);
  CHILD (divider_label);
  CHILD (sender);
  CHILD (time);
  CHILD (reply_sender);
  CHILD (reply_body);
  CHILD (body);
  CHILD (foot_label);
  CHILD (foot_icon);
  CHILD (retry);
  CHILD (discard);
  CHILD (more);
  CHILD (files);
  CHILD (card);
#undef CHILD
  signals[RETRY] = g_signal_new ("retry", TL_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[DISCARD] = g_signal_new ("discard", TL_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  install_menu (widget_class);
}

static void
tl_message_row_init (TlMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->retry, "clicked", G_CALLBACK (retry_clicked), self);
  g_signal_connect_swapped (self->discard, "clicked", G_CALLBACK (discard_clicked), self);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (tl_message_row_popup_menu), self);
  add_gestures (self);
}

GtkWidget *
tl_message_row_new (TlMedia *media)
{
  TlMessageRow *self = g_object_new (TL_TYPE_MESSAGE_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
