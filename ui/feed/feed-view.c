/* feed-view.c: a navigation view whose root is the timeline; threads and profiles are pushed and go when one leaves
 * them. A deletion waits as long as its toast can be undone. Main thread. */
#include "ui/feed/feed-view.h"

#include "sync/actions-social.h"
#include "ui/face.h"
#include "ui/feed/compose-dialog.h"
#include "ui/feed/post-card.h"
#include "ui/feed/profile-head.h"
#include "ui/feed/reply-bar.h"
#include "ui/feed/timeline.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDEST 620
#define LINK_PERSON "tideline:person/"
#define LINK_TAG "tideline:tag/"
#define LINK_POST "tideline:post/"

struct _TlFeedView {
  AdwBin parent;
  AdwNavigationView *pages;
  GtkStack *titles;
  AdwToggleGroup *toggles;
  AdwWindowTitle *title;
  GtkWidget *prompt;
  AdwAvatar *avatar;
  AdwBin *place;

  const TlSession *session;
  TlTimeline *timeline;
  TlKeyList *me; /* oneself, for the picture */
  TlPersonItem *self_item;
  TlPlaceKind kind;
  gboolean is_narrow;
  GHashTable *leaving; /* keys (gint64) of posts whose deletion can be undone */
};

enum { PROP_NARROW = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { TOAST, PLACE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlFeedView, tl_feed_view, ADW_TYPE_BIN)

static const struct {
  TlPlaceKind kind;
  TlPostQuestion question;
} timelines[] = {
  { TL_PLACE_FEED, TL_POSTS_HOME },
  { TL_PLACE_EVERYONE, TL_POSTS_EVERYONE },
  { TL_PLACE_MENTIONS, TL_POSTS_MENTIONS },
  { TL_PLACE_SAVED_POSTS, TL_POSTS_SAVED },
};

const TlSession *
tl_feed_view_session (TlFeedView *self)
{
  return self->session;
}

/* The list on top. */
static TlTimeline *
current (TlFeedView *self)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->pages);
  TlTimeline *pushed = page ? g_object_get_data (G_OBJECT (page), "timeline") : NULL;

  return pushed ? pushed : self->timeline;
}

/* --- pages -------------------------------------------------------------------------------------- */

static GtkWidget *
reply_bar_new (TlFeedView *self, gint64 post)
{
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), WIDEST);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), WIDEST);
  adw_clamp_set_child (ADW_CLAMP (clamp), tl_reply_bar_new (self->session->replica, post));
  return clamp;
}

static void
push_timeline (TlFeedView *self, const char *title, GtkWidget *head, TlPostQuestion question,
               gint64 about)
{
  GtkWidget *bars = adw_toolbar_view_new (), *timeline = tl_timeline_new (self, head);
  AdwNavigationPage *page = adw_navigation_page_new (bars, title);

  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (bars), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (bars), timeline);
  g_object_set_data (G_OBJECT (page), "timeline", timeline);
  tl_timeline_ask (TL_TIMELINE (timeline), question, about);
  if (question == TL_POSTS_THREAD)
    adw_toolbar_view_add_bottom_bar (ADW_TOOLBAR_VIEW (bars), reply_bar_new (self, about));
  adw_navigation_view_push (self->pages, page);
}

void
tl_feed_view_open_post (TlFeedView *self, gint64 post)
{
  push_timeline (self, _ ("Thread"), NULL, TL_POSTS_THREAD, post);
}

void
tl_feed_view_open_person (TlFeedView *self, gint64 person)
{
  push_timeline (self, _ ("Profile"), tl_profile_head_new (self->session, person), TL_POSTS_PERSON,
                 person);
}

void
tl_feed_view_show_place (TlFeedView *self, TlPlaceKind kind)
{
  adw_navigation_view_pop_to_tag (self->pages, "timeline");
  if (self->kind == kind) {
    tl_timeline_to_top (self->timeline);
    return;
  }
  self->kind = kind;
  adw_toggle_group_set_active_name (self->toggles, tl_place_name (kind));
  adw_window_title_set_subtitle (self->title,
                                 kind == TL_PLACE_FEED ? _ ("Home") : tl_place_title (kind));
  for (guint i = 0; i < G_N_ELEMENTS (timelines); i++)
    if (timelines[i].kind == kind)
      tl_timeline_ask (self->timeline, timelines[i].question, 0);
}

static void
toggled (TlFeedView *self)
{
  TlPlaceKind kind;

  if (tl_place_parse (adw_toggle_group_get_active_name (self->toggles), &kind) &&
      kind != self->kind)
    g_signal_emit (self, signals[PLACE], 0, kind);
}

static DexFuture *
person_found (DexFuture *future, gpointer data)
{
  gint64 person = g_value_get_int64 (dex_future_get_value (future, NULL));

  if (person != 0)
    tl_feed_view_open_person (data, person);
  return NULL;
}

gboolean
tl_feed_view_open_link (TlFeedView *self, const char *uri)
{
  gint64 key;

  if (g_str_has_prefix (uri, LINK_PERSON))
    dex_future_disown (
        dex_future_then (tl_person_find (self->session->replica, uri + strlen (LINK_PERSON)),
                         person_found, g_object_ref (self), g_object_unref));
  else if (g_str_has_prefix (uri, LINK_POST) && tl_id_parse (uri + strlen (LINK_POST), &key))
    tl_feed_view_open_post (self, key);
  else if (g_str_has_prefix (uri, LINK_TAG))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.show-search", "s", uri + strlen (LINK_TAG));
  else
    return FALSE;
  return TRUE;
}

/* --- writing ------------------------------------------------------------------------------------ */

static void
posted (TlFeedView *self)
{
  tl_timeline_to_top (self->timeline);
}

void
tl_feed_view_compose (TlFeedView *self)
{
  AdwDialog *dialog = tl_compose_dialog_new (self->session, NULL);

  g_signal_connect_object (dialog, "posted", G_CALLBACK (posted), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

void
tl_feed_view_reply (TlFeedView *self, TlPostItem *item)
{
  adw_dialog_present (tl_compose_dialog_new (self->session, item), GTK_WIDGET (self));
}

void
tl_feed_view_edit (TlFeedView *self, TlPostItem *item)
{
  adw_dialog_present (tl_compose_dialog_new_edit (self->session, item), GTK_WIDGET (self));
}

static void
compose (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_feed_view_compose (TL_FEED_VIEW (widget));
}

/* --- deleting ----------------------------------------------------------------------------------- */

gboolean
tl_feed_view_is_leaving (TlFeedView *self, gint64 post)
{
  return g_hash_table_contains (self->leaving, &post);
}

/* Its list follows the key that the server gives it. */
static TlPostItem *
item_of_toast (AdwToast *toast)
{
  return g_object_get_data (G_OBJECT (toast), "post");
}

static void
undo_clicked (AdwToast *toast, TlFeedView *self)
{
  g_hash_table_remove (self->leaving, &item_of_toast (toast)->key);
  tl_timeline_refresh (current (self));
}

static void
toast_gone (AdwToast *toast, TlFeedView *self)
{
  gint64 post = item_of_toast (toast)->key;

  if (g_hash_table_remove (self->leaving, &post))
    dex_future_disown (tl_action_delete_post (self->session->replica, post));
}

void
tl_feed_view_delete (TlFeedView *self, TlPostItem *item)
{
  AdwToast *toast = adw_toast_new (_ ("Post deleted"));

  g_hash_table_add (self->leaving, g_memdup2 (&item->key, sizeof item->key));
  g_object_set_data_full (G_OBJECT (toast), "post", g_object_ref (item), g_object_unref);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked), self, 0);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_gone), self, 0);
  tl_timeline_refresh (current (self));
  g_signal_emit (self, signals[TOAST], 0, toast);
}

static void
rekeyed (TlFeedView *self, guint type, gint64 from, gint64 to)
{
  if (type == tl_post_type.number && g_hash_table_remove (self->leaving, &from))
    g_hash_table_add (self->leaving, g_memdup2 (&to, sizeof to));
}

/* What a person asked for is done, also when the window goes first. */
static void
delete_all (TlFeedView *self)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    dex_future_disown (tl_action_delete_post (self->session->replica, *(gint64 *)key));
  g_hash_table_remove_all (self->leaving);
}

/* --- keys --------------------------------------------------------------------------------------- */

void
tl_feed_view_move (TlFeedView *self, int step)
{
  tl_timeline_move (current (self), step);
}

static gboolean
key_move (GtkWidget *widget, GVariant *step, gpointer data)
{
  tl_feed_view_move (TL_FEED_VIEW (widget), g_variant_get_int32 (step));
  return TRUE;
}

static gboolean
key_card (GtkWidget *widget, GVariant *what, gpointer data)
{
  TlPostCard *card = tl_timeline_focused_card (current (TL_FEED_VIEW (widget)));

  if (card)
    tl_post_card_do (card, g_variant_get_string (what, NULL));
  return card != NULL;
}

static gboolean
key_compose (GtkWidget *widget, GVariant *args, gpointer data)
{
  tl_feed_view_compose (TL_FEED_VIEW (widget));
  return TRUE;
}

static void
add_keys (GtkWidgetClass *class)
{
  static const struct {
    guint key;
    const char *what;
  } of_card[] = {
    { GDK_KEY_r, "reply" }, { GDK_KEY_b, "boost" }, { GDK_KEY_f, "react" }, { GDK_KEY_l, "react" }
  };

  gtk_widget_class_add_binding (class, GDK_KEY_j, 0, key_move, "i", 1);
  gtk_widget_class_add_binding (class, GDK_KEY_k, 0, key_move, "i", -1);
  gtk_widget_class_add_binding (class, GDK_KEY_n, 0, key_compose, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_card); i++)
    gtk_widget_class_add_binding (class, of_card[i].key, 0, key_card, "s", of_card[i].what);
}

/* --- making ------------------------------------------------------------------------------------- */

static void
show_self (TlFeedView *self)
{
  if (self->self_item && self->self_item->loaded)
    tl_face_show (self->avatar, self->session->media, self->self_item->name,
                  self->self_item->avatar_blob);
}

static void
find_self (TlFeedView *self)
{
  if (self->self_item || g_list_model_get_n_items (G_LIST_MODEL (self->me)) == 0)
    return;
  self->self_item = g_list_model_get_item (G_LIST_MODEL (self->me), 0);
  g_signal_connect_object (self->self_item, "notify", G_CALLBACK (show_self), self,
                           G_CONNECT_SWAPPED);
  show_self (self);
}

void
tl_feed_view_set_session (TlFeedView *self, const TlSession *session)
{
  self->session = session;
  self->timeline = TL_TIMELINE (tl_timeline_new (self, NULL));
  adw_bin_set_child (self->place, GTK_WIDGET (self->timeline));
  adw_avatar_set_text (self->avatar, session->account->name);
  self->me = tl_circle_list_new (session->replica, session->account->key, session->account->key);
  g_signal_connect_object (session->replica, "rekeyed", G_CALLBACK (rekeyed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->me, "items-changed", G_CALLBACK (find_self), self,
                           G_CONNECT_SWAPPED);
}

static void
tl_feed_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, TL_FEED_VIEW (object)->is_narrow);
}

static void
tl_feed_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlFeedView *self = TL_FEED_VIEW (object);

  self->is_narrow = g_value_get_boolean (value);
  gtk_stack_set_visible_child_name (self->titles, self->is_narrow ? "narrow" : "wide");
}

/* What a timeline still waits for keeps it: it is to find it empty, not without its view. */
static void
end_timelines (TlFeedView *self)
{
  g_autoptr (GListModel) pages =
      self->pages ? adw_navigation_view_get_navigation_stack (self->pages) : NULL;

  for (guint i = 0; pages && i < g_list_model_get_n_items (pages); i++) {
    g_autoptr (GObject) page = g_list_model_get_item (pages, i);
    TlTimeline *pushed = g_object_get_data (page, "timeline");

    tl_timeline_end (pushed ? pushed : self->timeline);
  }
}

static void
tl_feed_view_dispose (GObject *object)
{
  TlFeedView *self = TL_FEED_VIEW (object);

  if (self->leaving)
    delete_all (self);
  g_clear_pointer (&self->leaving, g_hash_table_unref);
  g_clear_object (&self->self_item);
  g_clear_object (&self->me);
  end_timelines (self);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_FEED_VIEW);
  G_OBJECT_CLASS (tl_feed_view_parent_class)->dispose (object);
}

static void
tl_feed_view_class_init (TlFeedViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = tl_feed_view_dispose;
  object_class->get_property = tl_feed_view_get_property;
  object_class->set_property = tl_feed_view_set_property;
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/feed-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlFeedView, name)
  CHILD (pages);
  CHILD (titles);
  CHILD (toggles);
  CHILD (title);
  CHILD (prompt);
  CHILD (avatar);
  CHILD (place);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "feed.compose", NULL, compose);
  add_keys (widget_class);
  signals[TOAST] = g_signal_new ("toast", TL_TYPE_FEED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);
  signals[PLACE] = g_signal_new ("place", TL_TYPE_FEED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
tl_feed_view_init (TlFeedView *self)
{
  self->kind = TL_N_PLACES;
  self->leaving = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->toggles, "notify::active-name", G_CALLBACK (toggled), self);
}
