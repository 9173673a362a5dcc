/* room-page.c: the message list. GtkListView keeps its place by the row that is looked at; at the end it
 * follows the newest message. */
#include "ui/chat/room-page.h"

#include "ui/calendar/days.h"
#include "ui/calendar/event-dialog.h"

#include "sync/actions.h"
#include "sync/models/lists.h"
#include "ui/chat/composer.h"
#include "ui/chat/day-header.h"
#include "ui/chat/message-row.h"
#include "ui/chat/questions.h"
#include "ui/face.h"
#include "ui/people-dialog.h"
#include "ui/section-list.h"

#include <glib/gi18n-lib.h>

/* Nearer to the end than this counts as being there. */
#define END_PIXELS 40
/* The list has laid its end out by then. */
#define SETTLE_MS 50

struct _TlRoomPage {
  AdwNavigationPage parent;

  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;
  GtkWidget *to_end;
  AdwAvatar *avatar;
  GtkLabel *name, *subtitle;
  TlComposer *composer;
  GtkWidget *menu;

  TlReplica *replica;
  TlMedia *media;
  gint64 me, room, target;
  TlKeyList *rooms; /* to follow the room's name */
  TlRoomItem *item;
  TlKeyList *messages;
  gint64 new_after; /* where the divider stands: the marker at opening */
  guint new_count;
  gint64 marked; /* the seq last marked as read */
  gboolean is_at_end, is_placed;
  double scrolled_to;
};

enum { PROP_MUTED = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlRoomPage, tl_room_page, ADW_TYPE_NAVIGATION_PAGE)

static guint
count (TlRoomPage *self)
{
  return self->messages ? g_list_model_get_n_items (G_LIST_MODEL (self->messages)) : 0;
}

static TlMessageItem *
message_at (TlRoomPage *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->messages), position);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void
row_retry (TlRoomPage *self, gint64 op)
{
  dex_future_disown (tl_action_retry (self->replica, op));
}

static void
row_discard (TlRoomPage *self, gint64 op)
{
  dex_future_disown (tl_action_discard (self->replica, op));
}

static void
row_reply (TlRoomPage *self, TlMessageItem *message)
{
  tl_composer_reply_to (self->composer, message);
}

static void
present_dialog (gpointer data)
{
  g_autoptr (AdwDialog) dialog = data;

  adw_dialog_present (dialog, g_object_get_data (G_OBJECT (dialog), "page"));
}

/* The first line is what it is about. The menu gives the focus back before the dialog takes it. */
static void
row_plan (TlRoomPage *self, TlMessageItem *message)
{
  AdwDialog *dialog = tl_event_dialog_new (self->replica, self->me, tl_day_today (), -1, FALSE);
  g_auto (GStrv) lines = g_strsplit (message->body ? message->body : "", "\n", 2);
  g_autofree char *title = g_utf8_substring (
      lines[0] ? lines[0] : "", 0, MIN (g_utf8_strlen (lines[0] ? lines[0] : "", -1), 100));

  tl_event_dialog_set_media (dialog, self->media);
  tl_event_dialog_set_words (dialog, title, message->body, message->key);
  g_object_set_data_full (G_OBJECT (dialog), "page", g_object_ref (self), g_object_unref);
  g_idle_add_once (present_dialog, g_object_ref_sink (dialog));
}

static void
row_edit (TlRoomPage *self, TlMessageItem *message)
{
  tl_composer_edit (self->composer, message);
}

/* What one said last that can be changed. */
static void
edit_last (TlRoomPage *self)
{
  for (guint i = count (self); i > 0; i--) {
    g_autoptr (TlMessageItem) message = message_at (self, i - 1);

    if (message->loaded && message->is_mine && message->delivery != TL_DELIVERY_FAILED) {
      tl_composer_edit (self->composer, message);
      return;
    }
  }
}

static void
row_delete (TlRoomPage *self, TlMessageItem *message)
{
  tl_ask_delete_message (self->replica, message, GTK_WIDGET (self));
}

static void
row_setup (TlRoomPage *self, GtkListItem *cell)
{
  GtkWidget *row = tl_message_row_new (self->media);

  g_signal_connect_object (row, "retry", G_CALLBACK (row_retry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "discard", G_CALLBACK (row_discard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "reply", G_CALLBACK (row_reply), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "plan", G_CALLBACK (row_plan), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "edit", G_CALLBACK (row_edit), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "delete", G_CALLBACK (row_delete), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (cell, row);
  gtk_list_item_set_activatable (cell, FALSE);
  gtk_list_item_set_selectable (cell, FALSE);
}

static void
row_place (TlRoomPage *self, GtkListItem *cell)
{
  guint position = gtk_list_item_get_position (cell);
  g_autoptr (TlMessageItem) previous = NULL;
  g_autoptr (TlMessageItem) next = NULL;

  if (position == GTK_INVALID_LIST_POSITION || self->messages == NULL)
    return;
  previous = position > 0 ? message_at (self, position - 1) : NULL;
  next = message_at (self, position + 1);
  tl_message_row_bind (TL_MESSAGE_ROW (gtk_list_item_get_child (cell)), cell, previous, next,
                       self->new_after, self->new_count);
}

static void
cell_moved (GtkListItem *cell, GParamSpec *pspec, TlRoomPage *self)
{
  if (gtk_list_item_get_item (cell))
    row_place (self, cell);
}

static void mark_read (TlRoomPage *self);

static void
row_bind (TlRoomPage *self, GtkListItem *cell)
{
  row_place (self, cell);
  g_signal_connect_object (gtk_list_item_get_item (cell), "notify", G_CALLBACK (mark_read), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (cell, "notify::position", G_CALLBACK (cell_moved), self, 0);
}

static void
row_unbind (TlRoomPage *self, GtkListItem *cell)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (cell), mark_read, self);
  g_signal_handlers_disconnect_by_func (cell, cell_moved, self);
  tl_message_row_unbind (TL_MESSAGE_ROW (gtk_list_item_get_child (cell)));
}

/* --- place and reading ----------------------------------------------------------------------- */

static gboolean
is_looked_at (TlRoomPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return gtk_widget_get_mapped (GTK_WIDGET (self)) && GTK_IS_WINDOW (root) &&
         gtk_window_is_active (GTK_WINDOW (root));
}

/* At the end of the list and looked at: everything there is read. Asked whenever one of that may have become so:
 * the place, what a row shows, the window. */
static void
mark_read (TlRoomPage *self)
{
  g_autoptr (TlMessageItem) newest = NULL;

  for (guint i = count (self); i > 0 && newest == NULL; i--) {
    g_autoptr (TlMessageItem) item = message_at (self, i - 1);
    if (item->loaded && item->seq > 0)
      newest = g_steal_pointer (&item);
    else if (!item->loaded)
      return;
  }
  if (newest == NULL || !self->is_at_end || !is_looked_at (self) || newest->seq <= self->marked)
    return;
  self->marked = newest->seq;
  if (self->item == NULL || newest->seq > self->item->read_seq)
    dex_future_disown (tl_action_room_read (self->replica, self->room, newest->seq));
}

static void
scroll_to_end (TlRoomPage *self)
{
  if (count (self) > 0)
    gtk_list_view_scroll_to (self->list, count (self) - 1, GTK_LIST_SCROLL_FOCUS, NULL);
}

static gboolean
follow_end (gpointer data)
{
  TlRoomPage *self = data;

  if (self->is_at_end)
    scroll_to_end (self);
  return G_SOURCE_REMOVE;
}

/* Only going up leaves the end: what comes or grows below is followed. */
static void
scrolled (TlRoomPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double value = gtk_adjustment_get_value (adjustment);
  double rest =
      gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - value;

  if (!self->is_placed || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (rest < END_PIXELS)
    self->is_at_end = TRUE;
  else if (value < self->scrolled_to)
    self->is_at_end = FALSE;
  else if (self->is_at_end)
    g_idle_add_full (G_PRIORITY_LOW, follow_end, g_object_ref (self), g_object_unref);
  self->scrolled_to = value;
  gtk_widget_set_visible (self->to_end, !self->is_at_end);
  mark_read (self);
}

/* Back at a room that was left at its end: the list lays out where it was, then goes on to what came meanwhile. */
static gboolean
come_to_end (gpointer data)
{
  TlRoomPage *self = data;

  self->is_at_end = TRUE;
  return follow_end (self);
}

/* Where reading goes on: the message asked for or the first new one; -1: the end. */
static gint64
place_of_reading (TlRoomPage *self)
{
  gint64 position = self->target ? tl_key_list_find (self->messages, self->target) : -1;

  if (position < 0 && self->new_count > 0 && count (self) > self->new_count)
    position = count (self) - self->new_count;
  return position;
}

/* The end is shown already: moves up only when that hides the place. */
static gboolean
move_to_place (TlRoomPage *self)
{
  gint64 position = self->messages ? place_of_reading (self) : -1;

  if (position >= 0)
    gtk_list_view_scroll_to (self->list, (guint)position, GTK_LIST_SCROLL_NONE, NULL);
  return position >= 0;
}

static gboolean
placed (gpointer data)
{
  TlRoomPage *self = data;

  self->is_at_end = !move_to_place (self);
  self->is_placed = TRUE;
  scrolled (self);
  return G_SOURCE_REMOVE;
}

/* The first move goes by guessed heights; once more, now that they are known. */
static gboolean
place_above (gpointer data)
{
  move_to_place (data);
  g_timeout_add_full (G_PRIORITY_LOW, SETTLE_MS, placed, g_object_ref (data), g_object_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
place (gpointer data)
{
  TlRoomPage *self = data;

  if (self->messages) {
    scroll_to_end (self);
    g_timeout_add_full (G_PRIORITY_LOW, SETTLE_MS, place_above, g_object_ref (self),
                        g_object_unref);
  }
  return G_SOURCE_REMOVE;
}

static void
messages_changed (TlRoomPage *self)
{
  gboolean is_ready = tl_key_list_is_ready (self->messages);

  if (!is_ready)
    return;
  gtk_stack_set_visible_child_name (self->stack, count (self) > 0 ? "messages" : "empty");
  if (!self->is_placed)
    g_idle_add_full (G_PRIORITY_LOW, place, g_object_ref (self), g_object_unref);
  else if (self->is_at_end)
    g_idle_add_full (G_PRIORITY_LOW, follow_end, g_object_ref (self), g_object_unref);
}

/* --- the room -------------------------------------------------------------------------------- */

static void
show_room (TlRoomPage *self)
{
  TlRoomItem *item = self->item;
  g_autofree char *members = NULL;

  if (item == NULL || !item->loaded)
    return;
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), item->name ? item->name : "");
  tl_face_show (self->avatar, self->media, item->name, item->avatar);
  gtk_label_set_label (self->name, item->name ? item->name : "");
  members = g_strdup_printf (ngettext ("%u member", "%u members", item->members), item->members);
  gtk_label_set_label (self->subtitle, item->topic && item->topic[0] ? item->topic : members);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), !item->is_direct);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.leave", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.people", !item->is_direct);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MUTED]);
  tl_composer_open (self->composer, self->room, item->name);
  if (self->messages == NULL) {
    GListModel *sections;
    GtkSelectionModel *selection;

    self->new_after = item->read_seq;
    self->new_count = item->unread;
    self->messages = tl_message_list_new (self->replica, self->room, self->me);
    sections = tl_section_list_new (self->messages);
    selection = GTK_SELECTION_MODEL (gtk_no_selection_new (sections));
    gtk_list_view_set_model (self->list, selection);
    g_object_unref (selection);
    g_signal_connect_object (self->messages, "items-changed", G_CALLBACK (messages_changed), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (self->messages, "notify::ready", G_CALLBACK (messages_changed), self,
                             G_CONNECT_SWAPPED);
    messages_changed (self);
  }
}

static void
find_room (TlRoomPage *self)
{
  gint64 position = self->room ? tl_key_list_find (self->rooms, self->room) : -1;
  g_autoptr (TlRoomItem) item = NULL;

  if (position >= 0)
    item = g_list_model_get_item (G_LIST_MODEL (self->rooms), (guint)position);
  if (item == self->item)
    return;
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, show_room, self);
  g_set_object (&self->item, item);
  if (item)
    g_signal_connect_object (item, "notify", G_CALLBACK (show_room), self, G_CONNECT_SWAPPED);
  else if (self->room && tl_key_list_is_ready (self->rooms))
    tl_room_page_open (self, 0, 0); /* left, or no longer a member */
  show_room (self);
}

void
tl_room_page_open (TlRoomPage *self, gint64 room, gint64 message)
{
  self->target = message;
  if (room == self->room && room != 0) {
    if (message && self->messages)
      place (self);
    return;
  }
  self->room = room;
  self->marked = 0;
  self->is_placed = FALSE;
  gtk_list_view_set_model (self->list, NULL);
  if (self->messages)
    g_signal_handlers_disconnect_by_data (self->messages, self);
  g_clear_object (&self->messages);
  gtk_stack_set_visible_child_name (self->stack, "none");
  gtk_widget_set_visible (GTK_WIDGET (self->composer), room != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), room != 0);
  gtk_widget_set_visible (self->to_end, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.leave", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.people", FALSE);
  gtk_widget_set_visible (self->menu, room != 0);
  if (room == 0) {
    gtk_label_set_label (self->name, "");
    gtk_label_set_label (self->subtitle, "");
  }
  find_room (self);
}

static void
room_rekeyed (TlRoomPage *self, guint type, gint64 from, gint64 to)
{
  if (type == tl_room_type.number && self->room == from)
    tl_room_page_open (self, to, 0);
}

gint64
tl_room_page_room (TlRoomPage *self)
{
  return self->room;
}

void
tl_room_page_focus_composer (TlRoomPage *self)
{
  tl_composer_focus (self->composer);
}

static void
leave (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlRoomPage *self = TL_ROOM_PAGE (widget);

  tl_ask_leave_room (self->replica, self->item, self->me, widget);
}

static void
show_people (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlRoomPage *self = TL_ROOM_PAGE (widget);

  adw_dialog_present (tl_people_dialog_new (self->replica, self->media, self->room), widget);
}

static void
tl_room_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlRoomPage *self = TL_ROOM_PAGE (object);

  g_value_set_boolean (value, self->item && self->item->is_muted);
}

static void
tl_room_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlRoomPage *self = TL_ROOM_PAGE (object);

  if (self->room != 0)
    dex_future_disown (
        tl_action_mute_room (self->replica, self->room, g_value_get_boolean (value)));
}

static gboolean
key_menu (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget)), *row = NULL;

  if (focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (TL_ROOM_PAGE (widget)->list)))
    row = gtk_widget_get_ancestor (focus, TL_TYPE_MESSAGE_ROW);
  if (focus && row == NULL && TL_IS_MESSAGE_ROW (gtk_widget_get_first_child (focus)))
    row = gtk_widget_get_first_child (focus);
  if (row)
    tl_message_row_popup_menu (TL_MESSAGE_ROW (row));
  return row != NULL;
}

static void
sent (TlRoomPage *self)
{
  self->is_at_end = TRUE;
  g_idle_add_full (G_PRIORITY_LOW, follow_end, g_object_ref (self), g_object_unref);
}

static void
tl_room_page_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tl_room_page_parent_class)->root (widget);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::is-active",
                           G_CALLBACK (mark_read), widget, G_CONNECT_SWAPPED);
}

static void
tl_room_page_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), mark_read, widget);
  GTK_WIDGET_CLASS (tl_room_page_parent_class)->unroot (widget);
}

static void
tl_room_page_map (GtkWidget *widget)
{
  TlRoomPage *self = TL_ROOM_PAGE (widget);

  GTK_WIDGET_CLASS (tl_room_page_parent_class)->map (widget);
  if (self->is_placed && self->is_at_end)
    g_idle_add_full (G_PRIORITY_LOW, come_to_end, g_object_ref (self), g_object_unref);
  mark_read (self);
}

static void
tl_room_page_dispose (GObject *object)
{
  TlRoomPage *self = TL_ROOM_PAGE (object);

  if (self->messages)
    g_signal_handlers_disconnect_by_data (self->messages, self);
  g_clear_object (&self->messages);
  g_clear_object (&self->rooms);
  g_clear_object (&self->item);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_ROOM_PAGE);
  G_OBJECT_CLASS (tl_room_page_parent_class)->dispose (object);
}

static void
tl_room_page_class_init (TlRoomPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_room_page_dispose;
  widget_class->root = tl_room_page_root;
  widget_class->unroot = tl_room_page_unroot;
  widget_class->map = tl_room_page_map;
  G_OBJECT_CLASS (class)->get_property = tl_room_page_get_property;
  G_OBJECT_CLASS (class)->set_property = tl_room_page_set_property;
  properties[PROP_MUTED] =
      g_param_spec_boolean ("muted", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
  g_type_ensure (TL_TYPE_COMPOSER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/room-page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlRoomPage, name)
  CHILD (stack);
  CHILD (list);
  CHILD (scroller);
  CHILD (to_end);
  CHILD (avatar);
  CHILD (name);
  CHILD (subtitle);
  CHILD (composer);
  CHILD (menu);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "room.leave", NULL, leave);
  gtk_widget_class_install_action (widget_class, "room.people", NULL, show_people);
  gtk_widget_class_install_property_action (widget_class, "room.muted", "muted");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, key_menu, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, key_menu, NULL);
}

static void
tl_room_page_init (TlRoomPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->to_end, "clicked", G_CALLBACK (scroll_to_end), self);
  g_signal_connect_swapped (self->composer, "sent", G_CALLBACK (sent), self);
  g_signal_connect_swapped (self->composer, "edit-last", G_CALLBACK (edit_last), self);
}

static GtkListItemFactory *
factory_new (TlRoomPage *self, GCallback setup, GCallback bind, GCallback unbind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", unbind, self, G_CONNECT_SWAPPED);
  return factory;
}

TlRoomPage *
tl_room_page_new (const TlSession *session)
{
  TlRoomPage *self = g_object_new (TL_TYPE_ROOM_PAGE, NULL);
  g_autoptr (GtkListItemFactory) rows =
      factory_new (self, G_CALLBACK (row_setup), G_CALLBACK (row_bind), G_CALLBACK (row_unbind));
  g_autoptr (GtkListItemFactory) headers = tl_day_header_factory_new ();
  GtkAdjustment *adjustment;

  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->me = session->account->key;
  tl_composer_set_up (self->composer, self->replica, self->media);
  tl_composer_accept_drops (self->composer, GTK_WIDGET (self));
  gtk_list_view_set_factory (self->list, rows);
  gtk_list_view_set_header_factory (self->list, headers);
  self->rooms = tl_room_list_new (self->replica, self->me);
  g_signal_connect_object (self->rooms, "items-changed", G_CALLBACK (find_room), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->replica, "rekeyed", G_CALLBACK (room_rekeyed), self,
                           G_CONNECT_SWAPPED);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (scrolled), self, G_CONNECT_SWAPPED);
  tl_room_page_open (self, 0, 0);
  gtk_stack_set_visible_child_name (self->stack, "none");
  return self;
}
