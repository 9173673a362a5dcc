/* face.c: pictures are decoded in a thread, no larger than they are drawn. What an avatar shows is noted on it, so
 * that an answer for whom it showed before is of no use. Main thread. */
#include "ui/face.h"

#include "sync/picture-file.h"

#define SHOWN "tl-face"
#define MEDIA "tideline-media"
#define PIXELS 160

typedef struct {
  AdwAvatar *avatar;
  char *blob;
} Face;

static void
face_free (gpointer data)
{
  Face *face = data;

  g_object_unref (face->avatar);
  g_free (face->blob);
  g_free (face);
}

static DexFuture *
decode_fiber (gpointer bytes)
{
  GError *error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = tl_picture_decode (bytes, PIXELS, &error);

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
  Face *face = data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value && g_strcmp0 (g_object_get_data (G_OBJECT (face->avatar), SHOWN), face->blob) == 0)
    adw_avatar_set_custom_image (face->avatar, g_value_get_object (value));
  return NULL;
}

void
tl_face_show (AdwAvatar *avatar, TlMedia *media, const char *name, const char *blob)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (avatar));
  guint pixels = (guint)(adw_avatar_get_size (avatar) * scale);
  Face *face;

  adw_avatar_set_text (avatar, name);
  if (g_strcmp0 (g_object_get_data (G_OBJECT (avatar), SHOWN), blob) == 0)
    return;
  g_object_set_data_full (G_OBJECT (avatar), SHOWN, g_strdup (blob), g_free);
  adw_avatar_set_custom_image (avatar, NULL);
  if (blob == NULL)
    return;
  face = g_new (Face, 1);
  *face = (Face){ g_object_ref (avatar), g_strdup (blob) };
  dex_future_disown (dex_future_finally (
      dex_future_then (tl_media_load_for (media, blob, pixels), decode, NULL, NULL), decoded, face,
      face_free));
}

static void
person_changed (TlPersonItem *person, GParamSpec *spec, AdwAvatar *avatar)
{
  if (person->loaded)
    tl_face_show (avatar, g_object_get_data (G_OBJECT (avatar), MEDIA), person->name,
                  person->avatar_blob);
}

void
tl_face_follow (AdwAvatar *avatar, TlMedia *media, TlPersonItem *person)
{
  g_object_set_data (G_OBJECT (avatar), MEDIA, media);
  g_signal_connect_object (person, "notify", G_CALLBACK (person_changed), avatar, 0);
  person_changed (person, NULL, avatar);
}
