/* post.c: the type Post: who sees it, whom it names, and whom it is told to. What a post is about (answers,
 * boosts, audience) never changes; its text, warning and images are its author's to edit. */
#include "server/services/notify/mentions.h"
#include "server/services/social/social.h"
#include "server/services/storage/attachments.h"

#define MAX_LETTERS 5000

/* From wide to narrow. */
static const char *const visibilities[] = { "public", "followers", "mentioned", NULL };
enum { PUBLIC, FOLLOWERS, MENTIONED };

static int
width_of (const char *visibility)
{
  int i = 0;

  while (visibilities[i] && !g_str_equal (visibilities[i], visibility))
    i++;
  return i;
}

static gboolean
has (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) && !json_object_get_null_member (object, name);
}

/* --- what it says ---------------------------------------------------------------------------------- */

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static JsonNode *
people_node (const GArray *people)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *ids = json_array_sized_new (people->len);
  char id[TL_ID_MAX];

  for (guint i = 0; i < people->len; i++)
    json_array_add_string_element (ids, tl_id_format (g_array_index (people, gint64, i), id));
  json_node_take_array (node, ids);
  return node;
}

static GArray *
people_of (JsonObject *object)
{
  GArray *people = g_array_new (FALSE, FALSE, sizeof (gint64));
  JsonArray *ids =
      has (object, "mentions") ? json_object_get_array_member (object, "mentions") : NULL;

  for (guint i = 0; ids && i < json_array_get_length (ids); i++) {
    gint64 id;

    if (tl_id_parse (json_array_get_string_element (ids, i), &id))
      g_array_append_val (people, id);
  }
  return people;
}

/* Text and warning without the space around them; whom the text names. */
static gboolean
tidy (TlWrite *write, JsonObject *object, GError **error)
{
  g_autofree char *text = tl_hook_trimmed (object, "text");
  g_autofree char *warning = tl_hook_trimmed (object, "warning");
  g_autoptr (GArray) people = NULL;

  if (text == NULL && !has (object, "images") && !has (object, "card"))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "text: a post needs some text or an image");
  if (text && g_utf8_strlen (text, -1) > MAX_LETTERS)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "text: a post has at most 5,000 letters");
  people = tl_mentions_find (write, text, error);
  if (people == NULL)
    return FALSE;
  set_text (object, "text", text);
  set_text (object, "warning", warning);
  json_object_set_member (object, "mentions", people_node (people));
  return TRUE;
}

/* What is behind a warning is not told beforehand. */
static const char *
preview_of (JsonObject *object)
{
  const char *warning = tl_hook_string (object, "warning");

  return warning ? warning : tl_hook_string (object, "text");
}

/* --- boosts ---------------------------------------------------------------------------------------- */

/* A post and all that hangs on it but its own row. */
static gboolean
forget (TlWrite *write, gint64 id, GError **error)
{
  g_autoptr (PGresult) marks = NULL;

  if (!tl_social_forget (write, id, error))
    return FALSE;
  marks = tl_social_query (write, "marks-delete", 1, &id, error);
  for (int i = 0; marks && i < PQntuples (marks); i++)
    tl_write_log (write, tl_hook_number (marks, i, 0), &tl_post_mark_type, id, TL_DESTROYED, NULL);
  return marks != NULL;
}

/* The boosts (or any posts, with their boosts) in `rows`, which it takes. */
static gboolean
delete_boosts (TlWrite *write, PGresult *rows, GError **error)
{
  g_autoptr (PGresult) boosts = rows;

  for (int i = 0; boosts && i < PQntuples (boosts); i++) {
    gint64 id = tl_hook_number (boosts, i, 0);
    g_autoptr (PGresult) gone = NULL;

    if (!forget (write, id, error))
      return FALSE;
    gone = tl_social_query (write, "post-delete", 1, &id, error);
    if (gone == NULL)
      return FALSE;
    tl_write_log (write, tl_hook_number (boosts, i, 1), &tl_post_type, id, TL_DESTROYED, NULL);
  }
  return boosts != NULL;
}

gboolean
tl_social_forget_posts (TlWrite *write, gint64 person, GError **error)
{
  return delete_boosts (write, tl_social_query (write, "posts-of", 1, &person, error), error);
}

/* Boosting again takes the place of the one before, and tells nobody. */
static gboolean
replace_boost (TlWrite *write, const TlSocialPost *original, GError **error)
{
  const gint64 pair[] = { original->id, write->account };
  g_autoptr (PGresult) before = NULL;

  if (!tl_hook_take_turns (write, write->account, original->id, error))
    return FALSE;
  before = tl_social_query (write, "boost-by", 2, pair, error);
  if (before == NULL)
    return FALSE;
  if (PQntuples (before) > 0)
    return delete_boosts (write, g_steal_pointer (&before), error);
  return tl_notify (write, original->author, "boost", &tl_post_type, original->id, write->account,
                    NULL, error);
}

static gboolean
create_boost (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  static const char *const none[] = { "text", "warning", "images", "card", "replyToId" };
  TlSocialPost original;

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    if (has (object, none[i])) {
      g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
                   "%s: a boost has nothing of its own", none[i]);
      return FALSE;
    }
  if (!tl_social_find_original (write, tl_hook_id (object, "boostOfId"), "boostOfId", &original,
                                error))
    return FALSE;
  if (width_of (original.visibility) != PUBLIC ||
      width_of (tl_hook_string (object, "visibility")) != PUBLIC)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "boostOfId: only a public post is boosted, for everybody");
  tl_hook_set_id (object, "boostOfId", original.id);
  *scope = original.scope;
  return replace_boost (write, &original, error);
}

/* --- who sees it ----------------------------------------------------------------------------------- */

/* A scope of the writer and those named; who is in it stays so. */
static gint64
make_thread (TlWrite *write, JsonObject *object, GError **error)
{
  g_autoptr (GArray) people = people_of (object);
  gint64 scope = tl_write_new_scope (write, "thread", error);

  if (scope == 0 || !tl_write_join (write, write->account, scope, "owner", error))
    return 0;
  for (guint i = 0; i < people->len; i++)
    if (!tl_write_join (write, g_array_index (people, gint64, i), scope, "member", error))
      return 0;
  return scope;
}

static gint64
scope_for (TlWrite *write, JsonObject *object, int width, GError **error)
{
  switch (width) {
  case PUBLIC:
    return tl_social_directory (write, error);
  case FOLLOWERS:
    return tl_social_author_scope (write, write->account, error);
  default:
    return make_thread (write, object, error);
  }
}

/* A reply is never seen by more people than what it answers; where that is not public, by the same ones. */
static gboolean
place (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  int width = width_of (tl_hook_string (object, "visibility"));
  gint64 reply_to = tl_hook_id (object, "replyToId");
  TlSocialPost answered = { .visibility = visibilities[PUBLIC] };

  if (reply_to && !tl_social_find_original (write, reply_to, "replyToId", &answered, error))
    return FALSE;
  if (reply_to)
    tl_hook_set_id (object, "replyToId", answered.id);
  if (width_of (answered.visibility) == PUBLIC || width > width_of (answered.visibility)) {
    *scope = scope_for (write, object, width, error);
    return *scope != 0;
  }
  json_object_set_string_member (object, "visibility", answered.visibility);
  *scope = answered.scope;
  return TRUE;
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  if (!has (object, "visibility"))
    json_object_set_string_member (object, "visibility", visibilities[PUBLIC]);
  if (!tl_hook_is_one_of (tl_hook_string (object, "visibility"), visibilities))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "visibility: “public”, “followers” or “mentioned” is wanted");
  tl_hook_set_id (object, "authorId", write->account);
  tl_hook_set_now (object, "createdAt");
  if (has (object, "boostOfId"))
    return create_boost (write, object, scope, error);
  return tl_attachments_check (write, object, "images", TL_ATTACH_IMAGES, error) &&
         tl_card_check (object, error) && tidy (write, object, error) &&
         place (write, object, scope, error);
}

/* --- telling --------------------------------------------------------------------------------------- */

/* Tells the author of what `id` answers, when they see it, and adds them to `told`. */
static gboolean
tell_answered (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GArray *told,
               GError **error)
{
  gint64 reply_to = tl_hook_id (object, "replyToId");
  g_autoptr (PGresult) found = NULL;
  gboolean sees;
  gint64 author;

  if (reply_to == 0)
    return TRUE;
  found = tl_social_query (write, "post-author", 1, &reply_to, error);
  if (found == NULL)
    return FALSE;
  author = tl_hook_number (found, 0, 0);
  g_array_append_val (told, author);
  return tl_hook_sees (write, author, scope, &sees, error) &&
         (!sees || tl_notify (write, author, "reply", &tl_post_type, id, write->account,
                              preview_of (object), error));
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  g_autoptr (GArray) people = people_of (object);
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (gint64));

  return tl_attachments_show (write, object, "images", scope, id, error) &&
         tell_answered (write, id, scope, object, told, error) &&
         tl_mentions_tell (write, people, told, scope, &tl_post_type, id, preview_of (object),
                           error);
}

/* --- later ----------------------------------------------------------------------------------------- */

/* `current` with `patch` over it. */
static JsonObject *
merge (JsonObject *current, JsonObject *patch)
{
  static const char *const names[] = { "text", "warning", "images", "card" };
  JsonObject *after = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonObject *from = json_object_has_member (patch, names[i]) ? patch : current;

    json_object_set_member (after, names[i],
                            json_node_ref (json_object_get_member (from, names[i])));
  }
  return after;
}

/* Puts what became of it into `patch`. */
static void
take_tidied (JsonObject *patch, JsonObject *after)
{
  static const char *const names[] = { "text", "warning", "mentions" };

  if (json_object_has_member (patch, "text"))
    json_object_set_null_member (patch, "mentions");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (patch, names[i]))
      json_object_set_member (patch, names[i],
                              json_node_ref (json_object_get_member (after, names[i])));
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (GArray) before = people_of (current);
  g_autoptr (GArray) people = NULL;

  if (tl_hook_id (current, "authorId") != write->account)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only its author changes a post");
  if (has (current, "boostOfId"))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "A boost cannot be changed");
  if (json_object_get_size (patch) == 0)
    return TRUE;
  if (!tl_attachments_check (write, patch, "images", TL_ATTACH_IMAGES, error))
    return FALSE;
  after = merge (current, patch);
  if (!tidy (write, after, error))
    return FALSE;
  take_tidied (patch, after);
  tl_hook_set_now (patch, "editedAt");
  if (json_object_has_member (patch, "images") &&
      (!tl_attachments_forget (write, id, error) ||
       !tl_attachments_show (write, patch, "images", scope, id, error)))
    return FALSE;
  people = people_of (after);
  return tl_mentions_tell (write, people, before, scope, &tl_post_type, id, preview_of (after),
                           error);
}

static gboolean
may_destroy (TlWrite *write, JsonObject *current, gboolean *may, GError **error)
{
  *may = tl_hook_id (current, "authorId") == write->account;
  return *may || tl_hook_may (write, TL_DEED_REMOVE_WORDS, may, error);
}

static gboolean
take_back_boost (TlWrite *write, JsonObject *current, GError **error)
{
  gint64 original = tl_hook_id (current, "boostOfId");
  g_autoptr (PGresult) author = NULL;

  if (original == 0)
    return TRUE;
  author = tl_social_query (write, "post-author", 1, &original, error);
  if (author == NULL)
    return FALSE;
  return PQntuples (author) == 0 ||
         tl_notify_withdraw (write, tl_hook_number (author, 0, 0), "boost", original,
                             tl_hook_id (current, "authorId"), NULL, error);
}

/* Its boosts go with it; replies stay, and answer what is not there any more. */
static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gboolean may;

  if (!may_destroy (write, current, &may, error))
    return FALSE;
  if (!may)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "Its author or a moderator deletes a post");
  return delete_boosts (write, tl_social_query (write, "boosts-of", 1, &id, error), error) &&
         take_back_boost (write, current, error) && forget (write, id, error);
}

const TlTypeService tl_post_service = {
  .type = &tl_post_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "createdAt",
  .text = "text",
};
