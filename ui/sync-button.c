/* sync-button.c: one row of words and icons for each state of the engine. */
#include "ui/sync-button.h"

#include <glib/gi18n-lib.h>

struct _TlSyncButton {
  AdwBin parent;
  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *word, *count;
  TlEngine *engine;
  gboolean quiet;
};

enum { PROP_QUIET = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlSyncButton, tl_sync_button, ADW_TYPE_BIN)

typedef struct {
  const char *icon, *word;
} Look;

static const Look looks[] = {
  [TL_SYNC_OFFLINE] = { "network-offline-symbolic", N_ ("Offline") },
  [TL_SYNC_FIRST] = { "view-refresh-symbolic", N_ ("First sync") },
  [TL_SYNC_SYNCING] = { "view-refresh-symbolic", N_ ("Syncing") },
  [TL_SYNC_SYNCED] = { "object-select-symbolic", N_ ("Synced") },
  [TL_SYNC_SIGN_IN] = { "dialog-warning-symbolic", N_ ("Sign in") },
  [TL_SYNC_ELSEWHERE] = { "object-select-symbolic", N_ ("Synced") },
};
static const Look refused_look = { "dialog-warning-symbolic", N_ ("Needs you") };

static const Look *
look_of (TlSyncState state, guint refused)
{
  return refused > 0 && state != TL_SYNC_SIGN_IN ? &refused_look : &looks[state];
}

static char *
sentence (TlSyncState state, const Look *look, guint waiting, guint refused, const char *message)
{
  if (refused > 0)
    return g_strdup_printf (ngettext ("%u change needs you", "%u changes need you", refused),
                            refused);
  if (state == TL_SYNC_OFFLINE && waiting > 0)
    return g_strdup_printf (
        ngettext ("Offline, %u change waits", "Offline, %u changes wait", waiting), waiting);
  if (state == TL_SYNC_OFFLINE && message)
    /* Translators: %s is why, a sentence */
    return g_strdup_printf (_ ("Offline: %s"), message);
  return g_strdup (_ (look->word));
}

static void
update (TlSyncButton *self)
{
  TlSyncState state;
  guint waiting, refused, number;
  double progress;
  g_autofree char *message = NULL, *tip = NULL, *text = NULL, *word = NULL;
  const Look *look;
  gboolean quiet;

  g_object_get (self->engine, "state", &state, "waiting", &waiting, "refused", &refused, "progress",
                &progress, "message", &message, NULL);
  look = look_of (state, refused);
  quiet = refused == 0 && (state == TL_SYNC_SYNCED || state == TL_SYNC_ELSEWHERE);
  number = refused > 0 ? refused : state == TL_SYNC_OFFLINE ? waiting : 0;
  tip = sentence (state, look, waiting, refused, message);
  text = g_strdup_printf ("%u", number);
  if (state == TL_SYNC_FIRST)
    word = g_strdup_printf (_ ("%s %d %%"), _ (look->word), (int)(progress * 100));
  else if (state == TL_SYNC_SYNCING && progress > 0 && progress < 1)
    word = g_strdup_printf (_ ("Sending %d %%"), (int)(progress * 100));
  else
    word = g_strdup (_ (look->word));
  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_label_set_label (self->word, word);
  gtk_widget_set_visible (GTK_WIDGET (self->word), !quiet);
  gtk_label_set_label (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), number > 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip,
                                  -1);
  if (self->quiet == quiet)
    return;
  self->quiet = quiet;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUIET]);
}

void
tl_sync_button_set_engine (TlSyncButton *self, TlEngine *engine)
{
  g_set_object (&self->engine, engine);
  g_signal_connect_object (engine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
tl_sync_button_set_popover (TlSyncButton *self, GtkWidget *popover)
{
  gtk_menu_button_set_popover (self->button, popover);
}

void
tl_sync_button_popup (TlSyncButton *self)
{
  gtk_menu_button_popup (self->button);
}

static void
tl_sync_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, TL_SYNC_BUTTON (object)->quiet);
}

static void
tl_sync_button_dispose (GObject *object)
{
  g_clear_object (&TL_SYNC_BUTTON (object)->engine);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (tl_sync_button_parent_class)->dispose (object);
}

static void
tl_sync_button_class_init (TlSyncButtonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = tl_sync_button_get_property;
  object_class->dispose = tl_sync_button_dispose;
  properties[PROP_QUIET] =
      g_param_spec_boolean ("quiet", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/sync-button.ui");
  gtk_widget_class_bind_template_child (widget_class, TlSyncButton, button);
  gtk_widget_class_bind_template_child (widget_class, TlSyncButton, icon);
  gtk_widget_class_bind_template_child (widget_class, TlSyncButton, word);
  gtk_widget_class_bind_template_child (widget_class, TlSyncButton, count);
}

static void
tl_sync_button_init (TlSyncButton *self)
{
  self->quiet = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}
