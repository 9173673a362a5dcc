/* import-dialog.c: the first choice is a new calendar, the others are those that one may write into. Main thread. */
#include "ui/calendar/import-dialog.h"

#include "sync/actions-calendar.h"
#include "sync/actions-import.h"
#include "sync/calendar-attachments.h"
#include "sync/models/agenda.h"
#include "ui/toast.h"
#include "ui/window.h"

#include <glib/gi18n-lib.h>

/* More sentences than these would not be read. */
#define SHOWN_REFUSALS 50
/* Events in one write: a large file shows how far it is, and others may write meanwhile. */
#define BATCH 200

#define TL_TYPE_IMPORT_DIALOG (tl_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlImportDialog, tl_import_dialog, TL, IMPORT_DIALOG, AdwDialog)

struct _TlImportDialog {
  AdwDialog parent;
  GtkProgressBar *progress;
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
  gboolean is_running;
};

G_DEFINE_FINAL_TYPE (TlImportDialog, tl_import_dialog, ADW_TYPE_DIALOG)

/* --- undoing ------------------------------------------------------------------------------------- */

typedef struct {
  TlReplica *replica;
  gint64 calendar;
  char *made;
  GStrv uids;
} Taken;

static void
taken_free (gpointer data)
{
  Taken *taken = data;

  g_object_unref (taken->replica);
  g_free (taken->made);
  g_strfreev (taken->uids);
  g_free (taken);
}

static void
undo (gpointer data)
{
  Taken *taken = data;

  dex_future_disown (tl_action_undo_import (taken->replica, taken->calendar, taken->made,
                                            (const char *const *)taken->uids));
}

/* `uids` is taken. */
static void
offer_undo (TlImportDialog *self, gint64 calendar, const char *made, GStrv uids)
{
  guint n = g_strv_length (uids);
  g_autofree char *words =
      g_strdup_printf (ngettext ("%u event imported", "%u events imported", n), n);
  Taken *taken = g_new (Taken, 1);
  AdwToast *toast;

  *taken = (Taken){ g_object_ref (self->replica), calendar, g_strdup (made), uids };
  toast = tl_toast_with_undo (words, undo, taken, taken_free);
  adw_toast_set_timeout (toast, 10);
  tl_window_add_toast (TL_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), toast);
}

/* --- importing ----------------------------------------------------------------------------------- */

static GPtrArray *
batch_at (const GPtrArray *events, guint from)
{
  GPtrArray *batch = g_ptr_array_new ();

  for (guint i = from; i < MIN (from + BATCH, events->len); i++)
    g_ptr_array_add (batch, events->pdata[i]);
  return batch;
}

/* What came until something failed stays, and can be undone. */
static GStrv
take_all (TlImportDialog *self, gint64 calendar, const char *made, GError **error)
{
  g_autoptr (GStrvBuilder) uids = g_strv_builder_new ();
  const GPtrArray *events = self->ical->events;
  gboolean ok = TRUE;

  for (guint from = 0; ok && from < events->len; from += BATCH) {
    g_autoptr (GPtrArray) batch = batch_at (events, from);
    g_auto (GStrv) taken =
        dex_await_boxed (tl_action_import (self->replica, calendar, made, batch), error);

    ok = taken != NULL;
    if (ok)
      g_strv_builder_addv (uids, (const char **)taken);
    gtk_progress_bar_set_fraction (self->progress, (double)(from + batch->len) / events->len);
  }
  return g_strv_builder_end (uids);
}

static void
tell (TlImportDialog *self, const char *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "window.tell", "s", sentence);
}

/* In a fiber: the calendar first when it is new, then the events. */
static DexFuture *
run (gpointer data)
{
  TlImportDialog *self = data;
  guint choice = adw_combo_row_get_selected (self->calendar);
  gint64 calendar = choice < self->keys->len ? g_array_index (self->keys, gint64, choice) : 0;
  const char *made = calendar == 0 ? self->name : NULL;
  g_autoptr (GError) error = NULL, left = NULL;
  g_auto (GStrv) taken = NULL;

  tl_calendar_files_keep (self->replica, self->ical, &left);
  if (made)
    calendar =
        dex_await_int64 (tl_action_new_calendar (self->replica, made,
                                                 self->ical->color ? self->ical->color : "blue"),
                         &error);
  if (error == NULL)
    taken = take_all (self, calendar, made, &error);
  if (taken && *taken)
    offer_undo (self, calendar, made, g_steal_pointer (&taken));
  else if (error == NULL)
    tell (self, _ ("All of these events were there already"));
  if (error || left) {
    g_autofree char *sentence = g_strdup_printf (_ ("Not everything was imported: %s"),
                                                 error ? error->message : left->message);

    tell (self, sentence);
  }
  adw_dialog_force_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
import_chosen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlImportDialog *self = TL_IMPORT_DIALOG (widget);

  self->is_running = TRUE;
  gtk_widget_action_set_enabled (widget, "import.import", FALSE);
  gtk_widget_action_set_enabled (widget, "import.cancel", FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->calendar), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  adw_dialog_set_can_close (ADW_DIALOG (self), FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, run, g_object_ref (self), g_object_unref));
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
  if (self->keys->len != self->n_loaded && !self->is_running) {
    self->n_loaded = self->keys->len;
    adw_combo_row_set_model (self->calendar, G_LIST_MODEL (names));
    /* A file that comes again goes where it went. */
    for (guint i = 1; i < self->keys->len; i++)
      if (g_strcmp0 (gtk_string_list_get_string (names, i), self->name) == 0)
        adw_combo_row_set_selected (self->calendar, i);
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.import",
                                 !self->is_running && is_known && self->ical->events->len > 0);
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
  CHILD (progress);
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
