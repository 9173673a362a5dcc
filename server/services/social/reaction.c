/* reaction.c: the type Reaction: one emoji of one person about a post or a message, seen by who sees that. */
#include "server/services/notify/notify.h"
#include "server/services/social/emoji.h"
#include "server/services/social/social.h"

typedef struct {
  const TlType *type;
  gint64 id, scope, author;
} Subject;

static gboolean
find_message (TlWrite *write, gint64 id, Subject *subject, GError **error)
{
  g_autoptr (PGresult) found =
      tl_social_query (write, "message-find", 2, (const gint64[]){ id, write->account }, error);

  if (found && PQntuples (found) == 1)
    *subject = (Subject){ &tl_message_type, id, tl_hook_number (found, 0, 0),
                          tl_hook_number (found, 0, 1) };
  return found != NULL;
}

/* A reaction to a boost is one to what it boosts. */
static gboolean
find_subject (TlWrite *write, gint64 id, Subject *subject, GError **error)
{
  TlSocialPost post;

  *subject = (Subject){ 0 };
  if (!find_message (write, id, subject, error))
    return FALSE;
  if (subject->type)
    return TRUE;
  if (!tl_social_find_original (write, id, "subjectId", &post, error))
    return FALSE;
  *subject = (Subject){ &tl_post_type, post.id, post.scope, post.author };
  return TRUE;
}

/* The same again takes the place of the one before, and tells nobody. */
static gboolean
replace (TlWrite *write, const Subject *subject, const char *emoji, GError **error)
{
  g_autofree char *about = g_strdup_printf ("%" G_GINT64_FORMAT, subject->id);
  g_autofree char *who = g_strdup_printf ("%" G_GINT64_FORMAT, write->account);
  const char *args[] = { about, who, emoji };
  g_autoptr (PGresult) before = NULL;

  if (!tl_hook_take_turns (write, write->account, subject->id, error))
    return FALSE;
  before = tl_pg_query (write->pg, "social/social.sql.reaction-replace",
                        tl_sql ("social/social.sql", "reaction-replace"), 3, args, error);
  if (before == NULL)
    return FALSE;
  if (PQntuples (before) == 0)
    return tl_notify (write, subject->author, "reaction", subject->type, subject->id,
                      write->account, emoji, error);
  tl_write_log (write, subject->scope, &tl_reaction_type, tl_hook_number (before, 0, 0),
                TL_DESTROYED, NULL);
  return TRUE;
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  const char *emoji = tl_hook_string (object, "emoji");
  Subject subject;

  if (!tl_emoji_is_one (emoji))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "emoji: one emoji is wanted");
  if (!find_subject (write, tl_hook_id (object, "subjectId"), &subject, error) ||
      !replace (write, &subject, emoji, error))
    return FALSE;
  tl_hook_set_id (object, "subjectId", subject.id);
  tl_hook_set_id (object, "principalId", write->account);
  tl_hook_set_now (object, "reactedAt");
  *scope = subject.scope;
  return TRUE;
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gint64 subject = tl_hook_id (current, "subjectId");
  g_autoptr (PGresult) author = NULL;

  if (tl_hook_id (current, "principalId") != write->account)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only who reacted takes it back");
  author = tl_social_query (write, "subject-author", 1, &subject, error);
  if (author == NULL)
    return FALSE;
  return PQntuples (author) == 0 ||
         tl_notify_withdraw (write, tl_hook_number (author, 0, 0), "reaction", subject,
                             write->account, tl_hook_string (current, "emoji"), error);
}

const TlTypeService tl_reaction_service = {
  .type = &tl_reaction_type,
  .create = create,
  .destroy = destroy,
  .date = "reactedAt",
};
