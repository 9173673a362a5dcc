/* picture-viewer.c: a dialog around a GtkPicture; the file is decoded in a thread. */
#include "ui/attachments/picture-viewer.h"

#include "sync/picture-file.h"
#include "ui/attachments/attachment-files.h"

#include <glib/gi18n-lib.h>

#define WIDTH 1000
#define HEIGHT 760
#define SHARPEST 4096 /* pixels of the shorter side */

typedef struct {
  GtkStack *stack;
  GtkPicture *picture;
  TlAttachment *attachment;
  TlMedia *media;
} Viewer;

static void
viewer_free (gpointer data)
{
  Viewer *viewer = data;

  tl_attachment_free (viewer->attachment);
  g_free (viewer);
}

static DexFuture *
decode_fiber (gpointer data)
{
  GError *error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = tl_picture_decode (data, SHARPEST, &error);

  return pixbuf ? dex_future_new_take_object (gdk_texture_new_for_pixbuf (pixbuf))
                : dex_future_new_for_error (error);
}

static DexFuture *
decode (DexFuture *future, gpointer data)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, decode_fiber,
                              g_value_dup_boxed (dex_future_get_value (future, NULL)),
                              (GDestroyNotify)g_bytes_unref);
}

static DexFuture *
decoded (DexFuture *future, gpointer data)
{
  AdwDialog *dialog = data;
  Viewer *viewer = g_object_get_data (G_OBJECT (dialog), "viewer");
  const GValue *value = dex_future_get_value (future, NULL);

  if (value)
    gtk_picture_set_paintable (viewer->picture, g_value_get_object (value));
  gtk_stack_set_visible_child_name (viewer->stack, value ? "picture" : "none");
  return NULL;
}

static void
save_clicked (AdwDialog *dialog)
{
  Viewer *viewer = g_object_get_data (G_OBJECT (dialog), "viewer");

  tl_attachment_save (viewer->attachment, viewer->media, GTK_WIDGET (dialog));
}

static GtkWidget *
content_new (Viewer *viewer)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();

  viewer->stack = GTK_STACK (gtk_stack_new ());
  viewer->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (viewer->picture, GTK_CONTENT_FIT_SCALE_DOWN);
  gtk_picture_set_alternative_text (viewer->picture, viewer->attachment->alt);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (none), "image-x-generic-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (none), _ ("The Picture Is Not Here Yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (none), _ ("It comes with the network"));
  gtk_stack_add_named (viewer->stack, adw_spinner_new (), "loading");
  gtk_stack_add_named (viewer->stack, none, "none");
  gtk_stack_add_named (viewer->stack, GTK_WIDGET (viewer->picture), "picture");
  gtk_widget_set_vexpand (GTK_WIDGET (viewer->stack), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (viewer->stack));
  if (viewer->attachment->alt) {
    GtkWidget *alt = gtk_label_new (viewer->attachment->alt);

    gtk_label_set_wrap (GTK_LABEL (alt), TRUE);
    gtk_label_set_selectable (GTK_LABEL (alt), TRUE);
    gtk_widget_add_css_class (alt, "caption");
    gtk_widget_set_margin_top (alt, 12);
    gtk_widget_set_margin_bottom (alt, 12);
    gtk_widget_set_margin_start (alt, 18);
    gtk_widget_set_margin_end (alt, 18);
    gtk_box_append (GTK_BOX (box), alt);
  }
  return box;
}

AdwDialog *
tl_picture_viewer_new (const TlAttachment *attachment, TlMedia *media)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new (), *header = adw_header_bar_new ();
  GtkWidget *save = gtk_button_new_from_icon_name ("document-save-symbolic");
  Viewer *viewer = g_new0 (Viewer, 1);

  viewer->attachment = tl_attachment_copy (attachment);
  viewer->media = media;
  g_object_set_data_full (G_OBJECT (dialog), "viewer", viewer, viewer_free);
  gtk_widget_set_tooltip_text (save, _ ("Save"));
  g_signal_connect_object (save, "clicked", G_CALLBACK (save_clicked), dialog, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), save);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), header);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), content_new (viewer));
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_title (dialog, attachment->name ? attachment->name : _ ("Picture"));
  adw_dialog_set_content_width (dialog, WIDTH);
  adw_dialog_set_content_height (dialog, HEIGHT);
  dex_future_disown (dex_future_finally (
      dex_future_then (tl_media_load (media, attachment->blob_id), decode, NULL, NULL), decoded,
      g_object_ref (dialog), g_object_unref));
  return dialog;
}
