/* calendar-dialog.c: each change goes out at once. Main thread. */
#include "ui/calendar/calendar-dialog.h"

#include "sync/actions-calendar.h"
#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/calendar-files.h"
#include "ui/people-dialog.h"

#include <glib/gi18n-lib.h>

#define TL_TYPE_CALENDAR_DIALOG (tl_calendar_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlCalendarDialog, tl_calendar_dialog, TL, CALENDAR_DIALOG, AdwDialog)

struct _TlCalendarDialog {
  AdwDialog parent;
  AdwEntryRow *name;
  AdwComboRow *color;
  AdwSwitchRow *is_default;
  GtkWidget *end; /* of the calendar: its owners' */

  TlReplica *replica;
  TlMedia *media;
  gint64 me, key;
};

G_DEFINE_FINAL_TYPE (TlCalendarDialog, tl_calendar_dialog, ADW_TYPE_DIALOG)

static void
save (TlCalendarDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  if (*name)
    dex_future_disown (
        tl_action_edit_calendar (self->replica, self->key, name,
                                 tl_calendar_colors[adw_combo_row_get_selected (self->color)]));
}

static void
make_default (TlCalendarDialog *self)
{
  if (adw_switch_row_get_active (self->is_default))
    dex_future_disown (tl_action_default_calendar (self->replica, self->key));
  gtk_widget_set_sensitive (GTK_WIDGET (self->is_default), FALSE); /* another one is chosen there */
}

static void
show_people (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlCalendarDialog *self = TL_CALENDAR_DIALOG (widget);

  adw_dialog_present (tl_people_dialog_new_for_calendar (self->replica, self->media, self->key),
                      widget);
}

static void export (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlCalendarDialog *self = TL_CALENDAR_DIALOG (widget);

  TlCalendarWish wish = {
    self->replica, self->media, self->me,
    self->key,     0,           gtk_editable_get_text (GTK_EDITABLE (self->name))
  };

  tl_calendar_export (GTK_WIDGET (gtk_widget_get_root (widget)), &wish);
}

static void
delete_answered (AdwAlertDialog *question, const char *response, TlCalendarDialog *self)
{
  if (!g_str_equal (response, "delete"))
    return;
  dex_future_disown (tl_action_delete_calendar (self->replica, self->key));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
ask_delete (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlCalendarDialog *self = TL_CALENDAR_DIALOG (widget);
  AdwDialog *question = adw_alert_dialog_new (_ ("Delete Calendar?"), NULL);

  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (question),
                                _ ("“%s” and all its events go for everybody who sees it."),
                                gtk_editable_get_text (GTK_EDITABLE (self->name)));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (question), "cancel", _ ("_Cancel"), "delete",
                                  _ ("_Delete"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (question), "delete",
                                            ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (delete_answered), self, 0);
  adw_dialog_present (question, widget);
}

static void
tl_calendar_dialog_dispose (GObject *object)
{
  g_clear_object (&TL_CALENDAR_DIALOG (object)->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_CALENDAR_DIALOG);
  G_OBJECT_CLASS (tl_calendar_dialog_parent_class)->dispose (object);
}

static void
tl_calendar_dialog_class_init (TlCalendarDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_calendar_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/tideline/Tideline/ui/calendar/calendar-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlCalendarDialog, name)
  CHILD (name);
  CHILD (color);
  CHILD (is_default);
  CHILD (end);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "calendar.people", NULL, show_people);
  gtk_widget_class_install_action (widget_class, "calendar.export", NULL, export);
  gtk_widget_class_install_action (widget_class, "calendar.delete", NULL, ask_delete);
}

static void
tl_calendar_dialog_init (TlCalendarDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show (TlCalendarDialog *self, TlCalendarItem *calendar)
{
  gboolean is_owner = g_strcmp0 (calendar->role, "owner") == 0;
  gboolean may_write = g_strcmp0 (calendar->role, "reader") != 0;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = 0;

  for (guint i = 0; tl_calendar_colors[i]; i++) {
    gtk_string_list_append (names, tl_calendar_color_name (tl_calendar_colors[i]));
    if (g_strcmp0 (calendar->color, tl_calendar_colors[i]) == 0)
      chosen = i;
  }
  adw_combo_row_set_model (self->color, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->color, chosen);
  gtk_editable_set_text (GTK_EDITABLE (self->name), calendar->name);
  adw_switch_row_set_active (self->is_default, calendar->is_default);
  gtk_widget_set_sensitive (GTK_WIDGET (self->name), is_owner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->color), is_owner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->is_default), may_write && !calendar->is_default);
  gtk_widget_set_visible (self->end, is_owner);
}

AdwDialog *
tl_calendar_dialog_new (TlReplica *replica, TlMedia *media, gint64 me, TlCalendarItem *calendar)
{
  TlCalendarDialog *self = g_object_new (TL_TYPE_CALENDAR_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  self->media = media;
  self->me = me;
  self->key = calendar->key;
  show (self, calendar);
  g_signal_connect_swapped (self->name, "apply", G_CALLBACK (save), self);
  g_signal_connect_swapped (self->color, "notify::selected", G_CALLBACK (save), self);
  g_signal_connect_swapped (self->is_default, "notify::active", G_CALLBACK (make_default), self);
  return ADW_DIALOG (self);
}
