/* card-view.c: a button around source, title and picture. An address is opened only when it is http or https. */
#include "ui/card-view.h"

#include "sync/wire/types.h"
#include "ui/picture.h"
#include "ui/tooltip.h"

#include <glib/gi18n-lib.h>

struct _TlCardView {
  GtkButton parent;
  GtkLabel *source, *title, *text;
  TlPicture *picture;
  TlCard *card;
  char *json;
};

G_DEFINE_FINAL_TYPE (TlCardView, tl_card_view, GTK_TYPE_BUTTON)

static gboolean
is_web_address (const char *url)
{
  g_autofree char *scheme = url ? g_uri_parse_scheme (url) : NULL;

  return g_strcmp0 (scheme, "https") == 0 || g_strcmp0 (scheme, "http") == 0;
}

static void
open_address (TlCardView *self)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (self->card->url);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, NULL,
                           NULL);
}

/* What is not here (an article of a feed that one does not follow) is opened in the browser. */
static void
clicked (TlCardView *self)
{
  static const struct {
    const char *type, *action;
  } actions[] = { { "Article", "app.open-article" },
                  { "Post", "app.open-post" },
                  { "CalendarEvent", "app.open-event" } };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (self->card->type, actions[i].type) == 0 && self->card->key > 0 &&
        !is_web_address (self->card->url)) {
      gtk_widget_activate_action (GTK_WIDGET (self), actions[i].action, "x", self->card->key);
      return;
    }
  if (is_web_address (self->card->url))
    open_address (self);
}

static void
set_label (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

void
tl_card_view_show (TlCardView *self, TlMedia *media, const char *json)
{
  if (!g_set_str (&self->json, json))
    return;
  g_clear_pointer (&self->card, tl_card_free);
  self->card = tl_card_parse (json);
  gtk_widget_set_visible (GTK_WIDGET (self), self->card != NULL);
  if (self->card == NULL)
    return;
  set_label (self->source, self->card->source);
  set_label (self->title, self->card->title);
  set_label (self->text, self->card->text);
  tl_picture_show (self->picture, media, self->card->image, 0, 0);
  tl_tooltip_set (GTK_WIDGET (self), self->card->url);
}

static GtkLabel *
label_new (const char *class, int lines)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), lines);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_widget_add_css_class (label, class);
  return GTK_LABEL (label);
}

static void
tl_card_view_finalize (GObject *object)
{
  TlCardView *self = TL_CARD_VIEW (object);

  g_clear_pointer (&self->card, tl_card_free);
  g_free (self->json);
  G_OBJECT_CLASS (tl_card_view_parent_class)->finalize (object);
}

static void
tl_card_view_class_init (TlCardViewClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_card_view_finalize;
}

static void
tl_card_view_init (TlCardView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->source = label_new ("caption", 1);
  self->title = label_new ("heading", 2);
  self->text = label_new ("caption", 2);
  gtk_widget_add_css_class (GTK_WIDGET (self->source), "dimmed");
  gtk_widget_add_css_class (GTK_WIDGET (self->text), "dimmed");
  self->picture = g_object_new (TL_TYPE_PICTURE, "size", 56, "visible", FALSE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->picture), "thumb");
  gtk_widget_set_valign (GTK_WIDGET (self->picture), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->source));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->text));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "link-card");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "clicked", G_CALLBACK (clicked), NULL);
}

GtkWidget *
tl_card_view_new (void)
{
  return g_object_new (TL_TYPE_CARD_VIEW, NULL);
}
