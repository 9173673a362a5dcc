/* attachment-bar.c: each file is kept by sync/uploads.h at once, so that what is written can leave with it even when
 * the original is gone by then. Main thread. */
#include "ui/attachments/attachment-bar.h"

#include "sync/uploads.h"
#include "ui/picture.h"

#include <glib/gi18n-lib.h>

#define THUMBNAIL 64

struct _TlAttachmentBar {
  GtkBox parent;
  TlReplica *replica;
  TlMedia *media;
  gboolean pictures_only;
  guint at_most, busy;
  GPtrArray *attachments; /* of TlAttachment, one a child */
};

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlAttachmentBar, tl_attachment_bar, GTK_TYPE_BOX)

static void
changed (TlAttachmentBar *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), self->attachments->len > 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- one of them --------------------------------------------------------------------------------- */

static TlAttachment *
attachment_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "attachment");
}

static void
remove_clicked (TlAttachmentBar *self, GtkWidget *button)
{
  GtkWidget *child = gtk_widget_get_parent (button);

  while (gtk_widget_get_parent (child) != GTK_WIDGET (self))
    child = gtk_widget_get_parent (child);
  g_ptr_array_remove (self->attachments, attachment_of (child));
  gtk_box_remove (GTK_BOX (self), child);
  changed (self);
}

static void
alt_changed (GtkEditable *entry)
{
  TlAttachment *attachment = attachment_of (GTK_WIDGET (entry));
  const char *text = gtk_editable_get_text (entry);

  g_set_str (&attachment->alt, *text ? text : NULL);
}

static GtkWidget *
face_new (TlAttachmentBar *self, TlAttachment *attachment)
{
  GtkWidget *picture;

  if (attachment->width == 0)
    return gtk_image_new_from_icon_name ("x-office-document-symbolic");
  picture = g_object_new (TL_TYPE_PICTURE, "size", THUMBNAIL, NULL);
  tl_picture_show (TL_PICTURE (picture), self->media, attachment->blob_id, attachment->width,
                   attachment->height);
  gtk_widget_add_css_class (picture, "thumb");
  return picture;
}

/* A picture is described, a file is named. */
static GtkWidget *
words_new (TlAttachment *attachment)
{
  GtkWidget *words;

  if (attachment->width > 0) {
    words = gtk_entry_new ();
    gtk_entry_set_placeholder_text (GTK_ENTRY (words), _ ("What does it show?"));
    gtk_accessible_update_property (GTK_ACCESSIBLE (words), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Description for those who cannot see it"), -1);
    g_object_set_data (G_OBJECT (words), "attachment", attachment);
    g_signal_connect (words, "changed", G_CALLBACK (alt_changed), NULL);
  } else {
    g_autofree char *size = g_format_size ((guint64)attachment->size);
    g_autofree char *text = g_strdup_printf ("%s · %s", attachment->name, size);

    words = gtk_label_new (text);
    gtk_label_set_ellipsize (GTK_LABEL (words), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_xalign (GTK_LABEL (words), 0);
  }
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  return words;
}

static void
append (TlAttachmentBar *self, const TlAttachment *kept)
{
  TlAttachment *attachment = tl_attachment_copy (kept);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *away = gtk_button_new_from_icon_name ("window-close-symbolic");

  g_ptr_array_add (self->attachments, attachment);
  g_object_set_data (G_OBJECT (line), "attachment", attachment);
  gtk_box_append (GTK_BOX (line), face_new (self, attachment));
  gtk_box_append (GTK_BOX (line), words_new (attachment));
  gtk_widget_set_tooltip_text (away, _ ("Remove"));
  gtk_widget_set_valign (away, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (away, "flat");
  gtk_widget_add_css_class (away, "circular");
  g_signal_connect_object (away, "clicked", G_CALLBACK (remove_clicked), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), away);
  gtk_box_append (GTK_BOX (self), line);
}

/* --- adding -------------------------------------------------------------------------------------- */

static void
fail (TlAttachmentBar *self, const char *sentence)
{
  g_signal_emit (self, signals[FAILED], 0, sentence);
}

static DexFuture *
kept (DexFuture *future, gpointer data)
{
  TlAttachmentBar *self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  const TlAttachment *attachment = value ? g_value_get_boxed (value) : NULL;

  self->busy--;
  if (attachment == NULL)
    fail (self, error->message);
  else if (self->pictures_only && attachment->width == 0)
    fail (self, _ ("Only pictures can be added here"));
  else if (self->attachments->len >= self->at_most)
    fail (self, _ ("That is as many as go along at once"));
  else
    append (self, attachment);
  changed (self);
  return NULL;
}

static void
await (TlAttachmentBar *self, DexFuture *future)
{
  self->busy++;
  dex_future_disown (dex_future_finally (future, kept, g_object_ref (self), g_object_unref));
}

void
tl_attachment_bar_add (TlAttachmentBar *self, GFile *file)
{
  await (self, tl_upload_keep_file (self->replica, file));
}

static void
picked (GObject *dialog, GAsyncResult *result, gpointer data)
{
  g_autoptr (TlAttachmentBar) self = data;
  g_autoptr (GListModel) files =
      gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  for (guint i = 0; files && i < g_list_model_get_n_items (files); i++) {
    g_autoptr (GFile) file = g_list_model_get_item (files, i);
    tl_attachment_bar_add (self, file);
  }
}

void
tl_attachment_bar_pick (TlAttachmentBar *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, self->pictures_only ? _ ("Add Pictures") : _ ("Attach Files"));
  if (self->pictures_only) {
    g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

    gtk_file_filter_add_pixbuf_formats (filter);
    gtk_file_dialog_set_default_filter (dialog, filter);
  }
  gtk_file_dialog_open_multiple (dialog, GTK_WINDOW (root), NULL, picked, g_object_ref (self));
}

static void
add_list (TlAttachmentBar *self, GdkFileList *list)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (list);

  for (GSList *at = files; at; at = at->next)
    tl_attachment_bar_add (self, at->data);
}

static void
texture_pasted (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (TlAttachmentBar) self = data;
  g_autoptr (GdkTexture) texture =
      gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  g_autoptr (GBytes) bytes = texture ? gdk_texture_save_to_png_bytes (texture) : NULL;

  if (bytes)
    await (self, tl_upload_keep (self->replica, bytes, _ ("Picture.png")));
}

static void
files_pasted (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (TlAttachmentBar) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (value)
    add_list (self, g_value_get_boxed (value));
}

gboolean
tl_attachment_bar_paste (TlAttachmentBar *self, GdkClipboard *clipboard)
{
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    files_pasted, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE) &&
           !gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    gdk_clipboard_read_texture_async (clipboard, NULL, texture_pasted, g_object_ref (self));
  else
    return FALSE;
  return TRUE;
}

static gboolean
dropped (TlAttachmentBar *self, const GValue *value)
{
  add_list (self, g_value_get_boxed (value));
  return TRUE;
}

void
tl_attachment_bar_accept_drops (TlAttachmentBar *self, GtkWidget *widget)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (dropped), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

/* --- all of them --------------------------------------------------------------------------------- */

GPtrArray *
tl_attachment_bar_files (TlAttachmentBar *self)
{
  return self->attachments;
}

GPtrArray *
tl_attachment_bar_take (TlAttachmentBar *self)
{
  GPtrArray *taken = self->attachments;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_box_remove (GTK_BOX (self), child);
  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);
  changed (self);
  return taken;
}

void
tl_attachment_bar_put (TlAttachmentBar *self, GPtrArray *attachments)
{
  for (guint i = 0; i < attachments->len; i++)
    append (self, attachments->pdata[i]);
  g_ptr_array_unref (attachments);
  changed (self);
}

guint
tl_attachment_bar_count (TlAttachmentBar *self)
{
  return self->attachments->len;
}

gboolean
tl_attachment_bar_is_busy (TlAttachmentBar *self)
{
  return self->busy > 0;
}

void
tl_attachment_bar_set_up (TlAttachmentBar *self, TlReplica *replica, TlMedia *media,
                          gboolean pictures_only, guint at_most)
{
  g_set_object (&self->replica, replica);
  self->media = media;
  self->pictures_only = pictures_only;
  self->at_most = at_most;
}

static void
tl_attachment_bar_finalize (GObject *object)
{
  TlAttachmentBar *self = TL_ATTACHMENT_BAR (object);

  g_clear_object (&self->replica);
  g_ptr_array_unref (self->attachments);
  G_OBJECT_CLASS (tl_attachment_bar_parent_class)->finalize (object);
}

static void
tl_attachment_bar_class_init (TlAttachmentBarClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_attachment_bar_finalize;
  signals[CHANGED] = g_signal_new ("changed", TL_TYPE_ATTACHMENT_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", TL_TYPE_ATTACHMENT_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tl_attachment_bar_init (TlAttachmentBar *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
