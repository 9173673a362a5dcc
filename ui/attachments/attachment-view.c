/* attachment-view.c: builds a row for each; the same JSON is not built again. Main thread. */
#include "ui/attachments/attachment-view.h"

#include "ui/attachments/attachment-files.h"
#include "ui/attachments/picture-viewer.h"
#include "ui/picture.h"

#include <glib/gi18n-lib.h>

struct _TlAttachmentView {
  GtkBox parent;
  TlMedia *media;
  char *json;
};

G_DEFINE_FINAL_TYPE (TlAttachmentView, tl_attachment_view, GTK_TYPE_BOX)

/* --- rows ---------------------------------------------------------------------------------------- */

static const TlAttachment *
attachment_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "attachment");
}

static GtkWidget *
button_new (const TlAttachment *attachment, GtkWidget *child)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), child);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "attachment");
  g_object_set_data_full (G_OBJECT (button), "attachment", tl_attachment_copy (attachment),
                          (GDestroyNotify)tl_attachment_free);
  return button;
}

static void
picture_clicked (TlAttachmentView *self, GtkWidget *button)
{
  adw_dialog_present (tl_picture_viewer_new (attachment_of (button), self->media),
                      GTK_WIDGET (self));
}

static void
file_clicked (TlAttachmentView *self, GtkWidget *button)
{
  tl_attachment_open (attachment_of (button), self->media, GTK_WIDGET (self));
}

static void
save_clicked (TlAttachmentView *self, GtkWidget *button)
{
  tl_attachment_save (attachment_of (button), self->media, GTK_WIDGET (self));
}

static GtkWidget *
picture_row (TlAttachmentView *self, const TlAttachment *attachment, int widest)
{
  GtkWidget *picture = g_object_new (TL_TYPE_PICTURE, NULL);
  GtkWidget *button = button_new (attachment, picture);
  const char *words = attachment->alt ? attachment->alt : attachment->name;

  tl_picture_set_widest (TL_PICTURE (picture), widest);
  tl_picture_show (TL_PICTURE (picture), self->media, attachment->blob_id, attachment->width,
                   attachment->height);
  tl_picture_set_alternative (TL_PICTURE (picture), words ? words : _ ("Picture"));
  gtk_widget_add_css_class (picture, "photo");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words ? words : _ ("Picture"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (picture_clicked), self,
                           G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
file_label (const TlAttachment *attachment)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (attachment->name ? attachment->name : _ ("File"));
  g_autofree char *size = g_format_size ((guint64)attachment->size);
  GtkWidget *caption = gtk_label_new (size);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("x-office-document-symbolic"));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dimmed");
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), caption);
  gtk_box_append (GTK_BOX (box), texts);
  return box;
}

static GtkWidget *
file_row (TlAttachmentView *self, const TlAttachment *attachment)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *open = button_new (attachment, file_label (attachment));
  GtkWidget *save =
      button_new (attachment, gtk_image_new_from_icon_name ("document-save-symbolic"));
  const char *name = attachment->name ? attachment->name : _ ("File");
  g_autofree char *open_tip = g_strdup_printf (_ ("Open “%s”"), name);
  g_autofree char *save_tip = g_strdup_printf (_ ("Save “%s”"), name);

  gtk_widget_set_tooltip_text (open, open_tip);
  gtk_widget_set_tooltip_text (save, save_tip);
  gtk_widget_set_valign (save, GTK_ALIGN_CENTER);
  g_signal_connect_object (open, "clicked", G_CALLBACK (file_clicked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (save, "clicked", G_CALLBACK (save_clicked), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), open);
  gtk_box_append (GTK_BOX (line), save);
  return line;
}

void
tl_attachment_view_show (TlAttachmentView *self, TlMedia *media, const char *json, int widest)
{
  g_autoptr (GPtrArray) attachments = NULL;
  GtkWidget *child;

  self->media = media;
  if (!g_set_str (&self->json, json))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_box_remove (GTK_BOX (self), child);
  attachments = tl_attachments_parse (json);
  for (guint i = 0; i < attachments->len; i++) {
    const TlAttachment *attachment = attachments->pdata[i];

    gtk_box_append (GTK_BOX (self), attachment->width > 0 ? picture_row (self, attachment, widest)
                                                          : file_row (self, attachment));
  }
  gtk_widget_set_visible (GTK_WIDGET (self), attachments->len > 0);
}

static void
tl_attachment_view_finalize (GObject *object)
{
  g_free (TL_ATTACHMENT_VIEW (object)->json);
  G_OBJECT_CLASS (tl_attachment_view_parent_class)->finalize (object);
}

static void
tl_attachment_view_class_init (TlAttachmentViewClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_attachment_view_finalize;
}

static void
tl_attachment_view_init (TlAttachmentView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
tl_attachment_view_new (void)
{
  return g_object_new (TL_TYPE_ATTACHMENT_VIEW, NULL);
}
