/* main-view.c: connects the sidebar, the pages of each section and the dialogs. A section is made when it is first
 * shown. Main thread. */
#include "ui/main-private.h"

#include "sync/actions-inbox.h"
#include "sync/actions.h"
#include "ui/news/feed-dialog.h"
#include "ui/preferences/preferences-dialog.h"
#include "ui/search/search-dialog.h"
#include "ui/toast.h"

#include <glib/gi18n-lib.h>

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

gboolean
tl_main_view_is_in (TlMainView *self, const char *section)
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

  if (TL_IS_PLACE (item) &&
      tl_main_view_is_in (self, "feed")) /* from a thread or profile back to it */
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
  if (tl_main_view_is_in (self, "inbox"))
    tl_inbox_view_focus (self->inbox);
  else if (tl_main_view_is_in (self, "chat"))
    tl_rooms_page_focus (self->rooms);
  else if (tl_main_view_is_in (self, "news"))
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
  g_signal_emit (self, signals[TOAST], 0, tl_toast_new (sentence));
}

typedef struct {
  TlReplica *replica;
  GArray *keys;
} Done;

static void
done_free (gpointer data)
{
  Done *done = data;

  g_object_unref (done->replica);
  g_array_unref (done->keys);
  g_free (done);
}

static Done *
done_new (TlMainView *self, GArray *keys)
{
  Done *done = g_new (Done, 1);

  *done = (Done){ g_object_ref (self->replica), g_array_ref (keys) };
  return done;
}

static void
undo_marked (gpointer data)
{
  Done *done = data;

  dex_future_disown (tl_action_set_read (done->replica, (gint64 *)(gpointer)done->keys->data,
                                         done->keys->len, FALSE));
}

static void
marked (TlMainView *self, const char *sentence, GArray *keys)
{
  g_signal_emit (self, signals[TOAST], 0,
                 tl_toast_with_undo (sentence, undo_marked, done_new (self, keys), done_free));
}

static void
undo_put_away (gpointer data)
{
  Done *done = data;

  dex_future_disown (
      tl_action_notification_done (done->replica, g_array_index (done->keys, gint64, 0), FALSE));
}

/* key: 0 for what cannot be taken out again. */
static void
put_away (TlMainView *self, const char *sentence, gint64 key)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (key == 0) {
    show_toast (self, sentence);
    return;
  }
  g_array_append_val (keys, key);
  g_signal_emit (self, signals[TOAST], 0,
                 tl_toast_with_undo (sentence, undo_put_away, done_new (self, keys), done_free));
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
  tl_main_view_add_keys (widget_class);
  signals[TOAST] = g_signal_new ("toast", TL_TYPE_MAIN_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);
}

static void
tl_main_view_init (TlMainView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
