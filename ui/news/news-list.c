/* news-list.c: one list view over one key list that is asked another question for each place. Main thread.
 *
 * What "all" means when everything is marked read is bounded by the newest article that was on the screen. */
#include "ui/news/news-list.h"

#include "sync/actions.h"
#include "ui/growing-list.h"
#include "ui/hidden-note.h"
#include "ui/list-focus.h"
#include "ui/news/article-row.h"
#include "ui/news/feed-dialog.h"
#include "ui/section-list.h"
#include "ui/top-keeper.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlNewsList {
  AdwNavigationPage parent;
  AdwWindowTitle *title;
  AdwBanner *banner;
  AdwToggleGroup *saved;
  AdwStatusPage *empty;
  TlHiddenNote *note;
  GtkWidget *add_feed;
  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;

  TlReplica *replica;
  TlMedia *media;
  TlPlaceKind place; /* when there is no feed */
  TlFeedItem *feed;
  TlCounts *counts;
  TlKeyList *articles;
  GtkSingleSelection *selection;
  gboolean is_unread_only;
  gint64 selected; /* kept while the list moves */
  gint64 wanted;   /* to be selected once it is there */
  gint64 seen_up_to;
};

enum { PROP_FILTER = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { SELECTED, ACTIVATED, MARKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlNewsList, tl_news_list, ADW_TYPE_NAVIGATION_PAGE)

/* --- what is asked ------------------------------------------------------------------------------ */

static TlArticleFilter
filter_of (TlNewsList *self)
{
  gboolean is_saved = self->feed == NULL && self->place == TL_PLACE_SAVED;

  if (self->feed == NULL && self->place == TL_PLACE_STARRED)
    return TL_ARTICLES_STARRED;
  if (self->feed == NULL && self->place == TL_PLACE_LATER)
    return TL_ARTICLES_LATER;
  if (is_saved)
    return adw_toggle_group_get_active (self->saved) == 0 ? TL_ARTICLES_STARRED : TL_ARTICLES_LATER;
  return self->is_unread_only ? TL_ARTICLES_UNREAD : TL_ARTICLES_ALL;
}

/* -1, which is no feed's key, while the server has not fetched it. */
static gint64
feed_key (TlNewsList *self)
{
  if (self->feed == NULL || self->feed->is_folder)
    return 0;
  return self->feed->feed_key != 0 ? self->feed->feed_key : -1;
}

static const char *
folder (TlNewsList *self)
{
  return self->feed && self->feed->is_folder ? self->feed->folder : NULL;
}

static void
ask (TlNewsList *self)
{
  self->seen_up_to = 0;
  tl_top_keeper_reset (self->scroller);
  tl_article_list_ask (self->articles, filter_of (self), feed_key (self), folder (self));
}

/* --- what is shown ------------------------------------------------------------------------------ */

static void
show_empty (TlNewsList *self)
{
  TlArticleFilter filter = filter_of (self);
  const char *icon = "application-rss+xml-symbolic", *title = _ ("No Articles Yet");
  const char *text = _ ("They arrive with the next sync");

  if (filter == TL_ARTICLES_STARRED) {
    icon = "starred-symbolic";
    title = _ ("Nothing Starred");
    text = _ ("Press S on an article to keep it here");
  } else if (filter == TL_ARTICLES_LATER) {
    icon = "user-bookmarks-symbolic";
    title = _ ("Nothing for Later");
    text = _ ("Press L on an article to read it another time");
  } else if (filter == TL_ARTICLES_UNREAD) {
    icon = "object-select-symbolic";
    title = _ ("All Read");
    text = _ ("New articles will appear here");
  }
  if (filter == TL_ARTICLES_ALL && tl_hidden_note_sentence (self->note)) {
    icon = "view-conceal-symbolic";
    title = _ ("All of It Is Filtered");
    text = _ ("What your filters hide is not gone");
  }
  gtk_widget_set_visible (self->add_feed, filter == TL_ARTICLES_ALL && self->feed == NULL);
  adw_status_page_set_icon_name (self->empty, icon);
  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, text);
}

static guint
unread (TlNewsList *self)
{
  guint count = 0;

  if (self->feed)
    count = self->feed->unread;
  else if (self->place == TL_PLACE_NEWS)
    g_object_get (self->counts, "unread-articles", &count, NULL);
  return count;
}

static void
update_header (TlNewsList *self)
{
  const char *title = self->feed ? self->feed->title : tl_place_title (self->place);
  gboolean is_feed = self->feed && !self->feed->is_folder;
  guint count = unread (self);
  g_autofree char *subtitle =
      count > 0 ? g_strdup_printf (ngettext ("%u unread", "%u unread", count), count) : NULL;

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title ? title : "");
  adw_window_title_set_title (self->title, title ? title : "");
  adw_window_title_set_subtitle (self->title, subtitle ? subtitle : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.mark-all-read", count > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.edit-feed", is_feed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.unsubscribe", is_feed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.filter",
                                 self->feed || self->place == TL_PLACE_NEWS);
  adw_banner_set_title (self->banner, is_feed && self->feed->error ? self->feed->error : "");
  adw_banner_set_revealed (self->banner, is_feed && self->feed->error != NULL);
}

/* The first row's header belongs into view with it. */
static void
scroll_to (TlNewsList *self, guint position)
{
  if (position == 0)
    return;
  tl_top_keeper_leave (self->scroller);
  gtk_list_view_scroll_to (self->list, tl_growing_list_reach (self->list, position),
                           GTK_LIST_SCROLL_NONE, NULL);
}

static void
restore_selection (TlNewsList *self)
{
  gint64 wanted = self->wanted ? tl_key_list_find (self->articles, self->wanted) : -1;
  gint64 selected = self->selected ? tl_key_list_find (self->articles, self->selected) : -1;

  if (wanted >= 0) {
    self->wanted = 0;
    gtk_single_selection_set_selected (self->selection,
                                       tl_growing_list_reach (self->list, (guint)wanted));
    scroll_to (self, (guint)wanted);
  } else {
    gtk_single_selection_set_selected (
        self->selection, selected >= 0 ? tl_growing_list_reach (self->list, (guint)selected)
                                       : GTK_INVALID_LIST_POSITION);
  }
}

static void
ask_note (TlNewsList *self)
{
  TlArticleFilter filter = filter_of (self);
  gboolean is_filtered = filter == TL_ARTICLES_ALL || filter == TL_ARTICLES_UNREAD;

  tl_hidden_note_ask (self->note, self->replica, is_filtered ? TL_FILTER_ARTICLES : 0, 0,
                      feed_key (self), folder (self));
}

static void
articles_changed (TlNewsList *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->articles)) == 0;

  if (!tl_key_list_is_ready (self->articles))
    return;
  if (is_empty)
    show_empty (self);
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "articles");
  restore_selection (self);
  tl_top_keeper_rows_changed (self->scroller);
  ask_note (self);
}

void
tl_news_list_focus (TlNewsList *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
feed_changed (TlNewsList *self, GParamSpec *spec)
{
  if (g_str_equal (spec->name, "feed-key") || g_str_equal (spec->name, "folder"))
    ask (self);
  update_header (self);
}

static void
show (TlNewsList *self, TlPlaceKind place, TlFeedItem *feed)
{
  if (self->feed)
    g_signal_handlers_disconnect_by_func (self->feed, feed_changed, self);
  g_set_object (&self->feed, feed);
  self->place = place;
  if (feed)
    g_signal_connect_object (feed, "notify", G_CALLBACK (feed_changed), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->saved), feed == NULL && place == TL_PLACE_SAVED);
  update_header (self);
  ask (self);
}

void
tl_news_list_show_place (TlNewsList *self, TlPlaceKind kind)
{
  if (self->feed || self->place != kind)
    show (self, kind, NULL);
}

void
tl_news_list_show_feed (TlNewsList *self, TlFeedItem *feed)
{
  if (self->feed != feed)
    show (self, TL_PLACE_NEWS, feed);
}

/* --- moving ------------------------------------------------------------------------------------- */

static void
selection_changed (TlNewsList *self)
{
  TlArticleItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || item->key == self->selected)
    return;
  self->selected = item->key;
  tl_article_list_keep (self->articles, item->key);
  g_signal_emit (self, signals[SELECTED], 0, item);
}

static void
go_to (TlNewsList *self, guint position)
{
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->articles)))
    return;
  gtk_list_view_scroll_to (self->list, tl_growing_list_reach (self->list, position),
                           GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS, NULL);
  g_signal_emit (self, signals[ACTIVATED], 0);
}

void
tl_news_list_move (TlNewsList *self, int step)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position == GTK_INVALID_LIST_POSITION)
    go_to (self, 0);
  else if (step > 0 || position > 0)
    go_to (self, (guint)((int)position + step));
}

void
tl_news_list_next_unread (TlNewsList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->articles));
  guint position = gtk_single_selection_get_selected (self->selection);
  guint start = position == GTK_INVALID_LIST_POSITION ? 0 : position + 1;

  for (guint i = 0; i < n; i++) {
    guint at = (start + i) % n;
    g_autoptr (TlArticleItem) item = g_list_model_get_item (G_LIST_MODEL (self->articles), at);

    if (item->loaded && !item->is_read) {
      go_to (self, at);
      return;
    }
  }
}

void
tl_news_list_select_first (TlNewsList *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->articles)) > 0)
    tl_news_list_select (self, tl_key_list_key (self->articles, 0));
}

void
tl_news_list_select (TlNewsList *self, gint64 article)
{
  self->wanted = article;
  restore_selection (self);
}

/* --- actions ------------------------------------------------------------------------------------ */

typedef struct {
  TlNewsList *self;
  TlKeyList *unread; /* what is unread in this place */
  gint64 feed, up_to;
  char *folder, *title;
} Mark;

static void
mark_free (gpointer data)
{
  Mark *mark = data;

  g_object_unref (mark->self);
  g_object_unref (mark->unread);
  g_free (mark->folder);
  g_free (mark->title);
  g_free (mark);
}

static DexFuture *
mark_now (DexFuture *future, gpointer data)
{
  Mark *mark = data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (mark->unread));
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *sentence = g_strdup_printf (_ ("Everything in “%s” marked read"), mark->title);

  for (guint i = 0; i < n; i++) {
    gint64 key = tl_key_list_key (mark->unread, i);
    g_array_append_val (keys, key);
  }
  dex_future_disown (
      tl_action_mark_all_read (mark->self->replica, mark->feed, mark->folder, mark->up_to));
  g_signal_emit (mark->self, signals[MARKED], 0, sentence, keys);
  return NULL;
}

static void
mark_all_read (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlNewsList *self = TL_NEWS_LIST (widget);
  Mark *mark = g_new0 (Mark, 1);

  mark->self = g_object_ref (self);
  mark->feed = feed_key (self);
  mark->folder = g_strdup (folder (self));
  mark->title = g_strdup (adw_window_title_get_title (self->title));
  mark->up_to = self->seen_up_to;
  mark->unread = tl_article_list_new (self->replica, TL_ARTICLES_UNREAD, mark->feed, mark->folder);
  dex_future_disown (
      dex_future_finally (tl_key_list_when_ready (mark->unread), mark_now, mark, mark_free));
}

static void
edit_feed (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlNewsList *self = TL_NEWS_LIST (widget);

  adw_dialog_present (tl_feed_dialog_new (self->replica, self->feed), widget);
}

static void
unsubscribe (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlNewsList *self = TL_NEWS_LIST (widget);

  tl_feed_dialog_ask_remove (self->replica, self->feed, widget);
}

/* --- rows --------------------------------------------------------------------------------------- */

static void
row_clicked (TlNewsList *self, TlArticleRow *row)
{
  gtk_single_selection_set_selected (self->selection,
                                     gtk_list_item_get_position (tl_article_row_cell (row)));
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
row_activated (TlNewsList *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
row_setup (TlNewsList *self, GtkListItem *cell)
{
  GtkWidget *row = tl_article_row_new (self->media);

  g_signal_connect_object (row, "clicked", G_CALLBACK (row_clicked), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (cell, row);
}

static void
item_seen (TlNewsList *self, GParamSpec *spec, TlArticleItem *item)
{
  self->seen_up_to = MAX (self->seen_up_to, item->received_at);
}

static void
row_bind (TlNewsList *self, GtkListItem *cell)
{
  TlArticleItem *item = gtk_list_item_get_item (cell);

  item_seen (self, NULL, item);
  g_signal_connect_object (item, "notify::received-at", G_CALLBACK (item_seen), self,
                           G_CONNECT_SWAPPED);
  tl_article_row_bind (TL_ARTICLE_ROW (gtk_list_item_get_child (cell)), cell);
}

static void
row_unbind (TlNewsList *self, GtkListItem *cell)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (cell), item_seen, self);
  tl_article_row_bind (TL_ARTICLE_ROW (gtk_list_item_get_child (cell)), NULL);
}

static void
header_setup (TlNewsList *self, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_header_set_child (header, label);
}

/* All of a section are of one day, so the first one's time says which. */
static void
header_update (GtkListHeader *header)
{
  TlArticleItem *item = gtk_list_header_get_item (header);
  g_autofree char *day = item && item->loaded ? tl_words_day (item->published_at) : NULL;

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), day ? day : "");
}

static void
header_bind (TlNewsList *self, GtkListHeader *header)
{
  g_signal_connect_object (gtk_list_header_get_item (header), "notify::published-at",
                           G_CALLBACK (header_update), header, G_CONNECT_SWAPPED);
  header_update (header);
}

static void
header_unbind (TlNewsList *self, GtkListHeader *header)
{
  g_signal_handlers_disconnect_by_func (gtk_list_header_get_item (header), header_update, header);
}

/* --- making ------------------------------------------------------------------------------------- */

static void
tl_news_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlNewsList *self = TL_NEWS_LIST (object);
  gboolean is_unread_only = g_strcmp0 (g_value_get_string (value), "unread") == 0;

  if (self->is_unread_only == is_unread_only)
    return;
  self->is_unread_only = is_unread_only;
  g_object_notify_by_pspec (object, properties[PROP_FILTER]);
  ask (self);
}

static void
tl_news_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, TL_NEWS_LIST (object)->is_unread_only ? "unread" : "all");
}

static void
tl_news_list_dispose (GObject *object)
{
  TlNewsList *self = TL_NEWS_LIST (object);

  if (self->articles)
    g_signal_handlers_disconnect_by_data (self->articles, self);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->articles);
  g_clear_object (&self->counts);
  g_clear_object (&self->feed);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_NEWS_LIST);
  G_OBJECT_CLASS (tl_news_list_parent_class)->dispose (object);
}

static void
install_signals (void)
{
  signals[SELECTED] = g_signal_new ("selected", TL_TYPE_NEWS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, TL_TYPE_ARTICLE_ITEM);
  signals[ACTIVATED] = g_signal_new ("activated", TL_TYPE_NEWS_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  signals[MARKED] = g_signal_new ("marked", TL_TYPE_NEWS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ARRAY);
}

static void
tl_news_list_class_init (TlNewsListClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_news_list_set_property;
  object_class->get_property = tl_news_list_get_property;
  object_class->dispose = tl_news_list_dispose;
  g_type_ensure (TL_TYPE_HIDDEN_NOTE);
  properties[PROP_FILTER] =
      g_param_spec_string ("filter", NULL, NULL, "all",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/news/news-list.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlNewsList, name)
  CHILD (title);
  CHILD (banner);
  CHILD (saved);
  CHILD (empty);
  CHILD (note);
  CHILD (add_feed);
  CHILD (stack);
  CHILD (list);
  CHILD (scroller);
#undef CHILD
  gtk_widget_class_install_property_action (widget_class, "list.filter", "filter");
  gtk_widget_class_install_action (widget_class, "list.mark-all-read", NULL, mark_all_read);
  gtk_widget_class_install_action (widget_class, "list.edit-feed", NULL, edit_feed);
  gtk_widget_class_install_action (widget_class, "list.unsubscribe", NULL, unsubscribe);
}

static void
tl_news_list_init (TlNewsList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->note, "changed", G_CALLBACK (show_empty), self);
}

static GtkListItemFactory *
factory_new (TlNewsList *self, GCallback setup, GCallback bind, GCallback unbind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", unbind, self, G_CONNECT_SWAPPED);
  return factory;
}

static void
connect_models (TlNewsList *self)
{
  g_signal_connect_object (self->list, "activate", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selection_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->articles, "items-changed", G_CALLBACK (articles_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->articles, "notify::ready", G_CALLBACK (articles_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->counts, "notify", G_CALLBACK (update_header), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saved, "notify::active", G_CALLBACK (ask), self,
                           G_CONNECT_SWAPPED);
}

TlNewsList *
tl_news_list_new (const TlSession *session)
{
  TlNewsList *self = g_object_new (TL_TYPE_NEWS_LIST, NULL);
  g_autoptr (GtkListItemFactory) rows =
      factory_new (self, G_CALLBACK (row_setup), G_CALLBACK (row_bind), G_CALLBACK (row_unbind));
  g_autoptr (GtkListItemFactory) headers = factory_new (
      self, G_CALLBACK (header_setup), G_CALLBACK (header_bind), G_CALLBACK (header_unbind));
  g_autoptr (GListModel) sections = NULL;

  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->counts = tl_counts_new (session->replica, session->account->key);
  self->articles = tl_article_list_new (session->replica, TL_ARTICLES_ALL, 0, NULL);
  sections = tl_growing_list_new (tl_section_list_new (self->articles), self->list);
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
  update_header (self);
  return self;
}
