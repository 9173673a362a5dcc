/* circle.c: what a person does in the circle's feed: posts, answers, boosts, reactions, follows, saved posts, and
 * their own profile. */
#include "tests/converge/scene.h"

static void
write_post (Scene *self)
{
  static const char *const visibilities[] = { "public", "public", "followers", "mentioned" };
  gint64 answered = scene_draw (self, 2) ? scene_any (self, "SELECT key FROM post") : 0;
  JsonObject *body = scene_words (self, "text");

  json_object_set_string_member (body, "visibility", scene_word (self, visibilities));
  if (answered)
    scene_set_ref (body, "replyToId", answered);
  if (scene_draw (self, 4) == 0)
    json_object_set_string_member (body, "warning", "Long");
  scene_put (self, &tl_post_type, TL_OP_CREATE, 0, body);
}

static void
boost (Scene *self)
{
  scene_make_about (self, &tl_post_type, "boostOfId",
                    scene_any (self, "SELECT key FROM post WHERE visibility = 'public'"),
                    json_object_new ());
}

static void
edit (Scene *self)
{
  scene_update (self, &tl_post_type,
                "SELECT key FROM post WHERE authorId = ?1 AND boostOfId IS NULL",
                scene_words (self, "text"));
}

static void delete (Scene *self)
{
  scene_destroy (self, &tl_post_type, "SELECT key FROM post WHERE authorId = ?1");
}

static void
react (Scene *self)
{
  static const char *const emoji[] = { "👍", "❤️", "🎉" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "emoji", scene_word (self, emoji));
  scene_make_about (self, &tl_reaction_type, "subjectId",
                    scene_any (self, "SELECT key FROM post UNION ALL SELECT key FROM message"),
                    body);
}

static void
take_back (Scene *self)
{
  scene_destroy (self, &tl_reaction_type, "SELECT key FROM reaction WHERE principalId = ?1");
}

static void
follow (Scene *self)
{
  scene_make_about (self, &tl_follow_type, "principalId",
                    scene_any (self, "SELECT key FROM principal WHERE key <> ?1"),
                    json_object_new ());
}

/* As either of the two. */
static void
part (Scene *self)
{
  scene_destroy (self, &tl_follow_type, "SELECT key FROM follow");
}

static void
save (Scene *self)
{
  scene_make_about (self, &tl_post_mark_type, "postId", scene_any (self, "SELECT key FROM post"),
                    scene_flag (self, "isSaved"));
}

static void
forget (Scene *self)
{
  scene_destroy (self, &tl_post_mark_type, "SELECT key FROM post_mark");
}

static void
introduce (Scene *self)
{
  scene_put (self, &tl_principal_type, TL_OP_UPDATE, self->me, scene_words (self, "description"));
}

void
circle_deed (Scene *self)
{
  static const SceneDeed deeds[] = { write_post, write_post, write_post, react,    react,  boost,
                                     edit,       delete,     take_back,  follow,   follow, part,
                                     save,       save,       forget,     introduce };

  scene_word (self, deeds) (self);
}

/* --- files --------------------------------------------------------------------------------------- */

static gboolean
are_pictures (GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    if (!g_str_has_prefix (((const TlAttachment *)files->pdata[i])->type, "image/"))
      return FALSE;
  return TRUE;
}

void
files_deed (Scene *self)
{
  g_autofree char *json = tl_attachments_format (self->files);
  JsonNode *node = json_from_string (json, NULL);

  if (are_pictures (self->files) && scene_draw (self, 2)) {
    JsonObject *body = scene_words (self, "text");

    json_object_set_member (body, "images", node);
    json_object_set_string_member (body, "visibility",
                                   scene_draw (self, 2) ? "public" : "followers");
    scene_put (self, &tl_post_type, TL_OP_CREATE, 0, body);
  } else {
    JsonObject *body = scene_words (self, "body");

    json_object_set_member (body, "attachments", node);
    scene_make_about (self, &tl_message_type, "roomId", scene_any (self, "SELECT key FROM room"),
                      body);
  }
}
