/* reader.c: follows the item it shows; its blocks are read once, when it is opened. Main thread. */
#include "ui/news/reader.h"

#include "sync/actions.h"
#include "sync/models/lists.h"
#include "sync/wire/blocks.h"
#include "ui/favicon.h"
#include "ui/news/block-view.h"
#include "ui/share/share-dialog.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlReader {
  AdwNavigationPage parent;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkWidget *unread_button, *star_button, *later_button, *open_button, *share_button;
  TlFavicon *favicon;
  GtkLabel *source, *facts, *title, *lead;
  GtkBox *body;

  TlReplica *replica;
  TlMedia *media;
  gint64 me;
  TlArticleItem *item;
  gulong handler;
  gboolean is_marked; /* read, because it was opened */
  gboolean show_back, is_narrow;
};

enum { PROP_UNREAD = 1, PROP_STARRED, PROP_LATER, PROP_NARROW, PROP_SHOW_BACK, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { TOAST, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlReader, tl_reader, ADW_TYPE_NAVIGATION_PAGE)

static void
free_article (gpointer article)
{
  tl_record_free (&tl_article_type, article);
}

/* --- what is shown ------------------------------------------------------------------------------ */

static void
clear_body (TlReader *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->body))))
    gtk_box_remove (self->body, child);
}

/* A summary that only repeats what the text says (below a picture, mostly how it begins) is no lead. */
static gboolean
is_lead (const char *summary, const char *text)
{
  g_autofree char *start =
      summary ? g_utf8_substring (summary, 0, MIN (g_utf8_strlen (summary, -1), 40)) : NULL;

  return start && *start && strstr (text, start) == NULL;
}

static void
show_blocks (TlReader *self, const TlArticle *article)
{
  g_autoptr (GPtrArray) blocks = article->blocks ? tl_blocks_parse (article->blocks, NULL) : NULL;
  g_autofree char *text = blocks ? tl_blocks_to_text (blocks) : g_strdup ("");

  gtk_label_set_label (self->lead, article->summary ? article->summary : "");
  gtk_widget_set_visible (GTK_WIDGET (self->lead), is_lead (article->summary, text));
  clear_body (self);
  if (blocks)
    tl_block_view_fill (self->body, blocks, self->media);
}

static DexFuture *
article_loaded (DexFuture *future, gpointer data)
{
  TlReader *self = data;
  const GValue *value = dex_future_get_value (future, NULL);
  TlArticle *article = value ? g_value_get_pointer (value) : NULL;

  if (article == NULL)
    return NULL;
  if (self->item && self->item->key == article->record.key)
    show_blocks (self, article);
  free_article (article);
  return NULL;
}

static char *
facts (const TlArticleItem *item)
{
  g_autofree char *day = tl_words_day (item->published_at);
  g_autofree char *clock = tl_words_clock (item->published_at);
  g_autofree char *minutes =
      g_strdup_printf (ngettext ("%u min", "%u min", item->minutes), item->minutes);
  g_autofree char *author =
      item->author && *item->author ? g_strdup_printf ("%s · ", item->author) : g_strdup ("");

  return g_strdup_printf ("%s%s, %s · %s", author, day, clock, minutes);
}

static void
mark_read (TlReader *self)
{
  self->is_marked = TRUE;
  if (!self->item->is_read)
    dex_future_disown (tl_action_set_read (self->replica, &self->item->key, 1, TRUE));
}

static void
update (TlReader *self)
{
  const TlArticleItem *item = self->item;
  g_autofree char *line = NULL;

  if (item == NULL || !item->loaded)
    return;
  line = facts (item);
  tl_favicon_set_title (self->favicon, item->feed_title);
  gtk_label_set_label (self->source, item->feed_title ? item->feed_title : "");
  gtk_label_set_label (self->facts, line);
  gtk_label_set_label (self->title, item->title ? item->title : "");
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 item->title && *item->title ? item->title : _ ("Article"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.open-original", item->url != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.copy-link", item->url != NULL);
  for (guint i = PROP_UNREAD; i <= PROP_LATER; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  if (!self->is_marked)
    mark_read (self);
}

static void
enable_actions (TlReader *self)
{
  static const char *const names[] = { "reader.unread",        "reader.starred",   "reader.later",
                                       "reader.open-original", "reader.copy-link", "reader.share" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], self->item != NULL);
}

static void
update_buttons (TlReader *self)
{
  gboolean is_visible = self->item != NULL && !self->is_narrow;

  gtk_widget_set_visible (self->unread_button, is_visible);
  gtk_widget_set_visible (self->star_button, is_visible);
  gtk_widget_set_visible (self->later_button, is_visible);
  gtk_widget_set_visible (self->open_button, is_visible);
  gtk_widget_set_visible (self->share_button, is_visible);
}

void
tl_reader_open (TlReader *self, TlArticleItem *item)
{
  TlArticleItem *before = self->item;

  if (item == before)
    return;
  if (before)
    g_clear_signal_handler (&self->handler, before);
  g_set_object (&self->item, item);
  gtk_stack_set_visible_child_name (self->stack, item ? "article" : "none");
  update_buttons (self);
  enable_actions (self);
  if (item == NULL)
    return;
  self->is_marked = FALSE;
  clear_body (self);
  gtk_widget_set_visible (GTK_WIDGET (self->lead), FALSE);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  self->handler = g_signal_connect_swapped (item, "notify", G_CALLBACK (update), self);
  update (self);
  dex_future_disown (dex_future_finally (tl_article_load (self->replica, item->key), article_loaded,
                                         g_object_ref (self), g_object_unref));
}

gint64
tl_reader_article (TlReader *self)
{
  return self->item ? self->item->key : 0;
}

/* --- actions ------------------------------------------------------------------------------------ */

static void
launched (GObject *launcher, GAsyncResult *result, gpointer data)
{
  g_autoptr (TlReader) self = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (launcher), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    g_signal_emit (self, signals[TOAST], 0, error->message);
}

static void
open_original (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlReader *self = TL_READER (widget);
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (self->item->url);

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (gtk_widget_get_root (widget)), NULL, launched,
                           g_object_ref (self));
}

static void
copy_link (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlReader *self = TL_READER (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->item->url);
  g_signal_emit (self, signals[TOAST], 0, _ ("Link copied"));
}

static void
share (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlReader *self = TL_READER (widget);
  TlArticleItem *item = self->item;
  const TlCard card = { .type = (char *)"Article",
                        .key = item->key,
                        .title = item->title && *item->title ? item->title : item->url,
                        .text = item->summary,
                        .url = item->url,
                        .source = item->feed_title,
                        .image = item->image };

  adw_dialog_present (tl_share_dialog_new (self->replica, self->media, self->me, &card), widget);
}

/* --- making ------------------------------------------------------------------------------------- */

static void
want (TlReader *self, guint id, gboolean wanted)
{
  gint64 key;

  if (self->item == NULL)
    return;
  key = self->item->key;
  if (id == PROP_UNREAD && wanted == self->item->is_read)
    dex_future_disown (tl_action_set_read (self->replica, &key, 1, !wanted));
  else if (id == PROP_STARRED && wanted != self->item->is_starred)
    dex_future_disown (tl_action_set_starred (self->replica, key, wanted));
  else if (id == PROP_LATER && wanted != self->item->is_later)
    dex_future_disown (tl_action_set_later (self->replica, key, wanted));
}

static void
tl_reader_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlReader *self = TL_READER (object);

  if (id == PROP_NARROW) {
    self->is_narrow = g_value_get_boolean (value);
    if (self->is_narrow)
      gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
    update_buttons (self);
  } else if (id == PROP_SHOW_BACK) {
    self->show_back = g_value_get_boolean (value);
  } else {
    want (self, id, g_value_get_boolean (value));
  }
}

static void
tl_reader_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlReader *self = TL_READER (object);
  const TlArticleItem *item = self->item;
  const gboolean values[N_PROPS] = {
    [PROP_UNREAD] = item && item->loaded && !item->is_read,
    [PROP_STARRED] = item && item->is_starred,
    [PROP_LATER] = item && item->is_later,
    [PROP_NARROW] = self->is_narrow,
    [PROP_SHOW_BACK] = self->show_back,
  };

  g_value_set_boolean (value, values[id]);
}

static void
tl_reader_dispose (GObject *object)
{
  TlReader *self = TL_READER (object);

  if (self->item)
    g_clear_signal_handler (&self->handler, self->item);
  g_clear_object (&self->item);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_READER);
  G_OBJECT_CLASS (tl_reader_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (TL_TYPE_FAVICON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/news/reader.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlReader, name)
  CHILD (stack);
  CHILD (scroller);
  CHILD (unread_button);
  CHILD (star_button);
  CHILD (later_button);
  CHILD (open_button);
  CHILD (share_button);
  CHILD (favicon);
  CHILD (source);
  CHILD (facts);
  CHILD (title);
  CHILD (lead);
  CHILD (body);
#undef CHILD
}

static void
tl_reader_class_init (TlReaderClass *class)
{
  static const char *const names[N_PROPS] = { NULL,    "unread", "starred",
                                              "later", "narrow", "show-back" };
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_reader_set_property;
  object_class->get_property = tl_reader_get_property;
  object_class->dispose = tl_reader_dispose;
  for (guint i = 1; i < N_PROPS; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  bind_template (widget_class);
  gtk_widget_class_install_property_action (widget_class, "reader.unread", "unread");
  gtk_widget_class_install_property_action (widget_class, "reader.starred", "starred");
  gtk_widget_class_install_property_action (widget_class, "reader.later", "later");
  gtk_widget_class_install_action (widget_class, "reader.open-original", NULL, open_original);
  gtk_widget_class_install_action (widget_class, "reader.copy-link", NULL, copy_link);
  gtk_widget_class_install_action (widget_class, "reader.share", NULL, share);
  signals[TOAST] = g_signal_new ("toast", TL_TYPE_READER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tl_reader_init (TlReader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_stack_set_visible_child_name (self->stack, "none");
  update_buttons (self);
  enable_actions (self);
}

TlReader *
tl_reader_new (const TlSession *session)
{
  TlReader *self = g_object_new (TL_TYPE_READER, NULL);

  self->replica = g_object_ref (session->replica);
  self->media = session->media;
  self->me = session->account->key;
  return self;
}
