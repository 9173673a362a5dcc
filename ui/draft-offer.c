/* draft-offer.c: a label and two buttons. Main thread. */
#include "ui/draft-offer.h"

#include <glib/gi18n-lib.h>

struct _TlDraftOffer {
  GtkBox parent;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (TlDraftOffer, tl_draft_offer, GTK_TYPE_BOX)

enum { DECIDED, N_SIGNALS };
static guint signals[N_SIGNALS];

void
tl_draft_offer_show (TlDraftOffer *self, const char *text)
{
  g_autofree char *line = text ? g_strdup_printf (_ ("From another device: %s"), text) : NULL;

  if (line)
    gtk_label_set_label (self->text, line);
  gtk_widget_set_visible (GTK_WIDGET (self), line != NULL);
}

static void
take (TlDraftOffer *self)
{
  g_signal_emit (self, signals[DECIDED], 0, TRUE);
}

static void
leave (TlDraftOffer *self)
{
  g_signal_emit (self, signals[DECIDED], 0, FALSE);
}

static void
tl_draft_offer_class_init (TlDraftOfferClass *class)
{
  signals[DECIDED] = g_signal_new ("decided", TL_TYPE_DRAFT_OFFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static GtkWidget *
button (TlDraftOffer *self, const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static void
tl_draft_offer_init (TlDraftOffer *self)
{
  GtkBox *box = GTK_BOX (self), *buttons = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (box, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "draft-offer");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->text = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->text, 0);
  gtk_label_set_wrap (self->text, TRUE);
  gtk_label_set_wrap_mode (self->text, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (self->text, 3);
  gtk_label_set_ellipsize (self->text, PANGO_ELLIPSIZE_END);
  gtk_box_append (box, GTK_WIDGET (self->text));
  gtk_box_append (buttons, button (self, _ ("_Use This One"), G_CALLBACK (take)));
  gtk_box_append (buttons, button (self, _ ("_Keep Mine"), G_CALLBACK (leave)));
  gtk_box_append (box, GTK_WIDGET (buttons));
}
