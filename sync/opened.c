/* opened.c: opened/<blob>/<name>; written in a thread. */
#include "sync/opened.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlMedia *media;
  TlAttachment *attachment;
  GBytes *bytes;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  tl_media_free (copy->media);
  tl_attachment_free (copy->attachment);
  g_clear_pointer (&copy->bytes, g_bytes_unref);
  g_free (copy);
}

/* A name from elsewhere is a name, never a path. */
static char *
name_of (const TlAttachment *attachment)
{
  g_autofree char *name = g_path_get_basename (attachment->name ? attachment->name : "file");

  return *name == '.' || *name == '/' ? g_strdup ("file") : g_steal_pointer (&name);
}

static gboolean
is_program (const char *name, GBytes *bytes)
{
  static const char *const programs[] = { "application/x-executable",
                                          "application/x-pie-executable",
                                          "application/x-sharedlib",
                                          "application/x-shellscript",
                                          "application/x-desktop",
                                          "application/x-msdownload",
                                          "application/x-ms-dos-executable",
                                          "application/vnd.microsoft.portable-executable",
                                          "application/x-msi",
                                          "application/java-archive",
                                          "application/x-java-archive",
                                          "application/vnd.appimage" };
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  g_autofree char *by_name = g_content_type_guess (name, NULL, 0, NULL);
  g_autofree char *by_bytes = g_content_type_guess (NULL, data, length, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_content_type_is_a (by_name, programs[i]) || g_content_type_is_a (by_bytes, programs[i]))
      return TRUE;
  return FALSE;
}

static gboolean
write_copy (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_mkdir_with_parents (folder, 0700);
  return g_file_test (path, G_FILE_TEST_EXISTS) ||
         g_file_set_contents_full (path, data, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0400,
                                   error);
}

/* In a thread of its own. */
static DexFuture *
put_fiber (gpointer data)
{
  const Copy *copy = data;
  g_autofree char *name = name_of (copy->attachment);
  g_autofree char *path = g_build_filename (tl_media_dir (copy->media), TL_OPENED_FOLDER,
                                            copy->attachment->blob_id, name, NULL);
  GError *error = NULL;

  if (is_program (name, copy->bytes))
    error = g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         _ ("“%s” is a program: it can be saved, but is not opened"), name);
  else if (write_copy (path, copy->bytes, &error))
    return dex_future_new_take_object (g_file_new_for_path (path));
  return dex_future_new_for_error (error);
}

static DexFuture *
copy_fiber (gpointer data)
{
  Copy *copy = data;
  GError *error = NULL;
  g_autoptr (GFile) file = NULL;

  copy->bytes = dex_await_boxed (tl_media_load (copy->media, copy->attachment->blob_id), &error);
  if (copy->bytes)
    file = dex_await_object (
        dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, put_fiber, copy, NULL),
        &error);
  return file ? dex_future_new_take_object (g_steal_pointer (&file))
              : dex_future_new_for_error (error);
}

DexFuture *
tl_opened_copy (TlMedia *media, const TlAttachment *attachment)
{
  Copy *copy = g_new (Copy, 1);

  *copy = (Copy){ tl_media_ref (media), tl_attachment_copy (attachment), NULL };
  return dex_scheduler_spawn (NULL, 0, copy_fiber, copy, copy_free);
}
