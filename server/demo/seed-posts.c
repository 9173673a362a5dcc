/* seed-posts.c: the circle's posts, with pictures, boosts, reactions and saved ones, oldest first, so that what
 * answers comes after what it answers. */
#include "server/demo/seed.h"
#include "server/services/storage/storage.h"

/* --- pictures -------------------------------------------------------------------------------- */

static char *
upload (TlSeed *self, gint64 account, const char *name, gsize *size, GError **error)
{
  g_autofree char *path = g_build_filename (self->server->config->demo_dir, "art", name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  char *contents;

  if (!g_file_get_contents (path, &contents, size, error))
    return NULL;
  bytes = g_bytes_new_take (contents, *size);
  return tl_storage_keep (self->server, self->pg, account, bytes, "image/jpeg", error);
}

/* The circle's picture as a file of a post. NULL on error. */
static JsonObject *
make_file (TlSeed *self, gint64 account, JsonObject *picture, GError **error)
{
  const char *name = json_object_get_string_member (picture, "file");
  gsize size;
  g_autofree char *blob = upload (self, account, name, &size, error);
  JsonObject *file;

  if (blob == NULL)
    return NULL;
  file = json_object_new ();
  json_object_set_string_member (file, "blobId", blob);
  json_object_set_string_member (file, "name", name);
  json_object_set_string_member (file, "type", "image/jpeg");
  json_object_set_int_member (file, "size", (gint64)size);
  json_object_set_int_member (file, "width", json_object_get_int_member (picture, "width"));
  json_object_set_int_member (file, "height", json_object_get_int_member (picture, "height"));
  json_object_set_string_member (file, "alt", json_object_get_string_member (picture, "alt"));
  return file;
}

gboolean
tl_seed_pictures (TlSeed *self, gint64 account, JsonObject *from, JsonObject *object,
                  const char *property, GError **error)
{
  JsonArray *pictures = json_object_has_member (from, "images")
                            ? json_object_get_array_member (from, "images")
                            : NULL;
  g_autoptr (JsonArray) files = json_array_new ();

  if (pictures == NULL)
    return TRUE;
  for (guint i = 0; i < json_array_get_length (pictures); i++) {
    JsonObject *file =
        make_file (self, account, json_array_get_object_element (pictures, i), error);

    if (file == NULL)
      return FALSE;
    json_array_add_object_element (files, file);
  }
  json_object_set_array_member (object, property, json_array_ref (files));
  return TRUE;
}

gboolean
tl_seed_avatar (TlSeed *self, gint64 account, JsonObject *person, GError **error)
{
  const char *name = json_object_get_string_member_with_default (person, "avatar", NULL);
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *blob = NULL;
  gsize size;

  if (name == NULL)
    return TRUE;
  blob = upload (self, account, name, &size, error);
  return blob && tl_pg_run (self->pg, "set-avatar", tl_sql ("demo/demo.sql", "set-avatar"), 2,
                            (const char *const[]){ key, blob }, error);
}

/* --- what people do -------------------------------------------------------------------------- */

static gboolean
seed_follows (TlSeed *self, GError **error)
{
  JsonObject *follows = json_object_get_object_member (self->circle, "follows");
  g_autoptr (GList) logins = json_object_get_members (follows);

  for (GList *l = logins; l; l = l->next) {
    JsonArray *whom = json_object_get_array_member (follows, l->data);

    for (guint i = 0; i < json_array_get_length (whom); i++) {
      JsonObject *object = json_object_new ();
      char id[TL_ID_MAX];
      gint64 follow;

      tl_id_format (tl_seed_account (self, json_array_get_string_element (whom, i)), id);
      json_object_set_string_member (object, "principalId", id);
      follow = tl_seed_create (self, tl_seed_account (self, l->data), TL_CAP_SOCIAL, "Follow",
                               object, error);
      if (follow == 0 || !tl_seed_date (self, "date-follow", follow, 22 * 24 * 60, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
react (TlSeed *self, gint64 subject, const char *emoji, const char *login, gint64 minutes_ago,
       GError **error)
{
  JsonObject *object = json_object_new ();
  char id[TL_ID_MAX];
  gint64 reaction;

  json_object_set_string_member (object, "subjectId", tl_id_format (subject, id));
  json_object_set_string_member (object, "emoji", emoji);
  reaction = tl_seed_create (self, tl_seed_account (self, login), TL_CAP_SOCIAL, "Reaction", object,
                             error);
  return reaction != 0 && tl_seed_date (self, "date-reaction", reaction, minutes_ago, error);
}

gboolean
tl_seed_reactions (TlSeed *self, gint64 subject, JsonObject *from, gint64 minutes_ago,
                   GError **error)
{
  JsonObject *reactions = json_object_has_member (from, "reactions")
                              ? json_object_get_object_member (from, "reactions")
                              : NULL;
  g_autoptr (GList) emoji = reactions ? json_object_get_members (reactions) : NULL;
  gint64 ago = minutes_ago;

  for (GList *l = emoji; l; l = l->next) {
    JsonArray *logins = json_object_get_array_member (reactions, l->data);

    for (guint i = 0; i < json_array_get_length (logins); i++) {
      ago -= ago / 8;
      if (!react (self, subject, l->data, json_array_get_string_element (logins, i), ago, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* --- posts ----------------------------------------------------------------------------------- */

static void
copy_text (JsonObject *from, const char *name, JsonObject *object)
{
  const char *text = json_object_get_string_member_with_default (from, name, NULL);

  if (text)
    json_object_set_string_member (object, name, text);
}

static void
set_named (GHashTable *named, JsonObject *from, const char *name, JsonObject *object,
           const char *property)
{
  const char *other = json_object_get_string_member_with_default (from, name, NULL);
  const gint64 *key = other ? g_hash_table_lookup (named, other) : NULL;
  char id[TL_ID_MAX];

  if (key)
    json_object_set_string_member (object, property, tl_id_format (*key, id));
}

static gboolean
save (TlSeed *self, gint64 post, JsonObject *from, GError **error)
{
  JsonArray *logins =
      json_object_has_member (from, "saved") ? json_object_get_array_member (from, "saved") : NULL;

  for (guint i = 0; logins && i < json_array_get_length (logins); i++) {
    JsonObject *object = json_object_new ();
    char id[TL_ID_MAX];

    json_object_set_string_member (object, "postId", tl_id_format (post, id));
    json_object_set_boolean_member (object, "isSaved", TRUE);
    if (!tl_seed_create (self, tl_seed_account (self, json_array_get_string_element (logins, i)),
                         TL_CAP_SOCIAL, "PostMark", object, error))
      return FALSE;
  }
  return TRUE;
}

/* `named`: posts that others refer to, by their names in the circle. */
static gboolean
seed_post (TlSeed *self, JsonObject *from, GHashTable *named, GError **error)
{
  gint64 author = tl_seed_account (self, json_object_get_string_member (from, "by"));
  gint64 ago = json_object_get_int_member (from, "ago");
  const char *name = json_object_get_string_member_with_default (from, "name", NULL);
  g_autoptr (JsonObject) object = json_object_new ();
  gint64 post;

  copy_text (from, "text", object);
  copy_text (from, "warning", object);
  copy_text (from, "visibility", object);
  set_named (named, from, "reply", object, "replyToId");
  set_named (named, from, "boost", object, "boostOfId");
  if (!tl_seed_pictures (self, author, from, object, "images", error))
    return FALSE;
  post = tl_seed_create (self, author, TL_CAP_SOCIAL, "Post", json_object_ref (object), error);
  if (post == 0 || !tl_seed_date (self, "date-post", post, ago, error) ||
      !tl_seed_reactions (self, post, from, ago, error) || !save (self, post, from, error))
    return FALSE;
  if (name)
    g_hash_table_insert (named, g_strdup (name), g_memdup2 (&post, sizeof post));
  return TRUE;
}

static gboolean
seed_seen (TlSeed *self, GHashTable *named, GError **error)
{
  JsonObject *seen = json_object_get_object_member (self->circle, "seen");
  g_autoptr (GList) logins = json_object_get_members (seen);

  for (GList *l = logins; l; l = l->next) {
    gint64 account = tl_seed_account (self, l->data);
    JsonObject *object = json_object_new ();
    char id[TL_ID_MAX];

    json_object_set_string_member (object, "principalId", tl_id_format (account, id));
    set_named (named, seen, l->data, object, "feedReadTo");
    if (!tl_seed_create (self, account, TL_CAP_PERSONAL, "Settings", object, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
tl_seed_posts (TlSeed *self, GError **error)
{
  JsonArray *posts = json_object_get_array_member (self->circle, "posts");
  g_autoptr (GHashTable) named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!seed_follows (self, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (posts); i++)
    if (!seed_post (self, json_array_get_object_element (posts, i), named, error))
      return FALSE;
  return seed_seen (self, named, error) &&
         tl_pg_run (self->pg, "read-told", tl_sql ("demo/demo.sql", "read-told"), 0, NULL, error);
}
