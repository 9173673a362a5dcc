/* import-dialog.c: the first choice is a new calendar, the others are those that one may write into. Main thread. */
#include "ui/calendar/import-dialog.h"

#include "sync/actions-calendar.h"
#include "sync/models/agenda.h"

#include <glib/gi18n-lib.h>

/* More sentences than these would not be read. */
#define SHOWN_REFUSALS 50

#define TL_TYPE_IMPORT_DIALOG (tl_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlImportDialog, tl_import_dialog, TL, IMPORT_DIALOG, AdwDialog)

struct _TlImportDialog {
  AdwDialog parent;
  AdwActionRow *summary;
  AdwComboRow *calendar;
  AdwExpanderRow *refused;
  GtkWidget *refused_group;

  TlReplica *replica;
  TlIcal *ical;
  char *name; /* of a new calendar */
  TlKeyList *calendars;
  GArray *keys; /* of gint64: of the choices; 0 for a new one */
  guint n_loaded;
};

G_DEFINE_FINAL_TYPE (TlImportDialog, tl_import_dialog, ADW_TYPE_DIALOG)

/* --- importing ----------------------------------------------------------------------------------- */

typedef struct {
  TlReplica *replica;
  GPtrArray *events;
  GtkWidget *window;
  gint64 calendar;
  char *name, *color;
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;

  g_object_unref (import->replica);
  g_object_unref (import->window);
  g_ptr_array_unref (import->events);
  g_free (import->name);
  g_free (import->color);
  g_free (import);
}

/* In a fiber: the calendar first when it is new, then all events in one write. */
static DexFuture *
run (gpointer data)
{
  Import *import = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  gint64 count = 0;

  if (import->calendar == 0)
    import->calendar =
        dex_await_int64 (tl_action_new_calendar (import->replica, import->name,
                                                 import->color ? import->color : "blue"),
                         &error);
  if (error == NULL)
    count = dex_await_int64 (tl_action_import (import->replica, import->calendar, import->events),
                             &error);
  if (error)
    sentence = g_strdup_printf (_ ("Nothing was imported: %s"), error->message);
  else if (count == 0)
    sentence = g_strdup (_ ("All of these events were there already"));
  else
    sentence = g_strdup_printf (ngettext ("%d event imported", "%d events imported", (gulong)count),
                                (int)count);
  gtk_widget_activate_action (import->window, "window.tell", "s", sentence);
  return dex_future_new_true ();
}

static void
import_chosen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlImportDialog *self = TL_IMPORT_DIALOG (widget);
  guint choice = adw_combo_row_get_selected (self->calendar);
  Import *import = g_new0 (Import, 1);

  *import = (Import){
    .replica = g_object_ref (self->replica),
    .events = g_ptr_array_ref (self->ical->events),
    .window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget))),
    .calendar = choice < self->keys->len ? g_array_index (self->keys, gint64, choice) : 0,
    .name = g_strdup (self->name),
    .color = g_strdup (self->ical->color),
  };
  dex_future_disown (dex_scheduler_spawn (NULL, 0, run, import, import_free));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

/* --- what is shown ------------------------------------------------------------------------------- */

static void
list_calendars (TlImportDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *new = g_strdup_printf (_ ("New calendar “%s”"), self->name);
  gboolean is_known = tl_key_list_is_ready (self->calendars);
  gint64 key = 0;

  gtk_string_list_append (names, new);
  g_array_set_size (self->keys, 0);
  g_array_append_val (self->keys, key);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->calendars)); i++) {
    g_autoptr (TlCalendarItem) item = g_list_model_get_item (G_LIST_MODEL (self->calendars), i);

    g_signal_handlers_disconnect_by_func (item, list_calendars, self);
    is_known &= item->loaded;
    if (!item->loaded)
      g_signal_connect_object (item, "notify", G_CALLBACK (list_calendars), self,
                               G_CONNECT_SWAPPED);
    else if (g_strcmp0 (item->role, "reader") != 0) {
      gtk_string_list_append (names, item->name);
      g_array_append_val (self->keys, item->key);
    }
  }
  if (self->keys->len != self->n_loaded) {
    self->n_loaded = self->keys->len;
    adw_combo_row_set_model (self->calendar, G_LIST_MODEL (names));
    /* A file that comes again goes where it went. */
    for (guint i = 1; i < self->keys->len; i++)
      if (g_strcmp0 (gtk_string_list_get_string (names, i), self->name) == 0)
        adw_combo_row_set_selected (self->calendar, i);
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.import",
                                 is_known && self->ical->events->len > 0);
}

static void
show_refused (TlImportDialog *self)
{
  GPtrArray *refused = self->ical->refused;
  g_autofree char *words =
      g_strdup_printf (ngettext ("%u part of the file was not understood",
                                 "%u parts of the file were not understood", refused->len),
                       refused->len);

  adw_expander_row_set_subtitle (self->refused, words);
  gtk_widget_set_visible (self->refused_group, refused->len > 0);
  for (guint i = 0; i < MIN (refused->len, SHOWN_REFUSALS); i++) {
    GtkWidget *row = adw_action_row_new ();

    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), refused->pdata[i]);
    adw_expander_row_add_row (self->refused, row);
  }
}

static void
show_summary (TlImportDialog *self, const char *file)
{
  guint n = self->ical->events->len;
  g_autofree char *words = g_strdup_printf (ngettext ("%u event", "%u events", n), n);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->summary), words);
  adw_action_row_set_subtitle (self->summary, file);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
tl_import_dialog_dispose (GObject *object)
{
  TlImportDialog *self = TL_IMPORT_DIALOG (object);

  g_clear_object (&self->calendars);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->ical, tl_ical_free);
  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->name, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_IMPORT_DIALOG);
  G_OBJECT_CLASS (tl_import_dialog_parent_class)->dispose (object);
}

static void
tl_import_dialog_class_init (TlImportDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_import_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/tideline/Tideline/ui/calendar/import-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlImportDialog, name)
  CHILD (summary);
  CHILD (calendar);
  CHILD (refused);
  CHILD (refused_group);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "import.import", NULL, import_chosen);
  gtk_widget_class_install_action (widget_class, "import.cancel", NULL, cancel);
}

static void
tl_import_dialog_init (TlImportDialog *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* "Work.ics" is called Work when the file itself says nothing. */
static char *
name_of (const TlIcal *ical, const char *file)
{
  const char *dot = strrchr (file, '.');

  if (ical->name && *ical->name)
    return g_strdup (ical->name);
  return dot && dot > file ? g_strndup (file, (gsize)(dot - file)) : g_strdup (file);
}

AdwDialog *
tl_import_dialog_new (TlReplica *replica, gint64 me, TlIcal *ical, const char *name)
{
  TlImportDialog *self = g_object_new (TL_TYPE_IMPORT_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  self->ical = ical;
  self->name = name_of (ical, name);
  self->calendars = tl_calendar_list_new (replica, me);
  g_signal_connect_object (self->calendars, "notify::ready", G_CALLBACK (list_calendars), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calendars, "items-changed", G_CALLBACK (list_calendars), self,
                           G_CONNECT_SWAPPED);
  list_calendars (self);
  show_summary (self, name);
  show_refused (self);
  return ADW_DIALOG (self);
}
