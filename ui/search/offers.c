/* offers.c: see the header. Asks the replica at each step; an answer to what was typed before is not waited for. */
#include "ui/search/offers.h"

#include "sync/models/search-offers.h"

#include <glib/gi18n-lib.h>

struct _TlSearchOffers {
  AdwBin parent;
  GtkListBox *list;
  const TlSession *session;
  GPtrArray *offers; /* of TlSearchOffer, the rows */
  DexFuture *asking; /* NULL: nothing is asked */
};

enum { TAKEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlSearchOffers, tl_search_offers, ADW_TYPE_BIN)

/* The words of the search's language are the same everywhere; what they mean is said in one's own. */
static const char *
meaning_of (const TlSearchOffer *offer)
{
  static const struct {
    const char *value, *meaning;
  } values[] = {
    { "chat", N_ ("Messages, rooms and people") },
    { "messages", N_ ("Messages") },
    { "rooms", N_ ("Rooms") },
    { "news", N_ ("Articles") },
    { "articles", N_ ("Articles") },
    { "feed", N_ ("Posts") },
    { "posts", N_ ("Posts") },
    { "calendar", N_ ("Events") },
    { "events", N_ ("Events") },
    { "people", N_ ("People") },
    { "file", N_ ("With a file") },
    { "image", N_ ("With a picture") },
    { "link", N_ ("With a link") },
    { "poll", N_ ("With a poll") },
    { "unread", N_ ("Not read yet") },
    { "starred", N_ ("With a star, or saved") },
    { "mine", N_ ("Written by me") },
    { "today", N_ ("Today") },
    { "yesterday", N_ ("Yesterday") },
    { "last week", N_ ("Last week") },
    { "this month", N_ ("This month") },
    { "last month", N_ ("Last month") },
    { "this year", N_ ("This year") },
    { "last year", N_ ("Last year") },
  };

  if (offer->of == TL_OFFER_PERSON)
    return _ ("Person");
  if (offer->of == TL_OFFER_FEED)
    return _ ("News source");
  if (offer->of == TL_OFFER_ROOM)
    return _ ("Room");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i].value, offer->value))
      return _ (values[i].meaning);
  return "";
}

static const char *
icon_of (const TlSearchOffer *offer)
{
  switch (offer->of) {
  case TL_OFFER_PERSON:
    return "avatar-default-symbolic";
  case TL_OFFER_FEED:
    return "application-rss+xml-symbolic";
  case TL_OFFER_ROOM:
    return "user-available-symbolic";
  case TL_OFFER_VALUE:
    return "system-search-symbolic";
  }
  g_assert_not_reached ();
}

static GtkWidget *
row_new (const TlSearchOffer *offer)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (offer));
  GtkWidget *value = gtk_label_new (offer->value);
  GtkWidget *meaning = gtk_label_new (meaning_of (offer));
  g_autofree char *sentence = g_strjoin (", ", offer->value, meaning_of (offer), NULL);

  gtk_widget_add_css_class (icon, "dimmed");
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (meaning, "dimmed");
  gtk_widget_add_css_class (meaning, "caption");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), meaning);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
  return row;
}

static void
show (TlSearchOffers *self, GPtrArray *offers)
{
  gtk_list_box_remove_all (self->list);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  self->offers = offers;
  for (guint i = 0; i < offers->len; i++)
    gtk_list_box_append (self->list, row_new (offers->pdata[i]));
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_widget_set_visible (GTK_WIDGET (self), offers->len > 0);
}

static DexFuture *
found (DexFuture *future, gpointer data)
{
  TlSearchOffers *self = data;
  const GValue *value = dex_future_get_value (future, NULL);

  dex_clear (&self->asking);
  if (value)
    show (self, g_value_get_pointer (value));
  return NULL;
}

void
tl_search_offers_ask (TlSearchOffers *self, const char *text, guint at)
{
  dex_clear (&self->asking);
  self->asking = dex_future_finally (
      tl_search_offers (self->session->replica, self->session->account->key, text, at), found, self,
      NULL);
}

gboolean
tl_search_offers_move (TlSearchOffers *self, int step, gboolean can_enter)
{
  GtkListBoxRow *chosen = gtk_list_box_get_selected_row (self->list);
  int last = self->offers ? (int)self->offers->len - 1 : -1;
  int next = chosen ? gtk_list_box_row_get_index (chosen) + step : last;

  if (last < 0 || (chosen == NULL && !can_enter))
    return FALSE;
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, MAX (0, next)));
  return next <= last;
}

void
tl_search_offers_set_session (TlSearchOffers *self, const TlSession *session)
{
  self->session = session;
}

static void
row_activated (TlSearchOffers *self, GtkListBoxRow *row)
{
  const TlSearchOffer *offer = self->offers->pdata[gtk_list_box_row_get_index (row)];
  g_autofree char *value = g_strdup (offer->value);

  g_signal_emit (self, signals[TAKEN], 0, value);
}

gboolean
tl_search_offers_take (TlSearchOffers *self)
{
  GtkListBoxRow *chosen = gtk_list_box_get_selected_row (self->list);

  if (chosen == NULL)
    return FALSE;
  row_activated (self, chosen);
  return TRUE;
}

static void
tl_search_offers_dispose (GObject *object)
{
  TlSearchOffers *self = TL_SEARCH_OFFERS (object);

  dex_clear (&self->asking);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  G_OBJECT_CLASS (tl_search_offers_parent_class)->dispose (object);
}

static void
tl_search_offers_class_init (TlSearchOffersClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_search_offers_dispose;
  signals[TAKEN] = g_signal_new ("taken", TL_TYPE_SEARCH_OFFERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tl_search_offers_init (TlSearchOffers *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_SINGLE);
  gtk_widget_set_focusable (GTK_WIDGET (self->list), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "offers");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Suggestions"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}
