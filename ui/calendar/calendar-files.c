/* calendar-files.c: file dialogs, reading in a thread, writing in a fiber; the preview is import-dialog.c. */
#include "ui/calendar/calendar-files.h"

#include "sync/models/agenda.h"
#include "sync/wire/ical.h"
#include "ui/calendar/import-dialog.h"

#include <glib/gi18n-lib.h>

static void
tell (GtkWidget *widget, const char *sentence)
{
  gtk_widget_activate_action (widget, "window.tell", "s", sentence);
}

static void
set_filter (GtkFileDialog *dialog)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Calendars"));
  gtk_file_filter_add_mime_type (filter, "text/calendar");
  gtk_file_filter_add_suffix (filter, "ics");
  gtk_file_dialog_set_default_filter (dialog, filter);
}

/* --- in ------------------------------------------------------------------------------------------ */

typedef struct {
  GtkWidget *parent;
  TlReplica *replica;
  gint64 me;
} Import;

static Import *
import_new (GtkWidget *parent, TlReplica *replica, gint64 me)
{
  Import *import = g_new (Import, 1);

  *import = (Import){ g_object_ref (parent), g_object_ref (replica), me };
  return import;
}

static void
import_free (gpointer data)
{
  Import *import = data;

  g_object_unref (import->parent);
  g_object_unref (import->replica);
  g_free (import);
}

static void
read_file (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GFile *file = source;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;
  gsize length;
  TlIcal *ical;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                            &error);
  if (info && g_file_info_get_size (info) > TL_ICAL_MAX)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                                 _ ("It is larger than 32 MB. Import it in parts."));
  ical = error == NULL && g_file_load_contents (file, NULL, &text, &length, NULL, &error)
             ? tl_ical_parse (text, length, &error)
             : NULL;
  if (ical)
    g_task_return_pointer (task, ical, (GDestroyNotify)tl_ical_free);
  else
    g_task_return_error (task, error);
}

static void
file_read (GObject *file, GAsyncResult *result, gpointer data)
{
  Import *import = data;
  g_autoptr (GError) error = NULL;
  TlIcal *ical = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *name = g_file_get_basename (G_FILE (file));

  if (ical) {
    adw_dialog_present (tl_import_dialog_new (import->replica, import->me, ical, name),
                        import->parent);
  } else {
    AdwDialog *dialog = adw_alert_dialog_new (_ ("This Calendar Cannot Be Read"), NULL);

    adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s: %s", name, error->message);
    adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
    adw_dialog_present (dialog, import->parent);
  }
  import_free (import);
}

void
tl_calendar_import (GtkWidget *parent, TlReplica *replica, gint64 me, GFile *file)
{
  g_autoptr (GTask) task = g_task_new (file, NULL, file_read, import_new (parent, replica, me));

  g_task_run_in_thread (task, read_file);
}

static void
file_picked (GObject *dialog, GAsyncResult *result, gpointer data)
{
  Import *import = data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  if (file)
    tl_calendar_import (import->parent, import->replica, import->me, file);
  import_free (import);
}

void
tl_calendar_pick_and_import (GtkWidget *parent, TlReplica *replica, gint64 me)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _ ("Import Calendar"));
  set_filter (dialog);
  gtk_file_dialog_open (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), NULL, file_picked,
                        import_new (parent, replica, me));
}

/* --- out ----------------------------------------------------------------------------------------- */

typedef struct {
  GtkWidget *parent;
  TlReplica *replica;
  gint64 calendar;
  char *name;
  GFile *file;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->parent);
  g_object_unref (export->replica);
  g_clear_object (&export->file);
  g_free (export->name);
  g_free (export);
}

/* In a fiber. */
static DexFuture *
write_file (gpointer data)
{
  Export *export = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events =
      dex_await_pointer (tl_events_load (export->replica, export->calendar), &error);
  g_autofree char *sentence = NULL;

  if (events) {
    char *text =
        tl_ical_format ((const TlCalendarEvent *const *)events->pdata, events->len, export->name);
    g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

    dex_await (dex_file_replace_contents_bytes (export->file, bytes, NULL, FALSE,
                                                G_FILE_CREATE_REPLACE_DESTINATION),
               &error);
  }
  sentence =
      error ? g_strdup_printf (_ ("Nothing was exported: %s"), error->message)
            : g_strdup_printf (ngettext ("%u event exported", "%u events exported", events->len),
                               events->len);
  tell (export->parent, sentence);
  return dex_future_new_true ();
}

static void
place_picked (GObject *dialog, GAsyncResult *result, gpointer data)
{
  Export *export = data;

  export->file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);
  if (export->file)
    dex_future_disown (dex_scheduler_spawn (NULL, 0, write_file, export, export_free));
  else
    export_free (export);
}

void
tl_calendar_export (GtkWidget *parent, TlReplica *replica, gint64 calendar, const char *name)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *file_name = g_strconcat (name, ".ics", NULL);
  Export *export = g_new0 (Export, 1);

  *export =
      (Export){ g_object_ref (parent), g_object_ref (replica), calendar, g_strdup (name), NULL };
  g_strdelimit (file_name, "/", '-');
  gtk_file_dialog_set_title (dialog, _ ("Export Calendar"));
  gtk_file_dialog_set_initial_name (dialog, file_name);
  set_filter (dialog);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), NULL, place_picked,
                        export);
}
