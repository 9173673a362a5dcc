/* timeline.c: GtkListView keeps its place by the row that is looked at, so new posts come in above. What was on the
 * screen of an active window for a moment is seen, which moves Settings.feedReadTo. Main thread. */
#include "ui/feed/timeline.h"

#include "sync/actions-social.h"
#include "ui/feed/post-card.h"
#include "ui/growing-list.h"
#include "ui/hidden-note.h"

#include <glib/gi18n-lib.h>

/* Nearer to the top than this counts as being there. */
#define TOP_PIXELS 30
/* How long a post is looked at until it is seen. */
#define SEEN_AFTER_MS 700
/* New posts are counted so far. */
#define COUNTED_AT_MOST 99

struct _TlTimeline {
  AdwBin parent;
  GtkStack *stack;
  AdwStatusPage *empty;
  TlHiddenNote *note;
  GtkListView *list;
  GtkScrolledWindow *scroller;
  GtkWidget *pill;
  GtkLabel *pill_label;

  TlFeedView *view;
  GtkWidget *head;
  GListStore *heads; /* one placeholder when there is a head */
  TlKeyList *posts;
  TlPostQuestion question;
  gint64 about;
  gint64 seen_to; /* where the separator stands: as it was when this was opened; 0: not known yet */
  gint64 newest_seen; /* in this visit */
  GPtrArray *cards;   /* bound, of TlPostCard */
  guint seen_timer;
  gboolean follow_top;  /* one posted: the list is to show it */
  gboolean shows_focus; /* the post of a thread was scrolled to */
};

G_DEFINE_FINAL_TYPE (TlTimeline, tl_timeline, ADW_TYPE_BIN)

static guint
n_heads (TlTimeline *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->heads));
}

static guint
n_posts (TlTimeline *self)
{
  return self->posts ? g_list_model_get_n_items (G_LIST_MODEL (self->posts)) : 0;
}

static gboolean
is_timeline (TlTimeline *self)
{
  return self->question == TL_POSTS_HOME || self->question == TL_POSTS_EVERYONE;
}

/* --- rows --------------------------------------------------------------------------------------- */

static void
row_place (TlTimeline *self, GtkListItem *cell)
{
  guint position = gtk_list_item_get_position (cell);
  GtkWidget *card = gtk_list_item_get_child (cell);
  g_autoptr (TlPostItem) previous = NULL;
  TlCardPlace place = { 0 };
  gint64 section;

  if (!TL_IS_POST_CARD (card) || position == GTK_INVALID_LIST_POSITION ||
      position < n_heads (self) || position - n_heads (self) >= n_posts (self))
    return;
  place.position = position - n_heads (self);
  section = tl_key_list_section_at (self->posts, place.position);
  if (place.position > 0)
    previous = g_list_model_get_item (G_LIST_MODEL (self->posts), place.position - 1);
  place.previous = previous;
  place.seen_to = is_timeline (self) ? self->seen_to : 0;
  if (self->question == TL_POSTS_THREAD) {
    place.depth = (guint)section;
    place.is_focus = tl_key_list_key (self->posts, place.position) == self->about;
  } else {
    place.has_answer = section == 1;
  }
  tl_post_card_bind (TL_POST_CARD (card), cell, gtk_list_item_get_item (cell), &place);
}

static void
cell_moved (GtkListItem *cell, GParamSpec *spec, TlTimeline *self)
{
  if (gtk_list_item_get_item (cell))
    row_place (self, cell);
}

static void
row_bind (TlTimeline *self, GtkListItem *cell)
{
  gboolean is_post = TL_IS_POST_ITEM (gtk_list_item_get_item (cell));

  gtk_list_item_set_activatable (cell, is_post);
  gtk_list_item_set_focusable (cell, is_post);
  gtk_list_item_set_selectable (cell, FALSE);
  if (!is_post) {
    gtk_list_item_set_child (cell, self->head);
    return;
  }
  if (!TL_IS_POST_CARD (gtk_list_item_get_child (cell)))
    gtk_list_item_set_child (cell, tl_post_card_new (self->view));
  row_place (self, cell);
  g_ptr_array_add (self->cards, gtk_list_item_get_child (cell));
  g_signal_connect_object (cell, "notify::position", G_CALLBACK (cell_moved), self, 0);
}

static void
row_unbind (TlTimeline *self, GtkListItem *cell)
{
  GtkWidget *child = gtk_list_item_get_child (cell);

  if (!TL_IS_POST_CARD (child)) {
    gtk_list_item_set_child (cell, NULL);
    return;
  }
  g_signal_handlers_disconnect_by_func (cell, cell_moved, self);
  g_ptr_array_remove_fast (self->cards, child);
  tl_post_card_unbind (TL_POST_CARD (child));
}

static void
row_activated (TlTimeline *self, guint position)
{
  gint64 key;

  if (position < n_heads (self) || position - n_heads (self) >= n_posts (self))
    return;
  key = tl_key_list_key (self->posts, position - n_heads (self));
  if (self->question != TL_POSTS_THREAD || key != self->about)
    tl_feed_view_open_post (self->view, key);
}

/* --- what is seen ------------------------------------------------------------------------------- */

static gboolean
is_looked_at (TlTimeline *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return gtk_widget_get_mapped (GTK_WIDGET (self)) && GTK_IS_WINDOW (root) &&
         gtk_window_is_active (GTK_WINDOW (root));
}

static gboolean
is_on_screen (TlTimeline *self, GtkWidget *card)
{
  graphene_rect_t bounds;
  float height = (float)gtk_widget_get_height (GTK_WIDGET (self->scroller));

  return gtk_widget_get_mapped (card) &&
         gtk_widget_compute_bounds (card, GTK_WIDGET (self->scroller), &bounds) &&
         bounds.origin.y < height && bounds.origin.y + bounds.size.height > 0;
}

/* The newest that a card shows: the post, its boost, or the answer that is folded into it. */
static gint64
newest_of (TlTimeline *self, TlPostItem *item)
{
  gint64 position = tl_key_list_find (self->posts, item->key);
  gboolean is_folded = position >= 0 && tl_key_list_section_at (self->posts, (guint)position) == 1;

  return is_folded ? MAX (item->shown_key, item->answer_key) : item->shown_key;
}

static void look_soon (TlTimeline *self);

/* Rows from the top that were not on the screen in this visit. */
static guint
count_unseen (TlTimeline *self)
{
  guint n = MIN (n_posts (self), COUNTED_AT_MOST), unseen = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (TlPostItem) item = g_list_model_get_item (G_LIST_MODEL (self->posts), i);

    if (!item->loaded)
      look_soon (self);
    if (!item->loaded || (item->shown_key > 0 && item->shown_key <= self->newest_seen))
      break;
    unseen += !item->is_mine;
  }
  return unseen;
}

static void
update_pill (TlTimeline *self)
{
  double value = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller));
  guint unseen =
      is_timeline (self) && value > TOP_PIXELS && self->newest_seen > 0 ? count_unseen (self) : 0;
  g_autofree char *words =
      g_strdup_printf (ngettext ("%u new post", "%u new posts", unseen), unseen);

  gtk_label_set_label (self->pill_label, words);
  gtk_widget_set_visible (self->pill, unseen > 0);
}

static gboolean
look (gpointer data)
{
  TlTimeline *self = data;
  gboolean is_early = FALSE, is_laid_out = FALSE;
  gint64 newest = 0;

  self->seen_timer = 0;
  update_pill (self);
  if (!is_timeline (self) || !is_looked_at (self))
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < self->cards->len; i++) {
    TlPostItem *item = tl_post_card_item (self->cards->pdata[i]);

    if (item == NULL || !is_on_screen (self, self->cards->pdata[i]))
      continue;
    is_laid_out = TRUE;
    is_early |= !item->loaded;
    if (item->loaded)
      newest = MAX (newest, newest_of (self, item));
  }
  if (is_early || (!is_laid_out && n_posts (self) > 0)) /* not all is there to be seen yet */
    look_soon (self);
  if (newest > self->newest_seen) {
    const TlSession *session = tl_feed_view_session (self->view);

    self->newest_seen = newest;
    dex_future_disown (tl_action_feed_read (session->replica, session->account->key, newest));
    update_pill (self);
  }
  return G_SOURCE_REMOVE;
}

static void
look_soon (TlTimeline *self)
{
  if (self->posts && self->seen_timer == 0)
    self->seen_timer = g_timeout_add (SEEN_AFTER_MS, look, self);
}

/* A window that gets active is looked at. */
static void
root_changed (TlTimeline *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    g_signal_connect_object (root, "notify::is-active", G_CALLBACK (look_soon), self,
                             G_CONNECT_SWAPPED);
}

static void
scrolled (TlTimeline *self)
{
  update_pill (self);
  look_soon (self);
}

/* --- asking ------------------------------------------------------------------------------------- */

static void
show_empty (TlTimeline *self)
{
  static const struct {
    const char *icon, *title, *description;
  } words[] = {
    [TL_POSTS_HOME] = { "system-users-symbolic", N_ ("Quiet on Your Shore"),
                        N_ ("Follow people, and what they post is here") },
    [TL_POSTS_EVERYONE] = { "system-users-symbolic", N_ ("Nobody Has Posted Yet"),
                            N_ ("The first post can be yours") },
    [TL_POSTS_MENTIONS] = { "mail-reply-sender-symbolic", N_ ("No Mentions"),
                            N_ ("Posts that name you and answers to yours are here") },
    [TL_POSTS_SAVED] = { "user-bookmarks-symbolic", N_ ("Nothing Saved"),
                         N_ ("Save a post, and it is here, on every device") },
    [TL_POSTS_PERSON] = { "system-users-symbolic", N_ ("No Posts Yet"), "" },
    [TL_POSTS_THREAD] = { "system-users-symbolic", N_ ("This Post Is Gone"),
                          N_ ("It was deleted, or is not for you any more") },
  };

  if (is_timeline (self) && tl_hidden_note_sentence (self->note)) {
    adw_status_page_set_icon_name (self->empty, "view-conceal-symbolic");
    adw_status_page_set_title (self->empty, _ ("All of It Is Filtered"));
    adw_status_page_set_description (self->empty, _ ("What your filters hide is not gone"));
    return;
  }
  adw_status_page_set_icon_name (self->empty, words[self->question].icon);
  adw_status_page_set_title (self->empty, _ (words[self->question].title));
  adw_status_page_set_description (self->empty, words[self->question].description[0]
                                                    ? _ (words[self->question].description)
                                                    : NULL);
}

static gboolean
go_to_top (gpointer data)
{
  TlTimeline *self = data;

  if (n_posts (self) > 0)
    gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_NONE, NULL);
  return G_SOURCE_REMOVE;
}

/* A thread begins with what is above the post that it is about; the keys are that post's. */
static gboolean
go_to_focus (gpointer data)
{
  TlTimeline *self = data;
  gint64 position = self->posts ? tl_key_list_find (self->posts, self->about) : -1;

  if (position >= 0 && !self->shows_focus) {
    gtk_list_view_scroll_to (self->list, tl_growing_list_reach (self->list, (guint)position),
                             GTK_LIST_SCROLL_FOCUS, NULL);
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
  }
  self->shows_focus = position >= 0;
  return G_SOURCE_REMOVE;
}

void
tl_timeline_to_top (TlTimeline *self)
{
  self->follow_top = TRUE;
  go_to_top (self);
}

/* Cards say where reading stopped by what is above them. */
void
tl_timeline_refresh (TlTimeline *self)
{
  for (guint i = 0; i < self->cards->len; i++) {
    row_place (self, tl_post_card_cell (self->cards->pdata[i]));
  }
}

static void
ask_note (TlTimeline *self)
{
  const TlSession *session = tl_feed_view_session (self->view);
  TlFilterPlaces place = 0;

  if (is_timeline (self))
    place = self->question == TL_POSTS_HOME ? TL_FILTER_HOME : TL_FILTER_EVERYONE;
  tl_hidden_note_ask (self->note, session->replica, place, session->account->key, 0, NULL);
}

static void
posts_changed (TlTimeline *self)
{
  gboolean is_empty;

  if (!tl_key_list_is_ready (self->posts))
    return;
  is_empty = n_posts (self) == 0 && n_heads (self) == 0;
  if (is_empty)
    show_empty (self);
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "posts");
  if (self->question == TL_POSTS_THREAD && !self->shows_focus)
    g_idle_add_full (G_PRIORITY_LOW, go_to_focus, g_object_ref (self), g_object_unref);
  if (self->follow_top) {
    self->follow_top = FALSE;
    g_idle_add_full (G_PRIORITY_LOW, go_to_top, g_object_ref (self), g_object_unref);
  }
  update_pill (self);
  look_soon (self);
  ask_note (self);
}

static DexFuture *
opened (DexFuture *future, gpointer data)
{
  TlTimeline *self = data;
  const GValue *value = dex_future_get_value (future, NULL);

  self->seen_to = value ? g_value_get_int64 (value) : 0;
  tl_timeline_refresh (self);
  return NULL;
}

/* The post that a thread is about is known to the server now. */
static void
rekeyed (TlTimeline *self, guint type, gint64 from, gint64 to)
{
  if (self->posts == NULL || type != tl_post_type.number || self->question != TL_POSTS_THREAD ||
      self->about != from)
    return;
  self->about = to;
  tl_post_list_ask (self->posts, self->question, to);
}

static void
show_list (TlTimeline *self)
{
  const TlSession *session = tl_feed_view_session (self->view);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  GListModel *rows;
  GtkSelectionModel *selection;

  self->posts =
      tl_post_list_new (session->replica, self->question, self->about, session->account->key);
  g_list_store_append (parts, self->heads);
  g_list_store_append (parts, self->posts);
  rows = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (tl_growing_list_new (rows, self->list)));
  gtk_list_view_set_model (self->list, selection);
  g_object_unref (selection);
  g_signal_connect_object (self->posts, "items-changed", G_CALLBACK (posts_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->posts, "notify::ready", G_CALLBACK (posts_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session->replica, "rekeyed", G_CALLBACK (rekeyed), self,
                           G_CONNECT_SWAPPED);
}

void
tl_timeline_ask (TlTimeline *self, TlPostQuestion question, gint64 about)
{
  const TlSession *session = tl_feed_view_session (self->view);

  self->question = question;
  self->about = about;
  self->shows_focus = FALSE;
  self->newest_seen = 0;
  gtk_widget_set_visible (self->pill, FALSE);
  if (self->posts == NULL) {
    show_list (self);
  } else {
    tl_post_list_ask (self->posts, question, about);
    go_to_top (self);
  }
  if (is_timeline (self))
    dex_future_disown (
        dex_future_finally (tl_feed_read_to (session->replica, session->account->key), opened,
                            g_object_ref (self), g_object_unref));
}

/* --- keys --------------------------------------------------------------------------------------- */

gpointer
tl_timeline_focused_card (TlTimeline *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkWidget *card;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    return NULL;
  card = gtk_widget_get_ancestor (focus, TL_TYPE_POST_CARD);
  if (card == NULL) /* the row has it */
    card = gtk_widget_get_first_child (focus);
  return TL_IS_POST_CARD (card) ? card : NULL;
}

void
tl_timeline_move (TlTimeline *self, int step)
{
  TlPostCard *card = tl_timeline_focused_card (self);
  guint n = n_posts (self) + n_heads (self);
  gint64 position = n_heads (self);

  if (card)
    position = (gint64)gtk_list_item_get_position (tl_post_card_cell (card)) + step;
  if (position < n_heads (self) || position >= n)
    return;
  gtk_list_view_scroll_to (self->list, tl_growing_list_reach (self->list, (guint)position),
                           GTK_LIST_SCROLL_FOCUS, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* --- making ------------------------------------------------------------------------------------- */

void
tl_timeline_end (TlTimeline *self)
{
  g_clear_handle_id (&self->seen_timer, g_source_remove);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  if (self->posts)
    g_signal_handlers_disconnect_by_data (self->posts, self);
  g_clear_object (&self->posts);
}

static void
tl_timeline_dispose (GObject *object)
{
  TlTimeline *self = TL_TIMELINE (object);

  tl_timeline_end (self);
  g_clear_object (&self->heads);
  g_clear_object (&self->head);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_TIMELINE);
  G_OBJECT_CLASS (tl_timeline_parent_class)->dispose (object);
}

static void
tl_timeline_finalize (GObject *object)
{
  g_ptr_array_unref (TL_TIMELINE (object)->cards);
  G_OBJECT_CLASS (tl_timeline_parent_class)->finalize (object);
}

static void
tl_timeline_class_init (TlTimelineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_timeline_dispose;
  g_type_ensure (TL_TYPE_HIDDEN_NOTE);
  G_OBJECT_CLASS (class)->finalize = tl_timeline_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/timeline.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlTimeline, name)
  CHILD (stack);
  CHILD (empty);
  CHILD (note);
  CHILD (list);
  CHILD (scroller);
  CHILD (pill);
  CHILD (pill_label);
#undef CHILD
}

static void
tl_timeline_init (TlTimeline *self)
{
  GtkListItemFactory *rows = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment;

  self->cards = g_ptr_array_new ();
  self->heads = g_list_store_new (G_TYPE_OBJECT);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (rows, "bind", G_CALLBACK (row_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "unbind", G_CALLBACK (row_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, rows);
  g_object_unref (rows);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->note, "changed", G_CALLBACK (show_empty), self);
  g_signal_connect_swapped (self->pill, "clicked", G_CALLBACK (go_to_top), self);
  g_signal_connect (self, "map", G_CALLBACK (look_soon), NULL);
  g_signal_connect (self, "notify::root", G_CALLBACK (root_changed), NULL);
}

GtkWidget *
tl_timeline_new (TlFeedView *view, GtkWidget *head)
{
  TlTimeline *self = g_object_new (TL_TYPE_TIMELINE, NULL);

  self->view = view;
  if (head) {
    g_autoptr (GObject) place = g_object_new (G_TYPE_OBJECT, NULL);

    self->head = g_object_ref_sink (head);
    g_list_store_append (self->heads, place);
  }
  return GTK_WIDGET (self);
}
