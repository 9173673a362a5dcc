/* rooms-page.c: a list view with one selection, kept by key while the order changes. */
#include "ui/chat/rooms-page.h"

#include "sync/models/lists.h"
#include "ui/chat/new-room-dialog.h"
#include "ui/chat/room-row.h"
#include "ui/list-focus.h"

#include <glib/gi18n-lib.h>

struct _TlRoomsPage {
  AdwNavigationPage parent;
  GtkStack *stack;
  GtkListView *list;
  GtkWidget *new_room;
  AdwWindowTitle *title;

  TlReplica *replica;
  TlMedia *media;
  gint64 me, selected;
  TlKeyList *rooms;
  TlCounts *counts;
  GtkSingleSelection *selection;
  gboolean is_selecting;
};

enum { ROOM_SELECTED, ROOM_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlRoomsPage, tl_rooms_page, ADW_TYPE_NAVIGATION_PAGE)

/* A room that is selected already is still opened: in a narrow window that is the way there. */
static void
activated (TlRoomsPage *self, guint position)
{
  self->selected = tl_key_list_key (self->rooms, position);
  g_signal_emit (self, signals[ROOM_SELECTED], 0, self->selected);
  g_signal_emit (self, signals[ROOM_ACTIVATED], 0);
}

static void
row_released (GtkListItem *cell, int n, double x, double y, GtkEventController *click)
{
  GtkWidget *page =
      gtk_widget_get_ancestor (gtk_event_controller_get_widget (click), TL_TYPE_ROOMS_PAGE);

  if (gtk_list_item_get_selected (cell))
    activated (TL_ROOMS_PAGE (page), gtk_list_item_get_position (cell));
}

static void
row_setup (TlRoomsPage *self, GtkListItem *cell)
{
  GtkWidget *row = tl_room_row_new (self->media);
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (row_released), cell, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (cell, row);
}

static void
row_bind (TlRoomsPage *self, GtkListItem *cell)
{
  tl_room_row_bind (TL_ROOM_ROW (gtk_list_item_get_child (cell)), cell);
}

static void
row_unbind (TlRoomsPage *self, GtkListItem *cell)
{
  tl_room_row_bind (TL_ROOM_ROW (gtk_list_item_get_child (cell)), NULL);
}

static void
restore_selection (TlRoomsPage *self)
{
  gint64 position = self->selected ? tl_key_list_find (self->rooms, self->selected) : -1;

  self->is_selecting = TRUE;
  gtk_single_selection_set_selected (self->selection,
                                     position >= 0 ? (guint)position : GTK_INVALID_LIST_POSITION);
  self->is_selecting = FALSE;
}

static void
rooms_changed (TlRoomsPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rooms));
  const char *page = n > 0 ? "rooms" : "empty";

  gtk_stack_set_visible_child_name (self->stack,
                                    tl_key_list_is_ready (self->rooms) ? page : "loading");
  restore_selection (self);
}

static void
selection_changed (TlRoomsPage *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->is_selecting || position == GTK_INVALID_LIST_POSITION)
    return;
  self->selected = tl_key_list_key (self->rooms, position);
  g_signal_emit (self, signals[ROOM_SELECTED], 0, self->selected);
}

void
tl_rooms_page_select (TlRoomsPage *self, gint64 room)
{
  self->selected = room;
  restore_selection (self);
}

void
tl_rooms_page_focus (TlRoomsPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
tl_rooms_page_open_first (TlRoomsPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->rooms)) == 0)
    return;
  gtk_single_selection_set_selected (self->selection, 0);
  activated (self, 0);
}

static void
rekeyed (TlRoomsPage *self, guint type, gint64 from, gint64 to)
{
  if (type == tl_room_type.number && self->selected == from)
    self->selected = to;
}

static void
room_made (TlRoomsPage *self, gint64 room)
{
  self->selected = room;
  restore_selection (self);
  g_signal_emit (self, signals[ROOM_SELECTED], 0, room);
}

static void
show_new_room (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlRoomsPage *self = TL_ROOMS_PAGE (widget);
  AdwDialog *dialog = tl_new_room_dialog_new (self->replica, self->media, self->me);

  g_signal_connect_object (dialog, "made", G_CALLBACK (room_made), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
counts_changed (TlRoomsPage *self)
{
  guint unread = 0;
  g_autofree char *text = NULL;

  g_object_get (self->counts, "unread-messages", &unread, NULL);
  text = g_strdup_printf (ngettext ("%u unread", "%u unread", unread), unread);
  adw_window_title_set_subtitle (self->title, unread > 0 ? text : "");
}

static void
tl_rooms_page_dispose (GObject *object)
{
  TlRoomsPage *self = TL_ROOMS_PAGE (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->rooms);
  g_clear_object (&self->counts);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_ROOMS_PAGE);
  G_OBJECT_CLASS (tl_rooms_page_parent_class)->dispose (object);
}

static void
tl_rooms_page_class_init (TlRoomsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_rooms_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/rooms-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TlRoomsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TlRoomsPage, list);
  gtk_widget_class_bind_template_child (widget_class, TlRoomsPage, new_room);
  gtk_widget_class_bind_template_child (widget_class, TlRoomsPage, title);
  gtk_widget_class_install_action (widget_class, "rooms.new", NULL, show_new_room);
  signals[ROOM_SELECTED] = g_signal_new ("room-selected", TL_TYPE_ROOMS_PAGE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[ROOM_ACTIVATED] = g_signal_new ("room-activated", TL_TYPE_ROOMS_PAGE, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tl_rooms_page_init (TlRoomsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->new_room), "rooms.new");
}

TlRoomsPage *
tl_rooms_page_new (const TlSession *session)
{
  TlRoomsPage *self = g_object_new (TL_TYPE_ROOMS_PAGE, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->me = session->account->key;
  self->rooms = tl_room_list_new (self->replica, self->me);
  self->counts = tl_counts_new (self->replica, self->me);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rooms)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (factory, "setup", G_CALLBACK (row_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  tl_list_focus_follow (self->list);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selection_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rooms, "items-changed", G_CALLBACK (rooms_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rooms, "notify::ready", G_CALLBACK (rooms_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->counts, "notify::unread-messages", G_CALLBACK (counts_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->replica, "rekeyed", G_CALLBACK (rekeyed), self, G_CONNECT_SWAPPED);
  rooms_changed (self);
  return self;
}
