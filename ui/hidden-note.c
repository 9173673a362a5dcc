/* hidden-note.c: the answer to the newest question counts. Main thread. */
#include "ui/hidden-note.h"

#include <glib/gi18n-lib.h>

struct _TlHiddenNote {
  GtkBox parent;
  GtkLabel *label;
  guint asked;
};

G_DEFINE_FINAL_TYPE (TlHiddenNote, tl_hidden_note, GTK_TYPE_BOX)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef struct {
  TlHiddenNote *self;
  guint asked;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->self);
  g_free (asking);
}

static void
say (TlHiddenNote *self, const char *sentence)
{
  if (g_strcmp0 (sentence, tl_hidden_note_sentence (self)) == 0)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self), sentence != NULL);
  gtk_label_set_label (self->label, sentence ? sentence : "");
  g_signal_emit (self, signals[CHANGED], 0);
}

static DexFuture *
explained (DexFuture *future, gpointer data)
{
  Asking *asking = data;

  if (asking->asked == asking->self->asked && asking->self->label)
    say (asking->self, g_value_get_string (dex_future_get_value (future, NULL)));
  return NULL;
}

void
tl_hidden_note_ask (TlHiddenNote *self, TlReplica *replica, TlFilterPlaces place, gint64 me,
                    gint64 feed, const char *folder)
{
  Asking *asking;

  self->asked++;
  if (place == 0) {
    say (self, NULL);
    return;
  }
  asking = g_new (Asking, 1);
  *asking = (Asking){ g_object_ref (self), self->asked };
  dex_future_disown (dex_future_then (tl_filters_explain (replica, place, me, feed, folder),
                                      explained, asking, asking_free));
}

const char *
tl_hidden_note_sentence (TlHiddenNote *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self)) ? gtk_label_get_label (self->label) : NULL;
}

static void
tl_hidden_note_dispose (GObject *object)
{
  TL_HIDDEN_NOTE (object)->label = NULL;
  G_OBJECT_CLASS (tl_hidden_note_parent_class)->dispose (object);
}

static void
tl_hidden_note_class_init (TlHiddenNoteClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_hidden_note_dispose;
  signals[CHANGED] = g_signal_new ("changed", TL_TYPE_HIDDEN_NOTE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
tl_hidden_note_init (TlHiddenNote *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Filters"));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "hidden-note");
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), "app.preferences::filters");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (self), button);
}
