/* main-view.c: connects the sidebar, the pages of each section and the dialogs; keys for reading.
 *
 * A section is made when it is first shown. Keys without a modifier bubble up to here only when no text field took
 * them. Main thread. */
#include "ui/main-view.h"

#include "sync/actions-inbox.h"
#include "sync/actions.h"
#include "ui/calendar/calendar-page.h"
#include "ui/chat/room-page.h"
#include "ui/chat/rooms-page.h"
#include "ui/feed/feed-view.h"
#include "ui/inbox/inbox-view.h"
#include "ui/news/feed-dialog.h"
#include "ui/news/news-list.h"
#include "ui/news/reader.h"
#include "ui/preferences/preferences-dialog.h"
#include "ui/search/search-dialog.h"
#include "ui/sidebar.h"
#include "ui/state-banner.h"

#include <glib/gi18n-lib.h>

struct _TlMainView {
  AdwBreakpointBin parent;
  AdwNavigationSplitView *outer, *news, *chat;
  AdwNavigationPage *section_page;
  GtkStack *sections;
  TlStateBanner *banner;
  TlInboxView *inbox;
  AdwBin *calendar_place, *feed_place;

  const TlSession *session;
  TlReplica *replica;
  gint64 me;
  TlSidebar *sidebar;
  /* The pages of a section, NULL until it is first shown. */
  TlCalendarPage *calendar;
  TlFeedView *feed;
  TlNewsList *list;
  TlReader *reader;
  TlRoomsPage *rooms;
  TlRoomPage *room;
  AdwDialog *search; /* while it is open */
};

enum { PROP_ROOM = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { TOAST, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlMainView, tl_main_view, ADW_TYPE_BREAKPOINT_BIN)

gint64
tl_main_view_room (TlMainView *self)
{
  const char *section = gtk_stack_get_visible_child_name (self->sections);
  gboolean is_visible = !adw_navigation_split_view_get_collapsed (self->chat) ||
                        adw_navigation_split_view_get_show_content (self->chat);

  if (g_strcmp0 (section, "inbox") == 0)
    return tl_inbox_view_room (self->inbox);
  return g_strcmp0 (section, "chat") == 0 && is_visible ? tl_room_page_room (self->room) : 0;
}

static void
room_changed (TlMainView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOM]);
}

/* --- going places ------------------------------------------------------------------------------- */

/* The stack's page of a place. */
static const char *
section_of (TlPlaceKind kind)
{
  switch (kind) {
  case TL_PLACE_INBOX:
  case TL_PLACE_CALENDAR:
  case TL_PLACE_CHAT:
    return tl_place_name (kind);
  case TL_PLACE_FEED:
  case TL_PLACE_EVERYONE:
  case TL_PLACE_MENTIONS:
  case TL_PLACE_SAVED_POSTS:
    return "feed";
  default:
    return "news";
  }
}

static gboolean
is_in (TlMainView *self, const char *section)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->sections), section) == 0;
}

static void need_section (TlMainView *self, const char *section);

static void
place_selected (TlMainView *self)
{
  GObject *item = tl_sidebar_item (self->sidebar);
  TlPlaceKind kind = tl_main_view_place (self);

  need_section (self, section_of (kind));
  gtk_stack_set_visible_child_name (self->sections, section_of (kind));
  adw_navigation_page_set_title (self->section_page, tl_place_title (kind));
  if (TL_IS_FEED_ITEM (item))
    tl_news_list_show_feed (self->list, TL_FEED_ITEM (item));
  else if (TL_IS_PERSON_ITEM (item))
    tl_feed_view_open_person (self->feed, TL_PERSON_ITEM (item)->key);
  else if (g_str_equal (section_of (kind), "feed"))
    tl_feed_view_show_place (self->feed, kind);
  else if (g_str_equal (section_of (kind), "news"))
    tl_news_list_show_place (self->list, kind);
}

static void
place_activated (TlMainView *self)
{
  GObject *item = tl_sidebar_item (self->sidebar);

  if (TL_IS_PLACE (item) && is_in (self, "feed")) /* from a thread or profile back to it */
    tl_feed_view_show_place (self->feed, TL_PLACE (item)->kind);
  tl_inbox_view_show_list (self->inbox);
  adw_navigation_split_view_set_show_content (self->news, FALSE);
  adw_navigation_split_view_set_show_content (self->chat, FALSE);
  adw_navigation_split_view_set_show_content (self->outer, TRUE);
}

static void
article_selected (TlMainView *self, TlArticleItem *item)
{
  tl_reader_open (self->reader, item);
}

static void
show_news_content (TlMainView *self)
{
  adw_navigation_split_view_set_show_content (self->news, TRUE);
}

static void
room_selected (TlMainView *self, gint64 room)
{
  tl_room_page_open (self->room, room, 0);
  room_changed (self);
  adw_navigation_split_view_set_show_content (self->chat, TRUE);
}

void
tl_main_view_focus (TlMainView *self)
{
  if (is_in (self, "inbox"))
    tl_inbox_view_focus (self->inbox);
  else if (is_in (self, "chat"))
    tl_rooms_page_focus (self->rooms);
  else if (is_in (self, "news"))
    tl_news_list_focus (self->list);
  else
    gtk_widget_child_focus (gtk_stack_get_visible_child (self->sections), GTK_DIR_TAB_FORWARD);
}

static void
write_in_room (TlMainView *self)
{
  adw_navigation_split_view_set_show_content (self->chat, TRUE);
  tl_room_page_focus_composer (self->room);
}

void
tl_main_view_open_place (TlMainView *self, TlPlaceKind kind)
{
  tl_sidebar_select_place (self->sidebar, kind);
  place_activated (self);
  tl_main_view_focus (self);
}

void
tl_main_view_open_article (TlMainView *self, gint64 article)
{
  tl_main_view_open_place (self, TL_PLACE_NEWS);
  tl_news_list_select (self->list, article);
  show_news_content (self);
}

void
tl_main_view_open_room (TlMainView *self, gint64 room, gint64 message)
{
  tl_main_view_open_place (self, TL_PLACE_CHAT);
  tl_rooms_page_select (self->rooms, room);
  tl_room_page_open (self->room, room, message);
  room_changed (self);
  write_in_room (self);
}

void
tl_main_view_open_post (TlMainView *self, gint64 post)
{
  tl_main_view_open_place (self, TL_PLACE_FEED);
  tl_feed_view_open_post (self->feed, post);
}

void
tl_main_view_open_person (TlMainView *self, gint64 person)
{
  tl_main_view_open_place (self, TL_PLACE_FEED);
  tl_feed_view_open_person (self->feed, person);
}

void
tl_main_view_compose (TlMainView *self)
{
  need_section (self, "feed");
  tl_feed_view_compose (self->feed);
}

void
tl_main_view_open_event (TlMainView *self, gint64 event)
{
  tl_main_view_open_place (self, TL_PLACE_CALENDAR);
  tl_calendar_page_open_event (self->calendar, event);
}

void
tl_main_view_new_event (TlMainView *self)
{
  tl_main_view_open_place (self, TL_PLACE_CALENDAR);
  tl_calendar_page_new_event (self->calendar);
}

void
tl_main_view_show_calendar (TlMainView *self, const char *view, const char *date)
{
  tl_main_view_open_place (self, TL_PLACE_CALENDAR);
  if (view)
    tl_calendar_page_set_view (self->calendar, view);
  if (date)
    tl_calendar_page_show_date (self->calendar, date);
}

void
tl_main_view_show_preferences (TlMainView *self, const char *page)
{
  adw_dialog_present (tl_preferences_dialog_new (self->session, page), GTK_WIDGET (self));
}

void
tl_main_view_import_calendar (TlMainView *self, GFile *file)
{
  tl_main_view_open_place (self, TL_PLACE_CALENDAR);
  tl_calendar_page_import (self->calendar, file);
}

TlPlaceKind
tl_main_view_place (TlMainView *self)
{
  GObject *item = tl_sidebar_item (self->sidebar);

  if (TL_IS_PERSON_ITEM (item))
    return TL_PLACE_FEED;
  return TL_IS_PLACE (item) ? TL_PLACE (item)->kind : TL_PLACE_NEWS;
}

gint64
tl_main_view_article (TlMainView *self)
{
  return self->reader ? tl_reader_article (self->reader) : 0;
}

void
tl_main_view_show_sidebar (TlMainView *self)
{
  adw_navigation_split_view_set_show_content (self->outer, FALSE);
}

void
tl_main_view_open_first_article (TlMainView *self)
{
  tl_main_view_open_place (self, TL_PLACE_NEWS);
  tl_news_list_select_first (self->list);
  show_news_content (self);
}

void
tl_main_view_open_first_room (TlMainView *self)
{
  tl_main_view_open_place (self, TL_PLACE_CHAT);
  tl_rooms_page_open_first (self->rooms);
}

/* --- search and outbox -------------------------------------------------------------------------- */

static AdwDialog *
open_search (TlMainView *self)
{
  g_set_weak_pointer (&self->search, tl_search_dialog_new (self->session));
  g_signal_connect_object (self->search, "open-article", G_CALLBACK (tl_main_view_open_article),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "open-message", G_CALLBACK (tl_main_view_open_room), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (self->search, GTK_WIDGET (self));
  return self->search;
}

void
tl_main_view_show_search (TlMainView *self, const char *text)
{
  AdwDialog *dialog = self->search ? self->search : open_search (self);

  if (*text)
    tl_search_dialog_set_text (TL_SEARCH_DIALOG (dialog), text);
}

void
tl_main_view_show_outbox (TlMainView *self)
{
  tl_main_view_show_sidebar (self);
  tl_sidebar_show_outbox (self->sidebar);
}

static void
subscribe (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  adw_dialog_present (tl_feed_dialog_new (self->replica, NULL), widget);
}

/* --- toasts ------------------------------------------------------------------------------------- */

static void
show_toast (TlMainView *self, const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_use_markup (toast, FALSE);
  g_signal_emit (self, signals[TOAST], 0, toast);
}

typedef struct {
  TlReplica *replica;
  GArray *keys;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_object_unref (undo->replica);
  g_array_unref (undo->keys);
  g_free (undo);
}

static void
undo_marked (AdwToast *toast, gpointer data)
{
  Undo *undo = data;

  dex_future_disown (tl_action_set_read (undo->replica, (gint64 *)(gpointer)undo->keys->data,
                                         undo->keys->len, FALSE));
}

static void
marked (TlMainView *self, const char *sentence, GArray *keys)
{
  AdwToast *toast = adw_toast_new (sentence);
  Undo *undo = g_new (Undo, 1);

  *undo = (Undo){ g_object_ref (self->replica), g_array_ref (keys) };
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_marked), undo, undo_free, 0);
  g_signal_emit (self, signals[TOAST], 0, toast);
}

/* --- keys --------------------------------------------------------------------------------------- */

static gboolean
is_reading (TlMainView *self)
{
  return is_in (self, "news");
}

static gboolean
key_move (GtkWidget *widget, GVariant *step, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (is_in (self, "inbox"))
    tl_inbox_view_move (self->inbox, g_variant_get_int32 (step));
  else if (is_in (self, "feed"))
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

  if (is_in (self, "inbox"))
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

  if (is_in (self, "inbox"))
    tl_inbox_view_archive (self->inbox);
  return is_in (self, "inbox");
}

static gboolean
key_snooze (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (is_in (self, "inbox"))
    tl_inbox_view_snooze (self->inbox);
  return is_in (self, "inbox");
}

static gboolean
key_reader (GtkWidget *widget, GVariant *action, gpointer data)
{
  TlMainView *self = TL_MAIN_VIEW (widget);

  if (is_in (self, "inbox"))
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

static void
add_keys (GtkWidgetClass *class)
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

/* --- making ------------------------------------------------------------------------------------- */

static void
tl_main_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int64 (value, tl_main_view_room (TL_MAIN_VIEW (object)));
}

static void
tl_main_view_dispose (GObject *object)
{
  TlMainView *self = TL_MAIN_VIEW (object);

  adw_breakpoint_bin_set_child (ADW_BREAKPOINT_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_MAIN_VIEW);
  g_clear_weak_pointer (&self->search);
  g_clear_object (&self->replica);
  G_OBJECT_CLASS (tl_main_view_parent_class)->dispose (object);
}

static void
tl_main_view_class_init (TlMainViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TL_TYPE_INBOX_VIEW);
  g_type_ensure (TL_TYPE_STATE_BANNER);
  G_OBJECT_CLASS (class)->dispose = tl_main_view_dispose;
  G_OBJECT_CLASS (class)->get_property = tl_main_view_get_property;
  properties[PROP_ROOM] = g_param_spec_int64 ("room", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/main-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlMainView, name)
  CHILD (outer);
  CHILD (feed_place);
  CHILD (inbox);
  CHILD (calendar_place);
  CHILD (news);
  CHILD (chat);
  CHILD (section_page);
  CHILD (sections);
  CHILD (banner);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "news.subscribe", NULL, subscribe);
  add_keys (widget_class);
  signals[TOAST] = g_signal_new ("toast", TL_TYPE_MAIN_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);
}

static void
tl_main_view_init (TlMainView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
take_out_again (AdwToast *toast, gpointer data)
{
  TlMainView *self = g_object_get_data (G_OBJECT (toast), "view");
  gint64 *key = data;

  dex_future_disown (tl_action_notification_done (self->replica, *key, FALSE));
}

static void
put_away (TlMainView *self, const char *sentence, gint64 key)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_use_markup (toast, FALSE);
  if (key != 0) {
    adw_toast_set_button_label (toast, _ ("Undo"));
    g_object_set_data_full (G_OBJECT (toast), "view", g_object_ref (self), g_object_unref);
    g_signal_connect_data (toast, "button-clicked", G_CALLBACK (take_out_again),
                           g_memdup2 (&key, sizeof key), (GClosureNotify)(GCallback)g_free, 0);
  }
  g_signal_emit (self, signals[TOAST], 0, toast);
}

static void
open_from_inbox (TlMainView *self, TlInboxItem *item)
{
  if (item->subject_type == tl_post_type.number)
    tl_main_view_open_post (self, item->subject_key);
  else if (item->subject_type == tl_principal_type.number)
    tl_main_view_open_person (self, item->subject_key);
  else if (item->subject_type == tl_message_type.number)
    tl_main_view_open_room (self, item->room_key, item->subject_key);
}

static void
make_inbox (TlMainView *self, const TlSession *session)
{
  tl_inbox_view_set_session (self->inbox, session);
  g_signal_connect_object (self->inbox, "toast", G_CALLBACK (show_toast), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inbox, "put-away", G_CALLBACK (put_away), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inbox, "open", G_CALLBACK (open_from_inbox), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inbox, "notify::room", G_CALLBACK (room_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
pass_toast (TlMainView *self, AdwToast *toast)
{
  g_signal_emit (self, signals[TOAST], 0, g_object_ref (toast));
}

static void
make_calendar (TlMainView *self, const TlSession *session)
{
  self->calendar = g_object_new (TL_TYPE_CALENDAR_PAGE, NULL);
  tl_calendar_page_set_session (self->calendar, session);
  g_object_bind_property (self->calendar, "day", tl_sidebar_calendar (self->sidebar), "day",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->chat, "collapsed", self->calendar, "narrow", G_BINDING_SYNC_CREATE);
  adw_bin_set_child (self->calendar_place, GTK_WIDGET (self->calendar));
}

static void
make_feed (TlMainView *self, const TlSession *session)
{
  self->feed = g_object_new (TL_TYPE_FEED_VIEW, NULL);
  tl_feed_view_set_session (self->feed, session);
  g_object_bind_property (self->chat, "collapsed", self->feed, "narrow", G_BINDING_SYNC_CREATE);
  adw_bin_set_child (self->feed_place, GTK_WIDGET (self->feed));
  g_signal_connect_object (self->feed, "toast", G_CALLBACK (pass_toast), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->feed, "place", G_CALLBACK (tl_main_view_open_place), self,
                           G_CONNECT_SWAPPED);
}

static void
make_news (TlMainView *self, const TlSession *session)
{
  self->list = tl_news_list_new (session);
  self->reader = tl_reader_new (session);
  adw_navigation_split_view_set_sidebar (self->news, ADW_NAVIGATION_PAGE (self->list));
  adw_navigation_split_view_set_content (self->news, ADW_NAVIGATION_PAGE (self->reader));
  g_object_bind_property (self->news, "collapsed", self->reader, "narrow", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->news, "collapsed", self->reader, "show-back",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->list, "selected", G_CALLBACK (article_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "activated", G_CALLBACK (show_news_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "marked", G_CALLBACK (marked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reader, "toast", G_CALLBACK (show_toast), self, G_CONNECT_SWAPPED);
}

static void
make_chat (TlMainView *self, const TlSession *session)
{
  self->rooms = tl_rooms_page_new (session);
  self->room = tl_room_page_new (session);
  adw_navigation_split_view_set_sidebar (self->chat, ADW_NAVIGATION_PAGE (self->rooms));
  adw_navigation_split_view_set_content (self->chat, ADW_NAVIGATION_PAGE (self->room));
  g_signal_connect_object (self->rooms, "room-selected", G_CALLBACK (room_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rooms, "room-activated", G_CALLBACK (write_in_room), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat, "notify::show-content", G_CALLBACK (room_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
need_section (TlMainView *self, const char *section)
{
  if (g_str_equal (section, "calendar") && self->calendar == NULL)
    make_calendar (self, self->session);
  else if (g_str_equal (section, "feed") && self->feed == NULL)
    make_feed (self, self->session);
  else if (g_str_equal (section, "news") && self->list == NULL)
    make_news (self, self->session);
  else if (g_str_equal (section, "chat") && self->rooms == NULL)
    make_chat (self, self->session);
}

TlMainView *
tl_main_view_new (const TlSession *session)
{
  TlMainView *self = g_object_new (TL_TYPE_MAIN_VIEW, NULL);

  self->session = session;
  self->replica = g_object_ref (session->replica);
  self->me = session->account->key;
  self->sidebar = tl_sidebar_new (session);
  adw_navigation_split_view_set_sidebar (self->outer, ADW_NAVIGATION_PAGE (self->sidebar));
  tl_state_banner_set_engine (self->banner, session->engine);
  make_inbox (self, session);
  g_signal_connect_object (self->sections, "notify::visible-child", G_CALLBACK (room_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "selected", G_CALLBACK (place_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "activated", G_CALLBACK (place_activated), self,
                           G_CONNECT_SWAPPED);
  tl_main_view_open_place (self, TL_PLACE_INBOX);
  return self;
}
