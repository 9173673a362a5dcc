/* favicon.c: a label of constant size; decoration only, so it has no accessible name of its own. */
#include "ui/favicon.h"

struct _TlFavicon {
  GtkWidget parent;
  GtkWidget *label;
  char *title;
  int size;
};

enum { PROP_TITLE = 1, PROP_SIZE, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlFavicon, tl_favicon, GTK_TYPE_WIDGET)

static const char *const colours[] = { "fav-blue", "fav-green", "fav-orange", "fav-purple",
                                       "fav-red",  "fav-teal",  "fav-slate",  "fav-pink" };

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
         int *minimum_baseline, int *natural_baseline)
{
  TlFavicon *self = TL_FAVICON (widget);
  int least = 0;

  gtk_widget_measure (self->label, orientation, -1, &least, NULL, NULL, NULL);
  *minimum = *natural = self->size;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TlFavicon *self = TL_FAVICON (widget);

  gtk_widget_allocate (self->label, width, height, -1, NULL);
}

void
tl_favicon_set_title (TlFavicon *self, const char *title)
{
  char letter[7] = "";

  if (!g_set_str (&self->title, title))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), colours[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self),
                            colours[g_str_hash (title ? title : "") % G_N_ELEMENTS (colours)]);
  for (const char *c = title ? title : ""; *c; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c))) {
      letter[g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (c)), letter)] = 0;
      break;
    }
  gtk_label_set_label (GTK_LABEL (self->label), letter);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
set_size (TlFavicon *self, int size)
{
  self->size = size;
  if (size >= 36)
    gtk_widget_add_css_class (GTK_WIDGET (self), "xl");
  else if (size >= 24)
    gtk_widget_add_css_class (GTK_WIDGET (self), "lg");
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
tl_favicon_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlFavicon *self = TL_FAVICON (object);

  switch (id) {
  case PROP_TITLE:
    tl_favicon_set_title (self, g_value_get_string (value));
    break;
  case PROP_SIZE:
    set_size (self, g_value_get_int (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
tl_favicon_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TlFavicon *self = TL_FAVICON (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_SIZE:
    g_value_set_int (value, self->size);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
tl_favicon_dispose (GObject *object)
{
  TlFavicon *self = TL_FAVICON (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->title, g_free);
  G_OBJECT_CLASS (tl_favicon_parent_class)->dispose (object);
}

static void
tl_favicon_class_init (TlFaviconClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_favicon_set_property;
  object_class->get_property = tl_favicon_get_property;
  object_class->dispose = tl_favicon_dispose;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIZE] =
      g_param_spec_int ("size", NULL, NULL, 8, 128, 16, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tl_favicon_init (TlFavicon *self)
{
  self->size = 16;
  self->label = gtk_label_new (NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "favicon");
}
