/* device.c: see the header. What cannot be read is as it was at first. */
#include "ui/device.h"

#include <adwaita.h>

#define GROUP "device"

enum { APPEARANCE, READER_SIZE, CACHE_MEGABYTES, WEEK_NUMBERS, N_VALUES };

static const struct {
  const char *name;
  int first, least, most;
} values[N_VALUES] = {
  { "appearance", 0, 0, 2 },
  { "reader-size", 100, 80, 160 },
  { "cache-megabytes", 256, 32, 4096 },
  { "week-numbers", 0, 0, 1 },
};

struct _TlDevice {
  GObject parent;
  GKeyFile *file;
  char *path;
  int values[N_VALUES];
  GtkCssProvider *css;
};

G_DEFINE_FINAL_TYPE (TlDevice, tl_device, G_TYPE_OBJECT)

static GParamSpec *properties[N_VALUES + 1];

static void
apply (TlDevice *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *css = NULL;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[self->values[APPEARANCE]]);
  g_ascii_formatd (number, sizeof number, "%.3f", 1.06 * self->values[READER_SIZE] / 100.0);
  css = g_strdup_printf (".reader { font-size: %srem; }", number);
  gtk_css_provider_load_from_string (self->css, css);
}

static void
tl_device_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int (value, TL_DEVICE (object)->values[id - 1]);
}

static void
tl_device_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TlDevice *self = TL_DEVICE (object);
  g_autofree char *dir = g_path_get_dirname (self->path);
  g_autoptr (GError) error = NULL;

  if (self->values[id - 1] == g_value_get_int (value))
    return;
  self->values[id - 1] = g_value_get_int (value);
  g_key_file_set_integer (self->file, GROUP, spec->name, g_value_get_int (value));
  g_mkdir_with_parents (dir, 0700);
  if (!g_key_file_save_to_file (self->file, self->path, &error))
    g_warning ("%s could not be written: %s", self->path, error->message);
  apply (self);
  g_object_notify_by_pspec (object, spec);
}

static void
tl_device_finalize (GObject *object)
{
  TlDevice *self = TL_DEVICE (object);

  gtk_style_context_remove_provider_for_display (gdk_display_get_default (),
                                                 GTK_STYLE_PROVIDER (self->css));
  g_object_unref (self->css);
  g_key_file_unref (self->file);
  g_free (self->path);
  G_OBJECT_CLASS (tl_device_parent_class)->finalize (object);
}

static void
tl_device_class_init (TlDeviceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_device_get_property;
  object_class->set_property = tl_device_set_property;
  object_class->finalize = tl_device_finalize;
  for (guint i = 0; i < N_VALUES; i++)
    properties[i + 1] = g_param_spec_int (
        values[i].name, NULL, NULL, values[i].least, values[i].most, values[i].first,
        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_VALUES + 1, properties);
}

static void
tl_device_init (TlDevice *self)
{
  self->file = g_key_file_new ();
  self->path = g_build_filename (g_get_user_config_dir (), "tideline", "device.ini", NULL);
  self->css = gtk_css_provider_new ();
  gtk_style_context_add_provider_for_display (
      gdk_display_get_default (), GTK_STYLE_PROVIDER (self->css), GTK_STYLE_PROVIDER_PRIORITY_USER);
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL);
  for (guint i = 0; i < N_VALUES; i++) {
    gboolean is_there = g_key_file_has_key (self->file, GROUP, values[i].name, NULL);
    int value = g_key_file_get_integer (self->file, GROUP, values[i].name, NULL);

    self->values[i] = is_there ? CLAMP (value, values[i].least, values[i].most) : values[i].first;
  }
  apply (self);
}

TlDevice *
tl_device_new (void)
{
  return g_object_new (TL_TYPE_DEVICE, NULL);
}
