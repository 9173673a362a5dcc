/* sidebar.c: one list view over three models: sections, Saved, and what the section brings (for News its fixed rows
 * and the feeds that are not folded away); below it what the calendar brings. Main thread. */
#include "ui/sidebar.h"

#include "sync/models/inbox.h"
#include "sync/models/posts.h"
#include "ui/account-menu.h"
#include "ui/calendar/calendar-side.h"
#include "ui/face.h"
#include "ui/outbox/outbox-popover.h"
#include "ui/places-title.h"
#include "ui/sidebar-row.h"
#include "ui/sync-button.h"

#include <glib/gi18n-lib.h>

/* Sections and Saved; what the section brings comes behind. */
#define FIXED_PARTS 2

struct _TlSidebar {
  AdwNavigationPage parent;
  TlSyncButton *sync;
  GtkMenuButton *menu;
  GtkListView *list;
  TlCalendarSide *calendar;
  gboolean has_days; /* the calendar was shown once */
  AdwAvatar *avatar;
  GtkLabel *name, *host;
  GtkMenuButton *bell, *account;

  TlReplica *replica;
  TlPreferences *preferences;
  gint64 me;
  guint bell_timer;

  TlPlace *places[TL_N_PLACES];
  TlCounts *counts;
  TlInboxCount *inbox;
  TlKeyList *feeds, *circle;
  TlKeyList *person; /* of the account */
  const TlSession *session;
  TlMedia *media;
  GtkFilter *unfolded;
  GHashTable *folded;  /* keys (gint64) of folders */
  GListStore *parts;   /* models behind each other */
  GListModel *of_news; /* what News brings, of models */
  GListModel *of_feed; /* what Feed brings, of models */
  GListModel *brought; /* one of these, or NULL */
  GtkSingleSelection *selection;
  GObject *item; /* selected */
};

enum { SELECTED, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlSidebar, tl_sidebar, ADW_TYPE_NAVIGATION_PAGE)

/* --- folders ------------------------------------------------------------------------------------ */

static gboolean
is_folded (TlSidebar *self, gint64 folder)
{
  return g_hash_table_contains (self->folded, &folder);
}

/* A feed's folder is the first row of its section. */
static gboolean
is_unfolded (gpointer item, gpointer data)
{
  TlSidebar *self = data;
  gint64 position = tl_key_list_find (self->feeds, TL_FEED_ITEM (item)->key);
  guint start, end;

  if (position < 0)
    return TRUE;
  tl_key_list_section (self->feeds, (guint)position, &start, &end);
  return start == position || !is_folded (self, tl_key_list_key (self->feeds, start));
}

static void
row_toggled (TlSidebar *self, TlSidebarRow *row)
{
  TlFeedItem *folder = gtk_list_item_get_item (tl_sidebar_row_cell (row));
  gint64 key = folder->key;

  if (!g_hash_table_remove (self->folded, &key))
    g_hash_table_add (self->folded, g_memdup2 (&key, sizeof key));
  tl_sidebar_row_set_folded (row, is_folded (self, key));
  gtk_filter_changed (self->unfolded, GTK_FILTER_CHANGE_DIFFERENT);
}

/* --- rows --------------------------------------------------------------------------------------- */

static void
row_clicked (TlSidebar *self, TlSidebarRow *row)
{
  gtk_single_selection_set_selected (self->selection,
                                     gtk_list_item_get_position (tl_sidebar_row_cell (row)));
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
row_setup (TlSidebar *self, GtkListItem *cell)
{
  GtkWidget *row = tl_sidebar_row_new (self->media);

  g_signal_connect_object (row, "toggled", G_CALLBACK (row_toggled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "clicked", G_CALLBACK (row_clicked), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (cell, row);
}

static void
row_bind (TlSidebar *self, GtkListItem *cell)
{
  GObject *item = gtk_list_item_get_item (cell);

  tl_sidebar_row_bind (TL_SIDEBAR_ROW (gtk_list_item_get_child (cell)), cell,
                       TL_IS_FEED_ITEM (item) && is_folded (self, TL_FEED_ITEM (item)->key));
}

static void
row_unbind (TlSidebar *self, GtkListItem *cell)
{
  tl_sidebar_row_bind (TL_SIDEBAR_ROW (gtk_list_item_get_child (cell)), NULL, FALSE);
}

static void
header_bind (TlSidebar *self, GtkListHeader *header)
{
  GObject *item = gtk_list_header_get_item (header);
  int kind = TL_IS_PLACE (item) ? (int)TL_PLACE (item)->kind : -1;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (TL_IS_PERSON_ITEM (item))
    gtk_box_append (GTK_BOX (box), tl_places_title_new (_ ("Circle"), NULL, NULL));
  else if (kind != TL_PLACE_INBOX)
    gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  if (kind == TL_PLACE_STARRED)
    gtk_box_append (GTK_BOX (box),
                    tl_places_title_new (_ ("Feeds"), _ ("Add Feed"), "news.subscribe"));
  else if (kind == TL_PLACE_EVERYONE)
    gtk_box_append (GTK_BOX (box), tl_places_title_new (_ ("Timelines"), NULL, NULL));
  gtk_list_header_set_child (header, box);
}

static void
header_unbind (TlSidebar *self, GtkListHeader *header)
{
  gtk_list_header_set_child (header, NULL);
}

/* --- selection ---------------------------------------------------------------------------------- */

static GListModel *
brought_by (TlSidebar *self, GObject *item)
{
  if (TL_IS_FEED_ITEM (item))
    return self->of_news;
  if (TL_IS_PERSON_ITEM (item))
    return self->of_feed;
  switch (TL_PLACE (item)->kind) {
  case TL_PLACE_NEWS:
  case TL_PLACE_STARRED:
  case TL_PLACE_LATER:
    return self->of_news;
  case TL_PLACE_FEED:
  case TL_PLACE_EVERYONE:
  case TL_PLACE_MENTIONS:
  case TL_PLACE_SAVED_POSTS:
    return self->of_feed;
  default:
    return NULL;
  }
}

static void
bring (TlSidebar *self, GObject *item)
{
  GListModel *brought = brought_by (self, item);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->parts));

  gboolean is_calendar = item == G_OBJECT (self->places[TL_PLACE_CALENDAR]);

  if (is_calendar && !self->has_days) {
    self->has_days = TRUE;
    tl_calendar_side_set_up (self->calendar, self->session);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->calendar), is_calendar);
  if (brought == self->brought)
    return;
  self->brought = brought;
  g_list_store_splice (self->parts, FIXED_PARTS, n - FIXED_PARTS, NULL, 0);
  for (guint i = 0; brought && i < g_list_model_get_n_items (brought); i++) {
    g_autoptr (GListModel) part = g_list_model_get_item (brought, i);
    g_list_store_append (self->parts, part);
  }
}

static void
selection_changed (TlSidebar *self)
{
  GObject *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL) { /* the row is gone: its section remains */
    tl_sidebar_select_place (self, TL_IS_PERSON_ITEM (self->item) ? TL_PLACE_FEED : TL_PLACE_NEWS);
    return;
  }
  if (!g_set_object (&self->item, item))
    return;
  bring (self, item);
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
row_activated (TlSidebar *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

GObject *
tl_sidebar_item (TlSidebar *self)
{
  return self->item;
}

void
tl_sidebar_select_place (TlSidebar *self, TlPlaceKind kind)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  bring (self, G_OBJECT (self->places[kind]));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);

    if (item == G_OBJECT (self->places[kind])) {
      gtk_single_selection_set_selected (self->selection, i);
      return;
    }
  }
}

GtkWidget *
tl_sidebar_calendar (TlSidebar *self)
{
  return GTK_WIDGET (self->calendar);
}

void
tl_sidebar_show_menu (TlSidebar *self)
{
  gtk_menu_button_popup (self->menu);
}

void
tl_sidebar_show_outbox (TlSidebar *self)
{
  tl_sync_button_popup (self->sync);
}

/* --- quiet --------------------------------------------------------------------------------------- */

#define FOR_EVER (G_GINT64_CONSTANT (4102444800) * 1000) /* the year 2100 */

static gint64
quiet_end (const char *how_long)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) eight = NULL;

  if (g_str_equal (how_long, "always"))
    return FOR_EVER;
  if (g_str_equal (how_long, "hour"))
    return g_get_real_time () / 1000 + G_TIME_SPAN_HOUR / 1000;
  eight = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                 g_date_time_get_day_of_month (day), 8, 0, 0);
  return g_date_time_to_unix (eight) * 1000;
}

static void
be_quiet (GtkWidget *widget, const char *name, GVariant *how_long)
{
  TlSidebar *self = TL_SIDEBAR (widget);

  dex_future_disown (tl_action_do_not_disturb (self->replica, self->me,
                                               quiet_end (g_variant_get_string (how_long, NULL))));
}

static void
disturb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlSidebar *self = TL_SIDEBAR (widget);

  dex_future_disown (tl_action_do_not_disturb (self->replica, self->me, 0));
}

static void
update_bell (TlSidebar *self)
{
  gint64 now = g_get_real_time () / 1000, until = 0;
  gboolean quiet = !tl_preferences_may_disturb (self->preferences, now);

  g_object_get (self->preferences, "quiet-until", &until, NULL);
  gtk_menu_button_set_icon_name (self->bell, quiet ? "notifications-disabled-symbolic"
                                                   : "preferences-system-notifications-symbolic");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sidebar.disturb", until > now);
}

static gboolean
bell_due (gpointer data)
{
  update_bell (data);
  return G_SOURCE_CONTINUE;
}

/* --- making ------------------------------------------------------------------------------------- */

static void
update_counts (TlSidebar *self)
{
  guint articles, messages, starred, later, posts, inbox;

  g_object_get (self->counts, "unread-articles", &articles, "unread-messages", &messages, "starred",
                &starred, "later", &later, "new-posts", &posts, NULL);
  g_object_get (self->inbox, "count", &inbox, NULL);
  tl_place_set_count (self->places[TL_PLACE_INBOX], inbox);
  tl_place_set_count (self->places[TL_PLACE_FEED], posts);
  tl_place_set_count (self->places[TL_PLACE_NEWS], articles);
  tl_place_set_count (self->places[TL_PLACE_CHAT], messages);
  tl_place_set_count (self->places[TL_PLACE_STARRED], starred);
  tl_place_set_count (self->places[TL_PLACE_LATER], later);
}

static GListModel *
store_of (TlSidebar *self, TlPlaceKind first, TlPlaceKind last)
{
  GListStore *store = g_list_store_new (TL_TYPE_PLACE);

  for (TlPlaceKind kind = first; kind <= last; kind++)
    g_list_store_append (store, self->places[kind]);
  return G_LIST_MODEL (store);
}

/* One or two models. */
static GListModel *
parts_new (GListModel *first, GListModel *second)
{
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (parts, first);
  if (second)
    g_list_store_append (parts, second);
  return G_LIST_MODEL (parts);
}

static void
make_models (TlSidebar *self)
{
  GListStore *of_news = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GListModel) sections = store_of (self, TL_PLACE_INBOX, TL_PLACE_CHAT);
  g_autoptr (GListModel) saved = store_of (self, TL_PLACE_SAVED, TL_PLACE_SAVED);
  g_autoptr (GListModel) fixed = store_of (self, TL_PLACE_STARRED, TL_PLACE_LATER);
  g_autoptr (GListModel) timelines = store_of (self, TL_PLACE_EVERYONE, TL_PLACE_SAVED_POSTS);
  g_autoptr (GListModel) feeds = NULL, news = NULL, rows = NULL;

  self->unfolded = GTK_FILTER (gtk_custom_filter_new (is_unfolded, self, NULL));
  feeds = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->feeds)),
                                                   g_object_ref (self->unfolded)));
  g_list_store_append (of_news, fixed);
  g_list_store_append (of_news, feeds);
  news = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (of_news)));
  self->of_news = parts_new (news, NULL);
  self->of_feed = parts_new (timelines, G_LIST_MODEL (self->circle));
  self->parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (self->parts, sections);
  g_list_store_append (self->parts, saved);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  rows = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (self->parts))));
  gtk_single_selection_set_model (self->selection, rows);
}

static void
connect_factories (TlSidebar *self)
{
  g_autoptr (GtkListItemFactory) rows = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkListItemFactory) headers = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (rows, "setup", G_CALLBACK (row_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "bind", G_CALLBACK (row_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "unbind", G_CALLBACK (row_unbind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (headers, "bind", G_CALLBACK (header_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (headers, "unbind", G_CALLBACK (header_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, rows);
  gtk_list_view_set_header_factory (self->list, headers);
}

static void
show_account (TlSidebar *self, const TlAccount *account)
{
  g_autoptr (GUri) uri = g_uri_parse (account->server, G_URI_FLAGS_NONE, NULL);

  adw_avatar_set_text (self->avatar, account->name);
  gtk_label_set_label (self->name, account->name);
  gtk_label_set_label (self->host, uri ? g_uri_get_host (uri) : account->server);
}

/* The person of the account may come later than the window. */
static void
find_person (TlSidebar *self)
{
  g_autoptr (TlPersonItem) person = g_list_model_get_item (G_LIST_MODEL (self->person), 0);

  if (person)
    tl_face_follow (self->avatar, self->media, person);
}

static void
tl_sidebar_dispose (GObject *object)
{
  TlSidebar *self = TL_SIDEBAR (object);

  g_clear_handle_id (&self->bell_timer, g_source_remove);
  g_clear_object (&self->preferences);
  g_clear_object (&self->replica);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  for (guint i = 0; i < TL_N_PLACES; i++)
    g_clear_object (&self->places[i]);
  g_clear_object (&self->selection);
  g_clear_object (&self->parts);
  g_clear_object (&self->of_news);
  g_clear_object (&self->of_feed);
  g_clear_object (&self->unfolded);
  g_clear_object (&self->feeds);
  g_clear_object (&self->circle);
  g_clear_object (&self->counts);
  g_clear_object (&self->inbox);
  g_clear_object (&self->person);
  g_clear_object (&self->item);
  g_clear_pointer (&self->folded, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SIDEBAR);
  G_OBJECT_CLASS (tl_sidebar_parent_class)->dispose (object);
}

static void
tl_sidebar_class_init (TlSidebarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_sidebar_dispose;
  g_type_ensure (TL_TYPE_CALENDAR_SIDE);
  g_type_ensure (TL_TYPE_SYNC_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/sidebar.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlSidebar, name)
  CHILD (sync);
  CHILD (menu);
  CHILD (list);
  CHILD (calendar);
  CHILD (avatar);
  CHILD (name);
  CHILD (host);
  CHILD (bell);
  CHILD (account);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "sidebar.quiet", "s", be_quiet);
  gtk_widget_class_install_action (widget_class, "sidebar.disturb", NULL, disturb);
  signals[SELECTED] = g_signal_new ("selected", TL_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", TL_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
}

static void
tl_sidebar_init (TlSidebar *self)
{
  self->folded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < TL_N_PLACES; i++)
    self->places[i] = tl_place_new ((TlPlaceKind)i);
  gtk_widget_init_template (GTK_WIDGET (self));
  tl_account_menu_set_up (self->account);
}

TlSidebar *
tl_sidebar_new (const TlSession *session)
{
  TlSidebar *self = g_object_new (TL_TYPE_SIDEBAR, NULL);

  self->session = session;
  self->media = session->media;
  self->feeds = tl_feed_list_new (session->replica);
  self->circle = tl_circle_list_new (session->replica, TL_CIRCLE_FOLLOWED, session->account->key);
  self->counts = tl_counts_new (session->replica, session->account->key);
  self->inbox = tl_inbox_count_new (session->replica, session->account->key);
  make_models (self);
  connect_factories (self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selection_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->counts, "notify", G_CALLBACK (update_counts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inbox, "notify", G_CALLBACK (update_counts), self,
                           G_CONNECT_SWAPPED);
  tl_sync_button_set_engine (self->sync, session->engine);
  tl_sync_button_set_popover (self->sync,
                              tl_outbox_popover_new (session->replica, session->engine));
  show_account (self, session->account);
  self->me = session->account->key;
  self->person = tl_circle_list_new (session->replica, self->me, self->me);
  g_signal_connect_object (self->person, "items-changed", G_CALLBACK (find_person), self,
                           G_CONNECT_SWAPPED);
  find_person (self);
  self->replica = g_object_ref (session->replica);
  self->preferences = g_object_ref (session->preferences);
  g_signal_connect_object (self->preferences, "changed", G_CALLBACK (update_bell), self,
                           G_CONNECT_SWAPPED);
  self->bell_timer = g_timeout_add_seconds (30, bell_due, self);
  update_bell (self);
  return self;
}
