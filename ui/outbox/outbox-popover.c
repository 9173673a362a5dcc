/* outbox-popover.c: the outbox list over the engine's state. */
#include "ui/outbox/outbox-popover.h"

#include "sync/actions.h"
#include "sync/models/lists.h"
#include "ui/outbox/outbox-row.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlOutboxPopover {
  GtkPopover parent;
  GtkLabel *summary, *state;
  GtkImage *state_icon;
  GtkWidget *try_now, *scroller;
  GtkListView *list;

  TlReplica *replica;
  TlEngine *engine;
  TlKeyList *outbox;
};

G_DEFINE_FINAL_TYPE (TlOutboxPopover, tl_outbox_popover, GTK_TYPE_POPOVER)

/* The row that had the focus has left: without it Escape would not close the popover. */
static void
keep_focus (TlOutboxPopover *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      (focus == NULL || focus == self->scroller ||
       !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)) ||
       gtk_widget_is_ancestor (focus, self->scroller)))
    gtk_widget_grab_focus (self->try_now);
}

static void
update (TlOutboxPopover *self)
{
  TlSyncState state;
  gint64 since = 0;
  g_autofree char *message = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *words = NULL;
  const char *icon = "network-offline-symbolic";
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->outbox)) == 0;

  g_object_get (self->engine, "state", &state, "since", &since, "message", &message, NULL);
  clock = tl_words_clock (since);
  if (is_empty)
    keep_focus (self);
  gtk_widget_set_visible (self->scroller, !is_empty);
  gtk_label_set_label (self->summary, is_empty ? _ ("Nothing waits; everything has left")
                                               : _ ("Everything is saved on this device"));
  switch (state) {
  case TL_SYNC_SYNCED:
    icon = "object-select-symbolic";
    words = g_strdup_printf (_ ("In sync since %s"), clock);
    break;
  case TL_SYNC_FIRST:
  case TL_SYNC_SYNCING:
    icon = "view-refresh-symbolic";
    words = g_strdup (_ ("Syncing…"));
    break;
  case TL_SYNC_SIGN_IN:
    icon = "dialog-warning-symbolic";
    words = g_strdup (message);
    break;
  case TL_SYNC_ELSEWHERE:
    icon = "system-run-symbolic";
    words = g_strdup (_ ("Another Tideline on this computer is syncing"));
    break;
  case TL_SYNC_OFFLINE:
    words = g_strdup_printf (_ ("Offline since %s. Next try when the network returns."), clock);
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->state), message);
    break;
  }
  gtk_image_set_from_icon_name (self->state_icon, icon);
  gtk_label_set_label (self->state, words ? words : "");
}

static void
row_retry (TlOutboxPopover *self, gint64 op)
{
  dex_future_disown (tl_action_retry (self->replica, op));
}

static void
row_discard (TlOutboxPopover *self, gint64 op)
{
  dex_future_disown (tl_action_discard (self->replica, op));
}

static void
row_keep_both (TlOutboxPopover *self, gint64 op)
{
  dex_future_disown (tl_action_keep_both (self->replica, op));
}

static void
row_setup (TlOutboxPopover *self, GtkListItem *cell)
{
  GtkWidget *row = tl_outbox_row_new ();

  g_signal_connect_object (row, "retry", G_CALLBACK (row_retry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "discard", G_CALLBACK (row_discard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "keep-both", G_CALLBACK (row_keep_both), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (cell, row);
  gtk_list_item_set_activatable (cell, FALSE);
}

static void
row_bind (TlOutboxPopover *self, GtkListItem *cell)
{
  tl_outbox_row_bind (TL_OUTBOX_ROW (gtk_list_item_get_child (cell)), cell);
}

static void
row_unbind (TlOutboxPopover *self, GtkListItem *cell)
{
  tl_outbox_row_bind (TL_OUTBOX_ROW (gtk_list_item_get_child (cell)), NULL);
}

static void
tl_outbox_popover_dispose (GObject *object)
{
  TlOutboxPopover *self = TL_OUTBOX_POPOVER (object);

  g_clear_object (&self->outbox);
  g_clear_object (&self->engine);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_OUTBOX_POPOVER);
  G_OBJECT_CLASS (tl_outbox_popover_parent_class)->dispose (object);
}

static void
tl_outbox_popover_class_init (TlOutboxPopoverClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_outbox_popover_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/tideline/Tideline/ui/outbox/outbox-popover.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlOutboxPopover, name)
  CHILD (summary);
  CHILD (state);
  CHILD (state_icon);
  CHILD (try_now);
  CHILD (scroller);
  CHILD (list);
#undef CHILD
}

static void
tl_outbox_popover_init (TlOutboxPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tl_outbox_popover_new (TlReplica *replica, TlEngine *engine)
{
  TlOutboxPopover *self = g_object_new (TL_TYPE_OUTBOX_POPOVER, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->replica = g_object_ref (replica);
  self->engine = g_object_ref (engine);
  self->outbox = tl_outbox_list_new (replica);
  g_signal_connect_object (factory, "setup", G_CALLBACK (row_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind), self, G_CONNECT_SWAPPED);
  selection =
      GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->outbox))));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, selection);
  g_signal_connect_swapped (self->try_now, "clicked", G_CALLBACK (tl_engine_kick), engine);
  g_signal_connect_object (self->outbox, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
