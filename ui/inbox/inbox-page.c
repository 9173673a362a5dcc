/* inbox-page.c: one list view over the inbox's key list. What is selected stays, though it was read by being looked
 * at, until something else is. Main thread. */
#include "ui/inbox/inbox-page.h"

#include "sync/actions-inbox.h"
#include "sync/actions.h"
#include "ui/growing-list.h"
#include "ui/inbox/inbox-row.h"
#include "ui/list-focus.h"
#include "ui/section-list.h"
#include "ui/top-keeper.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

#define REFRESH_SECONDS 60

struct _TlInboxPage {
  AdwNavigationPage parent;
  AdwWindowTitle *title;
  GtkMenuButton *snooze;
  AdwToggleGroup *filter;
  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;

  TlReplica *replica;
  TlMedia *media;
  TlInboxCount *count;
  TlKeyList *rows;
  GtkSingleSelection *selection;
  gint64 selected;
  guint timer;
};

enum { SELECTED, ACTIVATED, PUT_AWAY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlInboxPage, tl_inbox_page, ADW_TYPE_NAVIGATION_PAGE)

/* --- what is asked and shown --------------------------------------------------------------------- */

static void
filter_changed (TlInboxPage *self)
{
  static const TlInboxFilter filters[] = { TL_INBOX_ALL, TL_INBOX_PEOPLE, TL_INBOX_NEWS,
                                           TL_INBOX_DATES };

  tl_top_keeper_reset (self->scroller);
  tl_inbox_list_ask (self->rows, filters[adw_toggle_group_get_active (self->filter)]);
}

static void
count_changed (TlInboxPage *self)
{
  guint count = 0;
  g_autofree char *text = NULL;

  g_object_get (self->count, "count", &count, NULL);
  text = g_strdup_printf (ngettext ("%u unread", "%u unread", count), count);
  adw_window_title_set_subtitle (self->title, count > 0 ? text : "");
}

static TlInboxItem *
current (TlInboxPage *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
update_actions (TlInboxPage *self)
{
  gboolean any = current (self) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inbox.archive", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inbox.snooze", any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->snooze), any);
}

static void
rows_changed (TlInboxPage *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0;
  gint64 position = self->selected ? tl_key_list_find (self->rows, self->selected) : -1;

  if (!tl_key_list_is_ready (self->rows))
    return;
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "rows");
  gtk_single_selection_set_selected (
      self->selection, position >= 0 ? tl_growing_list_reach (self->list, (guint)position)
                                     : GTK_INVALID_LIST_POSITION);
  update_actions (self);
  tl_top_keeper_rows_changed (self->scroller);
}

static void
selection_changed (TlInboxPage *self)
{
  TlInboxItem *item = current (self);

  update_actions (self);
  if (item == NULL || item->key == self->selected)
    return;
  self->selected = item->key;
  tl_inbox_list_keep (self->rows, item->key);
  if (item->kind != TL_INBOX_ARTICLE && item->kind != TL_INBOX_MESSAGES && item->is_unread)
    dex_future_disown (tl_action_notification_read (self->replica, item->key, TRUE));
  g_signal_emit (self, signals[SELECTED], 0, item);
}

/* --- moving -------------------------------------------------------------------------------------- */

static void
go_to (TlInboxPage *self, guint position)
{
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->rows)))
    return;
  if (position > 0)
    tl_top_keeper_leave (self->scroller);
  gtk_list_view_scroll_to (self->list, tl_growing_list_reach (self->list, position),
                           GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS, NULL);
  g_signal_emit (self, signals[ACTIVATED], 0);
}

void
tl_inbox_page_move (TlInboxPage *self, int step)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position == GTK_INVALID_LIST_POSITION)
    go_to (self, 0);
  else if (step > 0 || position > 0)
    go_to (self, (guint)((int)position + step));
}

void
tl_inbox_page_next_unread (TlInboxPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint position = gtk_single_selection_get_selected (self->selection);
  guint start = position == GTK_INVALID_LIST_POSITION ? 0 : position + 1;

  for (guint i = 0; i < n; i++) {
    guint at = (start + i) % n;
    g_autoptr (TlInboxItem) item = g_list_model_get_item (G_LIST_MODEL (self->rows), at);

    if (item->loaded && item->is_unread) {
      go_to (self, at);
      return;
    }
  }
}

void
tl_inbox_page_focus (TlInboxPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
tl_inbox_page_select_first (TlInboxPage *self)
{
  go_to (self, 0);
}

/* --- putting away -------------------------------------------------------------------------------- */

/* The row below takes the place of the one that goes. */
static void
leave_row (TlInboxPage *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  self->selected = 0;
  if (position + 1 < n)
    go_to (self, position + 1);
  else
    tl_inbox_list_keep (self->rows, 0);
}

void
tl_inbox_page_archive (TlInboxPage *self)
{
  g_autoptr (TlInboxItem) item = current (self) ? g_object_ref (current (self)) : NULL;
  gint64 key = 0;

  if (item == NULL)
    return;
  leave_row (self);
  if (item->kind == TL_INBOX_ARTICLE) {
    dex_future_disown (tl_action_set_read (self->replica, &item->key, 1, TRUE));
  } else if (item->kind == TL_INBOX_MESSAGES) {
    dex_future_disown (tl_action_room_all_read (self->replica, item->key));
  } else {
    dex_future_disown (tl_action_notification_done (self->replica, item->key, TRUE));
    key = item->key;
  }
  g_signal_emit (self, signals[PUT_AWAY], 0, _ ("Archived"), key);
}

static void
archive (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_inbox_page_archive (TL_INBOX_PAGE (widget));
}

/* In ms: "hours", "tomorrow" or "monday". */
static gint64
snoozed_until (const char *when)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = NULL, nine = NULL;
  int days = g_str_equal (when, "monday") ? 8 - g_date_time_get_day_of_week (now) : 1;

  if (g_str_equal (when, "hours"))
    return g_get_real_time () / 1000 + 3 * G_TIME_SPAN_HOUR / 1000;
  day = g_date_time_add_days (now, days);
  nine = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                g_date_time_get_day_of_month (day), 9, 0, 0);
  return g_date_time_to_unix (nine) * 1000;
}

static void
snooze_until (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlInboxPage *self = TL_INBOX_PAGE (widget);
  TlInboxItem *item = current (self);
  gint64 until = snoozed_until (g_variant_get_string (parameter, NULL));
  g_autofree char *time = tl_words_clock (until);
  g_autofree char *sentence = g_strdup_printf (_ ("Comes back at %s"), time);
  gint64 key;

  if (item == NULL)
    return;
  key = item->key;
  leave_row (self);
  dex_future_disown (tl_action_snooze (self->replica, key, until));
  g_signal_emit (self, signals[PUT_AWAY], 0, sentence, (gint64)0);
}

void
tl_inbox_page_snooze (TlInboxPage *self)
{
  if (current (self))
    gtk_menu_button_popup (self->snooze);
}

/* --- rows ---------------------------------------------------------------------------------------- */

static void
row_activated (TlInboxPage *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
row_setup (TlInboxPage *self, GtkListItem *cell)
{
  gtk_list_item_set_child (cell, tl_inbox_row_new (self->media));
}

static void
row_bind (TlInboxPage *self, GtkListItem *cell)
{
  tl_inbox_row_bind (TL_INBOX_ROW (gtk_list_item_get_child (cell)), cell);
}

static void
row_unbind (TlInboxPage *self, GtkListItem *cell)
{
  tl_inbox_row_bind (TL_INBOX_ROW (gtk_list_item_get_child (cell)), NULL);
}

static void
header_setup (TlInboxPage *self, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_header_set_child (header, label);
}

static void
header_update (GtkListHeader *header)
{
  TlInboxItem *item = gtk_list_header_get_item (header);
  g_autofree char *day = item && item->loaded ? tl_words_day (item->time) : NULL;

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), day ? day : "");
}

static void
header_bind (TlInboxPage *self, GtkListHeader *header)
{
  g_signal_connect_object (gtk_list_header_get_item (header), "notify::time",
                           G_CALLBACK (header_update), header, G_CONNECT_SWAPPED);
  header_update (header);
}

static void
header_unbind (TlInboxPage *self, GtkListHeader *header)
{
  g_signal_handlers_disconnect_by_func (gtk_list_header_get_item (header), header_update, header);
}

/* --- making -------------------------------------------------------------------------------------- */

static gboolean
time_passed (gpointer data)
{
  TlInboxPage *self = data;

  tl_inbox_list_refresh (self->rows);
  tl_inbox_count_refresh (self->count);
  return G_SOURCE_CONTINUE;
}

static void
tl_inbox_page_dispose (GObject *object)
{
  TlInboxPage *self = TL_INBOX_PAGE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->rows)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->count);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_INBOX_PAGE);
  G_OBJECT_CLASS (tl_inbox_page_parent_class)->dispose (object);
}

static void
tl_inbox_page_class_init (TlInboxPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_inbox_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/inbox/inbox-page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlInboxPage, name)
  CHILD (title);
  CHILD (snooze);
  CHILD (filter);
  CHILD (stack);
  CHILD (list);
  CHILD (scroller);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "inbox.archive", NULL, archive);
  gtk_widget_class_install_action (widget_class, "inbox.snooze", "s", snooze_until);
  signals[SELECTED] = g_signal_new ("selected", TL_TYPE_INBOX_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, TL_TYPE_INBOX_ITEM);
  signals[ACTIVATED] = g_signal_new ("activated", TL_TYPE_INBOX_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  signals[PUT_AWAY] = g_signal_new ("put-away", TL_TYPE_INBOX_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
}

static void
tl_inbox_page_init (TlInboxPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkListItemFactory *
factory_new (TlInboxPage *self, GCallback setup, GCallback bind, GCallback unbind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", unbind, self, G_CONNECT_SWAPPED);
  return factory;
}

static void
connect_models (TlInboxPage *self)
{
  g_signal_connect_object (self->list, "activate", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selection_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (rows_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->rows, "notify::ready", G_CALLBACK (rows_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter, "notify::active", G_CALLBACK (filter_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->count, "notify::count", G_CALLBACK (count_changed), self,
                           G_CONNECT_SWAPPED);
}

TlInboxPage *
tl_inbox_page_new (const TlSession *session)
{
  TlInboxPage *self = g_object_new (TL_TYPE_INBOX_PAGE, NULL);
  g_autoptr (GtkListItemFactory) rows =
      factory_new (self, G_CALLBACK (row_setup), G_CALLBACK (row_bind), G_CALLBACK (row_unbind));
  g_autoptr (GtkListItemFactory) headers = factory_new (
      self, G_CALLBACK (header_setup), G_CALLBACK (header_bind), G_CALLBACK (header_unbind));
  g_autoptr (GListModel) sections = NULL;

  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->count = tl_inbox_count_new (session->replica, session->account->key);
  self->rows = tl_inbox_list_new (session->replica, session->account->key);
  sections = tl_growing_list_new (tl_section_list_new (self->rows), self->list);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, sections);
  gtk_list_view_set_factory (self->list, rows);
  gtk_list_view_set_header_factory (self->list, headers);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  tl_list_focus_follow (self->list);
  tl_top_keeper_attach (self->scroller);
  connect_models (self);
  self->timer = g_timeout_add_seconds (REFRESH_SECONDS, time_passed, self);
  update_actions (self);
  return self;
}
