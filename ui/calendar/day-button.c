/* day-button.c: a menu button around a month. */
#include "ui/calendar/day-button.h"

#include "ui/calendar/days.h"
#include "ui/calendar/month-picker.h"

#include <glib/gi18n-lib.h>

struct _TlDayButton {
  AdwBin parent;
  GtkMenuButton *button;
  TlMonthPicker *month;
  gint64 day;
};

enum { PROP_DAY = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlDayButton, tl_day_button, ADW_TYPE_BIN)

gint64
tl_day_button_get (TlDayButton *self)
{
  return self->day;
}

void
tl_day_button_set (TlDayButton *self, gint64 day)
{
  g_autofree char *text = tl_day_format (day, _ ("%a %-d %b %Y"));

  gtk_menu_button_set_label (self->button, text);
  if (self->day == day)
    return;
  self->day = day;
  tl_month_picker_set_day (self->month, day);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DAY]);
}

static void
picked (TlDayButton *self, gint64 day)
{
  gtk_menu_button_popdown (self->button);
  tl_day_button_set (self, day);
}

static void
tl_day_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  tl_day_button_set (TL_DAY_BUTTON (object), g_value_get_int64 (value));
}

static void
tl_day_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int64 (value, TL_DAY_BUTTON (object)->day);
}

static void
tl_day_button_class_init (TlDayButtonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = tl_day_button_set_property;
  object_class->get_property = tl_day_button_get_property;
  properties[PROP_DAY] =
      g_param_spec_int64 ("day", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tl_day_button_init (TlDayButton *self)
{
  GtkWidget *popover = gtk_popover_new ();

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->month = TL_MONTH_PICKER (tl_month_picker_new ());
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->month));
  gtk_menu_button_set_popover (self->button, popover);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  g_signal_connect_swapped (self->month, "picked", G_CALLBACK (picked), self);
}
