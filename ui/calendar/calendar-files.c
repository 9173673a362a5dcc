/* calendar-files.c: file dialogs over sync/calendar-file.h; the preview is import-dialog.c. Main thread. */
#include "ui/calendar/calendar-files.h"

#include "sync/calendar-file.h"
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
  GFile *file;
} Import;

static Import *
import_new (GtkWidget *parent, TlReplica *replica, gint64 me)
{
  Import *import = g_new (Import, 1);

  *import = (Import){ g_object_ref (parent), g_object_ref (replica), me, NULL };
  return import;
}

static void
import_free (gpointer data)
{
  Import *import = data;

  g_object_unref (import->parent);
  g_object_unref (import->replica);
  g_clear_object (&import->file);
  g_free (import);
}

static DexFuture *
file_read (DexFuture *future, gpointer data)
{
  Import *import = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autofree char *name = g_file_get_basename (import->file);

  if (value) {
    adw_dialog_present (
        tl_import_dialog_new (import->replica, import->me, g_value_get_pointer (value), name),
        import->parent);
  } else {
    AdwDialog *dialog = adw_alert_dialog_new (_ ("This Calendar Cannot Be Read"), NULL);

    adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s: %s", name, error->message);
    adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
    adw_dialog_present (dialog, import->parent);
  }
  return NULL;
}

void
tl_calendar_import (GtkWidget *parent, TlReplica *replica, gint64 me, GFile *file)
{
  Import *import = import_new (parent, replica, me);

  import->file = g_object_ref (file);
  dex_future_disown (
      dex_future_finally (tl_calendar_file_read (file), file_read, import, import_free));
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
  TlCalendarWish wish;
  char *name;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->parent);
  g_object_unref (export->wish.replica);
  tl_media_free (export->wish.media);
  g_free (export->name);
  g_free (export);
}

static DexFuture *
written (DexFuture *future, gpointer data)
{
  Export *export = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  sentence = dex_future_get_value (future, &error)
                 ? g_strdup_printf (_ ("“%s” is exported"), export->name)
                 : g_strdup_printf (_ ("Nothing was exported: %s"), error->message);
  tell (export->parent, sentence);
  return NULL;
}

static void
place_picked (GObject *dialog, GAsyncResult *result, gpointer data)
{
  Export *export = data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  if (file)
    dex_future_disown (dex_future_finally (tl_calendar_file_write (&export->wish, file), written,
                                           export, export_free));
  else
    export_free (export);
}

void
tl_calendar_export (GtkWidget *parent, const TlCalendarWish *wish)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  const char *name = wish->name && *wish->name ? wish->name : _ ("Event");
  g_autofree char *file_name = g_strconcat (name, ".ics", NULL);
  Export *export = g_new (Export, 1);

  *export = (Export){ g_object_ref (parent), *wish, g_strdup (name) };
  g_object_ref (export->wish.replica);
  tl_media_ref (export->wish.media);
  export->wish.name = export->name;
  g_strdelimit (file_name, "/", '-');
  gtk_file_dialog_set_title (dialog, wish->event ? _ ("Save Event") : _ ("Export Calendar"));
  gtk_file_dialog_set_initial_name (dialog, file_name);
  set_filter (dialog);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (parent)), NULL, place_picked,
                        export);
}
