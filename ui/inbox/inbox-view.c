/* inbox-view.c: a split view whose content is the page that the chosen row needs. The pages are made when one first
 * needs them, and change places. Main thread. */
#include "ui/inbox/inbox-view.h"

#include "sync/models/lists.h"
#include "ui/chat/room-page.h"
#include "ui/inbox/inbox-detail.h"
#include "ui/inbox/inbox-page.h"
#include "ui/news/reader.h"

struct _TlInboxView {
  AdwBin parent;
  AdwNavigationSplitView *split;
  TlInboxPage *list;
  TlInboxDetail *detail;
  TlReader *reader;
  TlRoomPage *room;
  TlKeyList *articles; /* whose items the reader follows */
  gint64 wanted;       /* the article to be shown when these are there */
  const TlSession *session;
};

enum { PROP_COLLAPSED = 1, PROP_ROOM, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { TOAST, PUT_AWAY, OPEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlInboxView, tl_inbox_view, ADW_TYPE_BIN)

static gboolean
shows (TlInboxView *self, gpointer page)
{
  return (gpointer)adw_navigation_split_view_get_content (self->split) == page;
}

gint64
tl_inbox_view_room (TlInboxView *self)
{
  gboolean is_visible = !adw_navigation_split_view_get_collapsed (self->split) ||
                        adw_navigation_split_view_get_show_content (self->split);

  return is_visible && self->room && shows (self, self->room) ? tl_room_page_room (self->room) : 0;
}

static void
room_changed (TlInboxView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOM]);
}

/* --- what is chosen ------------------------------------------------------------------------------ */

static void
show_page (TlInboxView *self, gpointer page)
{
  if (!shows (self, page))
    adw_navigation_split_view_set_content (self->split, ADW_NAVIGATION_PAGE (page));
  room_changed (self);
}

static void
toast (TlInboxView *self, const char *sentence)
{
  g_signal_emit (self, signals[TOAST], 0, sentence);
}

static void
need_reader (TlInboxView *self)
{
  if (self->reader)
    return;
  self->reader = g_object_ref_sink (tl_reader_new (self->session));
  g_object_bind_property (self->split, "collapsed", self->reader, "narrow", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->split, "collapsed", self->reader, "show-back",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->reader, "toast", G_CALLBACK (toast), self, G_CONNECT_SWAPPED);
}

static void
show_wanted (TlInboxView *self)
{
  gint64 position = tl_key_list_find (self->articles, self->wanted);
  g_autoptr (TlArticleItem) item =
      position >= 0 ? g_list_model_get_item (G_LIST_MODEL (self->articles), (guint)position) : NULL;

  if (item == NULL)
    return;
  self->wanted = 0;
  need_reader (self);
  show_page (self, self->reader);
  tl_reader_open (self->reader, item);
}

static void
show_article (TlInboxView *self, gint64 key)
{
  self->wanted = key;
  if (self->articles == NULL) {
    self->articles = tl_article_list_new (self->session->replica, TL_ARTICLES_ALL, 0, NULL);
    g_signal_connect_object (self->articles, "notify::ready", G_CALLBACK (show_wanted), self,
                             G_CONNECT_SWAPPED);
  }
  show_wanted (self);
}

static void
show_room (TlInboxView *self, TlInboxItem *item)
{
  if (self->room == NULL)
    self->room = g_object_ref_sink (tl_room_page_new (self->session));
  show_page (self, self->room);
  tl_room_page_open (self->room, item->room_key,
                     item->kind == TL_INBOX_MESSAGES ? 0 : item->subject_key);
  room_changed (self);
}

static void
selected (TlInboxView *self, TlInboxItem *item)
{
  self->wanted = 0;
  if (item->kind == TL_INBOX_ARTICLE) {
    show_article (self, item->subject_key);
  } else if (item->room_key != 0) {
    show_room (self, item);
  } else {
    show_page (self, self->detail);
    tl_inbox_detail_show (self->detail, item);
  }
}

static void
activated (TlInboxView *self)
{
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
put_away (TlInboxView *self, const char *sentence, gint64 key)
{
  g_signal_emit (self, signals[PUT_AWAY], 0, sentence, key);
}

static void
open_it (TlInboxView *self, TlInboxItem *item)
{
  g_signal_emit (self, signals[OPEN], 0, item);
}

/* --- from outside -------------------------------------------------------------------------------- */

void
tl_inbox_view_show_list (TlInboxView *self)
{
  adw_navigation_split_view_set_show_content (self->split, FALSE);
}

void
tl_inbox_view_focus (TlInboxView *self)
{
  tl_inbox_page_focus (self->list);
}

void
tl_inbox_view_open_first (TlInboxView *self)
{
  tl_inbox_page_select_first (self->list);
}

void
tl_inbox_view_move (TlInboxView *self, int step)
{
  tl_inbox_page_move (self->list, step);
}

void
tl_inbox_view_next_unread (TlInboxView *self)
{
  tl_inbox_page_next_unread (self->list);
}

void
tl_inbox_view_archive (TlInboxView *self)
{
  tl_inbox_page_archive (self->list);
}

void
tl_inbox_view_snooze (TlInboxView *self)
{
  tl_inbox_page_snooze (self->list);
}

gboolean
tl_inbox_view_reader_action (TlInboxView *self, const char *action)
{
  return shows (self, self->reader) &&
         gtk_widget_activate_action (GTK_WIDGET (self->reader), action, NULL);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
tl_inbox_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlInboxView *self = TL_INBOX_VIEW (object);

  adw_navigation_split_view_set_collapsed (self->split, g_value_get_boolean (value));
  g_object_notify_by_pspec (object, properties[PROP_COLLAPSED]);
}

static void
tl_inbox_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlInboxView *self = TL_INBOX_VIEW (object);

  if (id == PROP_COLLAPSED)
    g_value_set_boolean (value, adw_navigation_split_view_get_collapsed (self->split));
  else
    g_value_set_int64 (value, tl_inbox_view_room (self));
}

static void
tl_inbox_view_dispose (GObject *object)
{
  TlInboxView *self = TL_INBOX_VIEW (object);

  g_clear_object (&self->articles);
  g_clear_object (&self->detail);
  g_clear_object (&self->reader);
  g_clear_object (&self->room);
  G_OBJECT_CLASS (tl_inbox_view_parent_class)->dispose (object);
}

static void
tl_inbox_view_class_init (TlInboxViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = tl_inbox_view_set_property;
  object_class->get_property = tl_inbox_view_get_property;
  object_class->dispose = tl_inbox_view_dispose;
  properties[PROP_COLLAPSED] =
      g_param_spec_boolean ("collapsed", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ROOM] = g_param_spec_int64 ("room", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[TOAST] = g_signal_new ("toast", TL_TYPE_INBOX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PUT_AWAY] = g_signal_new ("put-away", TL_TYPE_INBOX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[OPEN] = g_signal_new ("open", TL_TYPE_INBOX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, TL_TYPE_INBOX_ITEM);
}

static void
tl_inbox_view_init (TlInboxView *self)
{
  self->split = ADW_NAVIGATION_SPLIT_VIEW (adw_navigation_split_view_new ());
  adw_navigation_split_view_set_min_sidebar_width (self->split, 300);
  adw_navigation_split_view_set_max_sidebar_width (self->split, 372);
  adw_navigation_split_view_set_sidebar_width_fraction (self->split, 0.4);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->split));
}

void
tl_inbox_view_set_session (TlInboxView *self, const TlSession *session)
{
  self->session = session;
  self->list = tl_inbox_page_new (session);
  self->detail = g_object_ref_sink (tl_inbox_detail_new (session->media));
  adw_navigation_split_view_set_sidebar (self->split, ADW_NAVIGATION_PAGE (self->list));
  adw_navigation_split_view_set_content (self->split, ADW_NAVIGATION_PAGE (self->detail));
  g_object_bind_property (self->split, "collapsed", self->detail, "show-back",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->list, "selected", G_CALLBACK (selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "activated", G_CALLBACK (activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "put-away", G_CALLBACK (put_away), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->detail, "open", G_CALLBACK (open_it), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->split, "notify::show-content", G_CALLBACK (room_changed), self,
                           G_CONNECT_SWAPPED);
}
