/* attachment-files.c: what is opened is a copy that is only to be read (sync/opened.h). Main thread. */
#include "ui/attachments/attachment-files.h"

#include "sync/opened.h"

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/* --- opening ------------------------------------------------------------------------------------- */

static void
launched (GObject *launcher, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) parent = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (launcher), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    gtk_widget_activate_action (parent, "window.tell", "s", error->message);
}

static DexFuture *
copied (DexFuture *future, gpointer data)
{
  GtkWidget *parent = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autoptr (GtkFileLauncher) launcher = NULL;

  if (value == NULL) {
    gtk_widget_activate_action (parent, "window.tell", "s", error->message);
    return NULL;
  }
  launcher = gtk_file_launcher_new (g_value_get_object (value));
  gtk_file_launcher_launch (launcher, window_of (parent), NULL, launched, g_object_ref (parent));
  return NULL;
}

void
tl_attachment_open (const TlAttachment *attachment, TlMedia *media, GtkWidget *parent)
{
  dex_future_disown (dex_future_finally (tl_opened_copy (media, attachment), copied,
                                         g_object_ref (parent), g_object_unref));
}

/* --- saving -------------------------------------------------------------------------------------- */

typedef struct {
  DexFuture *bytes;
  GFile *file;
  GtkWidget *parent;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  dex_clear (&save->bytes);
  g_clear_object (&save->file);
  g_object_unref (save->parent);
  g_free (save);
}

static DexFuture *
write_fiber (gpointer data)
{
  Save *save = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dex_await_boxed (dex_ref (save->bytes), &error);

  if (bytes)
    dex_await (dex_file_replace_contents_bytes (save->file, bytes, NULL, FALSE,
                                                G_FILE_CREATE_REPLACE_DESTINATION),
               &error);
  if (error)
    gtk_widget_activate_action (save->parent, "window.tell", "s", error->message);
  return dex_future_new_for_boolean (TRUE);
}

static void
place_chosen (GObject *dialog, GAsyncResult *result, gpointer data)
{
  Save *save = data;

  save->file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);
  if (save->file)
    dex_future_disown (dex_scheduler_spawn (NULL, 0, write_fiber, save, save_free));
  else
    save_free (save);
}

void
tl_attachment_save (const TlAttachment *attachment, TlMedia *media, GtkWidget *parent)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  /* A name from elsewhere is a name, never a path. */
  g_autofree char *name = g_path_get_basename (attachment->name ? attachment->name : "file");
  Save *save = g_new0 (Save, 1);

  save->bytes = tl_media_load (media, attachment->blob_id);
  save->parent = g_object_ref (parent);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, window_of (parent), NULL, place_chosen, save);
}
