/* search-dialog.c: asks as one types; the arrow keys move in the results while the focus stays in the
 * entry, Enter opens. After a pause the server is asked too; what it finds joins what is here. */
#include "ui/search/search-dialog.h"

#include "sync/models/lists.h"
#include "sync/models/search-offers.h"
#include "sync/models/server-search.h"
#include "ui/search/hit-row.h"
#include "ui/search/offers.h"
#include "ui/section-list.h"

#include <glib/gi18n-lib.h>

struct _TlSearchDialog {
  AdwDialog parent;
  GtkText *entry;
  GtkWidget *clear;
  AdwToggleGroup *kinds;
  TlSearchOffers *offers;
  GtkStack *stack;
  GtkListView *list;
  GtkLabel *state;

  const TlSession *session;
  TlKeyList *hits;
  GtkSingleSelection *selection;
  guint pause;        /* source: until the server is asked */
  DexFuture *asking;  /* the server; NULL: not, or it has answered */
  gboolean is_chosen; /* a kind: the text is about to say so */
  gboolean is_wanted; /* Enter came before the hit that it opens */
};

#define PAUSE_MS 300

enum { OPEN_ARTICLE, OPEN_MESSAGE, OPEN_PERSON, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlSearchDialog, tl_search_dialog, ADW_TYPE_DIALOG)

/* The kinds are what the text says with in:, and the other way round. */
static const struct {
  const char *name; /* of the toggle, and behind in: */
  guint in;
} kinds[] = {
  { "all", TL_SEARCH_EVERYWHERE },    { "messages", TL_SEARCH_MESSAGES },
  { "articles", TL_SEARCH_ARTICLES }, { "posts", TL_SEARCH_POSTS },
  { "events", TL_SEARCH_EVENTS },     { "people", TL_SEARCH_PEOPLE },
};

static const char *
typed_text (TlSearchDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/* The list keeps its first row where it is, and so the heading above it out of sight. */
static gboolean
show_heading (gpointer data)
{
  TlSearchDialog *self = data;

  if (self->list && gtk_single_selection_get_selected (self->selection) == 0)
    gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list)), 0);
  return G_SOURCE_REMOVE;
}

static void open_wanted (TlSearchDialog *self);

static void
hits_changed (TlSearchDialog *self)
{
  const char *page = "hits";

  if (!tl_server_search_knows (typed_text (self))) /* nor could anything be found here */
    page = "hint";
  else if (tl_key_list_is_ready (self->hits) && self->pause == 0 && self->asking == NULL &&
           g_list_model_get_n_items (G_LIST_MODEL (self->hits)) == 0)
    page = "nothing";
  self->is_wanted &= !g_str_equal (page, "nothing");
  gtk_stack_set_visible_child_name (self->stack, page);
  g_idle_add_full (G_PRIORITY_LOW, show_heading, g_object_ref (self), g_object_unref);
  open_wanted (self);
}

/* --- the server --------------------------------------------------------------------------------- */

static DexFuture *
server_answered (DexFuture *future, gpointer data)
{
  TlSearchDialog *self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->asking);
  gtk_label_set_label (self->state,
                       error ? _ ("The server does not answer: this is what is here") : "");
  if (value)
    tl_search_list_add (self->hits, g_value_get_boxed (value));
  if (value)
    tl_engine_kick (self->session->engine); /* what was fetched is confirmed */
  hits_changed (self);
  return NULL;
}

static gboolean
ask_server (gpointer data)
{
  TlSearchDialog *self = data;
  DexFuture *found;

  self->pause = 0;
  gtk_label_set_label (self->state, _ ("Asking the server…"));
  found = tl_server_search (self->session->replica, self->session->remote,
                            self->session->account->key, typed_text (self), 0);
  self->asking = dex_future_finally (found, server_answered, self, NULL);
  return G_SOURCE_REMOVE;
}

/* An answer to what was typed before is not waited for any more. */
static void
forget_server (TlSearchDialog *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  dex_clear (&self->asking);
}

/* The toggle of what the text says; NULL: none of them. */
static const char *
typed_kind (TlSearchDialog *self)
{
  g_autoptr (TlTerms) terms = tl_terms_parse (typed_text (self));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].in == terms->query->in)
      return kinds[i].name;
  return NULL;
}

/* Not on the way to the text of a kind that was chosen. */
static void
show_kinds (TlSearchDialog *self)
{
  if (!self->is_chosen)
    adw_toggle_group_set_active_name (self->kinds, typed_kind (self));
}

static void
kind_chosen (TlSearchDialog *self)
{
  const char *name = adw_toggle_group_get_active_name (self->kinds);
  g_autofree char *text = NULL;

  if (name == NULL || self->is_chosen || g_strcmp0 (name, typed_kind (self)) == 0)
    return;
  text = tl_search_put_in (typed_text (self), g_str_equal (name, "all") ? NULL : name);
  self->is_chosen = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  self->is_chosen = FALSE;
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

/* --- what a filter may go on as ------------------------------------------------------------------ */

static guint
cursor_of (TlSearchDialog *self)
{
  const char *text = typed_text (self);
  int position = gtk_editable_get_position (GTK_EDITABLE (self->entry));

  return (guint)(g_utf8_offset_to_pointer (text, position) - text);
}

static void
ask_offers (TlSearchDialog *self)
{
  tl_search_offers_ask (self->offers, typed_text (self), cursor_of (self));
}

static void
offer_taken (TlSearchDialog *self, const char *value)
{
  guint at = cursor_of (self);
  g_autofree char *text = tl_search_take_offer (typed_text (self), value, &at);

  if (text == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_text_grab_focus_without_selecting (self->entry);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), (int)g_utf8_strlen (text, at));
}

static void
ask (TlSearchDialog *self)
{
  self->is_wanted = FALSE;
  show_kinds (self);
  ask_offers (self);
  gtk_widget_set_visible (self->clear, typed_text (self)[0] != '\0');
  forget_server (self);
  gtk_label_set_label (self->state, "");
  tl_search_list_ask (self->hits, typed_text (self), 0);
  if (tl_server_search_knows (typed_text (self)))
    self->pause = g_timeout_add (PAUSE_MS, ask_server, self);
  hits_changed (self);
}

static void
clear_text (TlSearchDialog *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_text_grab_focus_without_selecting (self->entry);
}

/* Closing gives the focus back to where it was: what is opened takes it after that. */
static void
open_hit (TlSearchDialog *self, guint position)
{
  g_autoptr (TlSearchDialog) kept = g_object_ref (self);
  g_autoptr (TlHitItem) hit = g_list_model_get_item (G_LIST_MODEL (self->hits), position);

  self->is_wanted = hit == NULL || !hit->loaded;
  if (hit && !hit->loaded)
    g_signal_connect_object (hit, "notify", G_CALLBACK (open_wanted), self, G_CONNECT_SWAPPED);
  if (self->is_wanted)
    return;
  adw_dialog_close (ADW_DIALOG (self));
  if (hit->type == tl_article_type.number)
    g_signal_emit (self, signals[OPEN_ARTICLE], 0, hit->key);
  else if (hit->type == tl_message_type.number)
    g_signal_emit (self, signals[OPEN_MESSAGE], 0, hit->room_key, hit->key);
  else if (hit->type == tl_post_type.number)
    gtk_widget_activate_action (GTK_WIDGET (self), "app.open-post", "x", hit->key);
  else if (hit->type == tl_calendar_event_type.number)
    gtk_widget_activate_action (GTK_WIDGET (self), "app.open-event", "x", hit->key);
  else if (hit->type == tl_room_type.number)
    g_signal_emit (self, signals[OPEN_MESSAGE], 0, hit->key, G_GINT64_CONSTANT (0));
  else
    g_signal_emit (self, signals[OPEN_PERSON], 0, hit->key);
}

static void
open_selected (TlSearchDialog *self)
{
  if (!tl_search_offers_take (self->offers))
    open_hit (self, gtk_single_selection_get_selected (self->selection));
}

static void
open_wanted (TlSearchDialog *self)
{
  if (self->is_wanted)
    open_hit (self, gtk_single_selection_get_selected (self->selection));
}

static void
move (TlSearchDialog *self, int step)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->hits));
  guint position = gtk_single_selection_get_selected (self->selection);
  gint64 next = position == GTK_INVALID_LIST_POSITION ? 0 : (gint64)position + step;

  self->is_wanted = FALSE;
  if (n == 0)
    return;
  next = CLAMP (next, 0, (gint64)n - 1);
  gtk_list_view_scroll_to (self->list, (guint)next, GTK_LIST_SCROLL_SELECT, NULL);
}

static gboolean
is_at_top (TlSearchDialog *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  return position == 0 || position == GTK_INVALID_LIST_POSITION;
}

static gboolean
unselect (gpointer data)
{
  gtk_editable_set_position (GTK_EDITABLE (data), -1);
  return G_SOURCE_REMOVE;
}

/* The focus that the dialog gives would select the text. */
static void
focused (TlSearchDialog *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unselect, g_object_ref (self->entry), g_object_unref);
}

static gboolean
key_pressed (TlSearchDialog *self, guint key, guint code, GdkModifierType state)
{
  int step = key == GDK_KEY_Down || key == GDK_KEY_KP_Down ? 1
             : key == GDK_KEY_Up || key == GDK_KEY_KP_Up   ? -1
                                                           : 0;

  if (key == GDK_KEY_Tab && !(state & gtk_accelerator_get_default_mod_mask ()))
    return tl_search_offers_take (self->offers) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
  if (step == 0)
    return GDK_EVENT_PROPAGATE;
  if (!tl_search_offers_move (self->offers, step, step < 0 && is_at_top (self)))
    move (self, step);
  return GDK_EVENT_STOP;
}

/* --- rows ------------------------------------------------------------------------------------ */

static void
row_setup (TlSearchDialog *self, GtkListItem *cell)
{
  gtk_list_item_set_child (cell, tl_hit_row_new (self->session->media));
}

static void
row_bind (TlSearchDialog *self, GtkListItem *cell)
{
  tl_hit_row_bind (TL_HIT_ROW (gtk_list_item_get_child (cell)), cell);
}

static void
row_unbind (TlSearchDialog *self, GtkListItem *cell)
{
  tl_hit_row_bind (TL_HIT_ROW (gtk_list_item_get_child (cell)), NULL);
}

static const char *
kind_title (guint8 type)
{
  if (type == tl_article_type.number)
    return _ ("Articles");
  if (type == tl_message_type.number)
    return _ ("Messages");
  if (type == tl_post_type.number)
    return _ ("Posts");
  if (type == tl_calendar_event_type.number)
    return _ ("Events");
  if (type == tl_room_type.number)
    return _ ("Rooms");
  return _ ("People");
}

static void
header_show (TlHitItem *item, GParamSpec *pspec, GtkLabel *label)
{
  gtk_label_set_label (label, item->loaded ? kind_title (item->type) : "");
}

static void
header_setup (TlSearchDialog *self, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, 10);
  gtk_widget_set_margin_top (label, 8);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_header_set_child (header, label);
}

static void
header_bind (TlSearchDialog *self, GtkListHeader *header)
{
  TlHitItem *item = gtk_list_header_get_item (header);
  GtkLabel *label = GTK_LABEL (gtk_list_header_get_child (header));

  g_signal_connect_object (item, "notify", G_CALLBACK (header_show), label, 0);
  header_show (item, NULL, label);
}

static void
header_unbind (TlSearchDialog *self, GtkListHeader *header)
{
  g_signal_handlers_disconnect_by_func (gtk_list_header_get_item (header), header_show,
                                        gtk_list_header_get_child (header));
}

static void
tl_search_dialog_dispose (GObject *object)
{
  TlSearchDialog *self = TL_SEARCH_DIALOG (object);

  forget_server (self);
  g_clear_object (&self->selection);
  g_clear_object (&self->hits);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SEARCH_DIALOG);
  G_OBJECT_CLASS (tl_search_dialog_parent_class)->dispose (object);
}

static void
tl_search_dialog_class_init (TlSearchDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_search_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/search/search-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlSearchDialog, name)
  CHILD (entry);
  CHILD (clear);
  CHILD (kinds);
  CHILD (offers);
  CHILD (stack);
  CHILD (list);
  CHILD (state);
#undef CHILD
  signals[OPEN_ARTICLE] = g_signal_new ("open-article", TL_TYPE_SEARCH_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[OPEN_MESSAGE] =
      g_signal_new ("open-message", TL_TYPE_SEARCH_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[OPEN_PERSON] = g_signal_new ("open-person", TL_TYPE_SEARCH_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_search_dialog_init (TlSearchDialog *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_type_ensure (TL_TYPE_SEARCH_OFFERS);
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->entry));
  g_signal_connect_swapped (self, "unmap", G_CALLBACK (forget_server), self);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (ask), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (open_selected), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_text), self);
  g_signal_connect_swapped (self->entry, "notify::cursor-position", G_CALLBACK (ask_offers), self);
  g_signal_connect_swapped (self->kinds, "notify::active-name", G_CALLBACK (kind_chosen), self);
  g_signal_connect_swapped (self->offers, "taken", G_CALLBACK (offer_taken), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (focused), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), focus);
}

static GtkListItemFactory *
factory_new (TlSearchDialog *self, GCallback setup, GCallback bind, GCallback unbind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", unbind, self, G_CONNECT_SWAPPED);
  return factory;
}

AdwDialog *
tl_search_dialog_new (const TlSession *session)
{
  TlSearchDialog *self = g_object_new (TL_TYPE_SEARCH_DIALOG, NULL);
  g_autoptr (GtkListItemFactory) rows =
      factory_new (self, G_CALLBACK (row_setup), G_CALLBACK (row_bind), G_CALLBACK (row_unbind));
  g_autoptr (GtkListItemFactory) headers = factory_new (
      self, G_CALLBACK (header_setup), G_CALLBACK (header_bind), G_CALLBACK (header_unbind));

  self->session = session;
  tl_search_offers_set_session (self->offers, session);
  self->hits = tl_search_list_new (session->replica, session->account->key);
  self->selection = gtk_single_selection_new (tl_section_list_new (self->hits));
  gtk_list_view_set_factory (self->list, rows);
  gtk_list_view_set_header_factory (self->list, headers);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list, "activate", G_CALLBACK (open_hit), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hits, "items-changed", G_CALLBACK (hits_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hits, "notify::ready", G_CALLBACK (hits_changed), self,
                           G_CONNECT_SWAPPED);
  hits_changed (self);
  return ADW_DIALOG (self);
}

void
tl_search_dialog_set_text (TlSearchDialog *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_text_grab_focus_without_selecting (self->entry);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}
