/* avatar-dialog.c: the file is read and decoded in a thread; the square that was chosen is kept as a file on its way
 * (sync/uploads.h), and the change that names it waits with it. Main thread. */
#include "ui/feed/avatar-dialog.h"

#include "sync/actions-social.h"
#include "sync/picture-file.h"
#include "sync/uploads.h"
#include "ui/feed/avatar-crop.h"

#include <glib/gi18n-lib.h>

#define PIXELS 512
#define DECODED 2048 /* of the shorter side */

typedef struct {
  TlReplica *replica;
  gint64 me;
  GtkWidget *parent; /* what the dialog stands over; NULL in the dialog's own */
} Choice;

static Choice *
choice_new (TlReplica *replica, gint64 me, GtkWidget *parent)
{
  Choice *self = g_new (Choice, 1);

  *self = (Choice){ g_object_ref (replica), me, parent ? g_object_ref (parent) : NULL };
  return self;
}

static void
choice_free (gpointer data)
{
  Choice *self = data;

  g_object_unref (self->replica);
  g_clear_object (&self->parent);
  g_free (self);
}

static void
tell (GtkWidget *parent, const char *sentence)
{
  AdwDialog *alert = adw_alert_dialog_new (_ ("This Picture Cannot Be Used"), sentence);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (alert), "close", _ ("_Close"));
  adw_dialog_present (alert, parent);
}

/* --- using it ----------------------------------------------------------------------------------- */

static DexFuture *
kept (DexFuture *future, gpointer data)
{
  Choice *self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  TlAttachment *file = value ? g_value_get_boxed (value) : NULL;

  if (file)
    dex_future_disown (tl_action_set_avatar (self->replica, self->me, file->blob_id));
  else
    tell (self->parent, error->message);
  return NULL;
}

static void
use_clicked (AdwDialog *dialog)
{
  Choice *choice = g_object_get_data (G_OBJECT (dialog), "choice");
  TlAvatarCrop *crop = g_object_get_data (G_OBJECT (dialog), "crop");
  g_autoptr (GdkPixbuf) square = tl_avatar_crop_get (crop, PIXELS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (dialog));
  char *data;
  gsize length;

  if (!gdk_pixbuf_save_to_buffer (square, &data, &length, "png", &error, NULL)) {
    tell (GTK_WIDGET (dialog), error->message);
    return;
  }
  bytes = g_bytes_new_take (data, length);
  dex_future_disown (dex_future_finally (
      tl_upload_keep (choice->replica, bytes, "Avatar.png"), kept,
      choice_new (choice->replica, choice->me, parent ? parent : GTK_WIDGET (dialog)),
      choice_free));
  adw_dialog_close (dialog);
}

/* --- cutting ------------------------------------------------------------------------------------ */

static GtkWidget *
header_new (AdwDialog *dialog)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  GtkWidget *use = gtk_button_new_with_mnemonic (_ ("_Use"));

  gtk_widget_add_css_class (use, "suggested-action");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), use);
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (adw_dialog_close), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (use, "clicked", G_CALLBACK (use_clicked), dialog, G_CONNECT_SWAPPED);
  return header;
}

AdwDialog *
tl_avatar_dialog_new (TlReplica *replica, gint64 me, GdkPixbuf *picture)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *bars = adw_toolbar_view_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *crop = tl_avatar_crop_new (picture);
  GtkWidget *zoom =
      gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, tl_avatar_crop_get_zoom (TL_AVATAR_CROP (crop)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (zoom), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Zoom"),
                                  -1);
  gtk_widget_set_vexpand (crop, TRUE);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box), crop);
  gtk_box_append (GTK_BOX (box), zoom);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (bars), header_new (dialog));
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (bars), box);
  adw_dialog_set_title (dialog, _ ("Your Picture"));
  adw_dialog_set_child (dialog, bars);
  adw_dialog_set_focus (dialog, crop);
  g_object_set_data (G_OBJECT (dialog), "crop", crop);
  g_object_set_data_full (G_OBJECT (dialog), "choice", choice_new (replica, me, NULL), choice_free);
  return dialog;
}

/* --- choosing ----------------------------------------------------------------------------------- */

static DexFuture *
decode_fiber (gpointer data)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  bytes = g_file_load_bytes (data, NULL, NULL, &error);
  pixbuf = bytes ? tl_picture_decode (bytes, DECODED, &error) : NULL;
  return pixbuf ? dex_future_new_take_object (gdk_pixbuf_apply_embedded_orientation (pixbuf))
                : dex_future_new_for_error (error);
}

static DexFuture *
decoded (DexFuture *future, gpointer data)
{
  Choice *self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value)
    adw_dialog_present (tl_avatar_dialog_new (self->replica, self->me, g_value_get_object (value)),
                        self->parent);
  else
    tell (self->parent, error->message);
  return NULL;
}

static void
picked (GObject *files, GAsyncResult *result, gpointer data)
{
  Choice *self = data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (files), result, NULL);

  if (file)
    dex_future_disown (
        dex_future_finally (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                                 decode_fiber, g_object_ref (file), g_object_unref),
                            decoded, self, choice_free));
  else
    choice_free (self);
}

void
tl_avatar_choose (TlReplica *replica, gint64 me, GtkWidget *parent)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (parent);

  gtk_file_filter_add_pixbuf_formats (filter);
  gtk_file_dialog_set_title (dialog, _ ("Choose a Picture"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog, GTK_WINDOW (root), NULL, picked, choice_new (replica, me, parent));
}
