/* inbox-detail.c: follows the item that it shows. */
#include "ui/inbox/inbox-detail.h"

#include "ui/face.h"
#include "ui/inbox/inbox-row.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlInboxDetail {
  AdwNavigationPage parent;
  AdwHeaderBar *header;
  GtkStack *stack;
  GtkImage *kind;
  AdwAvatar *avatar;
  GtkLabel *title, *who, *text;
  TlMedia *media;
  TlInboxItem *item;
};

enum { PROP_SHOW_BACK = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { OPEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlInboxDetail, tl_inbox_detail, ADW_TYPE_NAVIGATION_PAGE)

static void
update (TlInboxDetail *self)
{
  TlInboxItem *item = self->item;
  const char *classes[] = { "kind", "big", NULL, NULL };
  g_autofree char *words = NULL, *time = NULL, *day = NULL, *who = NULL;

  if (!item->loaded)
    return;
  words = tl_inbox_words (item);
  time = tl_words_clock (item->time);
  day = tl_words_day (item->time);
  who = g_strdup_printf ("%s · %s, %s", item->title ? item->title : "", day, time);
  classes[2] = tl_inbox_style (item);
  gtk_image_set_from_icon_name (self->kind, tl_inbox_icon (item));
  gtk_widget_set_css_classes (GTK_WIDGET (self->kind), classes);
  gtk_label_set_label (self->title, words);
  gtk_label_set_label (self->who, who);
  tl_face_show (self->avatar, self->media, item->title, item->avatar);
  gtk_label_set_label (self->text, item->text ? item->text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text),
                          item->text && *item->text && item->kind != TL_INBOX_INVITATION);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), words);
}

void
tl_inbox_detail_show (TlInboxDetail *self, TlInboxItem *item)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_set_object (&self->item, item);
  gtk_stack_set_visible_child_name (self->stack, item ? "item" : "none");
  if (item == NULL)
    return;
  g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
open_it (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlInboxDetail *self = TL_INBOX_DETAIL (widget);

  if (self->item)
    g_signal_emit (self, signals[OPEN], 0, self->item);
}

static void
tl_inbox_detail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  adw_header_bar_set_show_back_button (TL_INBOX_DETAIL (object)->header,
                                       g_value_get_boolean (value));
}

static void
tl_inbox_detail_dispose (GObject *object)
{
  TlInboxDetail *self = TL_INBOX_DETAIL (object);

  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_INBOX_DETAIL);
  G_OBJECT_CLASS (tl_inbox_detail_parent_class)->dispose (object);
}

static void
tl_inbox_detail_class_init (TlInboxDetailClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_inbox_detail_set_property;
  object_class->dispose = tl_inbox_detail_dispose;
  properties[PROP_SHOW_BACK] = g_param_spec_boolean ("show-back", NULL, NULL, TRUE,
                                                     G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/inbox/inbox-detail.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlInboxDetail, name)
  CHILD (header);
  CHILD (stack);
  CHILD (kind);
  CHILD (avatar);
  CHILD (title);
  CHILD (who);
  CHILD (text);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "inbox-detail.open", NULL, open_it);
  signals[OPEN] = g_signal_new ("open", TL_TYPE_INBOX_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, TL_TYPE_INBOX_ITEM);
}

static void
tl_inbox_detail_init (TlInboxDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

TlInboxDetail *
tl_inbox_detail_new (TlMedia *media)
{
  TlInboxDetail *self = g_object_new (TL_TYPE_INBOX_DETAIL, NULL);

  self->media = media;
  return self;
}
