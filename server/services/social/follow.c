/* follow.c: the types Follow and PostMark. Whoever follows is in the followed one's author scope, and nobody
 * else but its author is. */
#include "server/services/notify/notify.h"
#include "server/services/social/social.h"

static gboolean
check_followed (TlWrite *write, gint64 principal, GError **error)
{
  g_autoptr (PGresult) known = NULL;

  if (principal == write->account)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "principalId: one follows others, not oneself");
  known = tl_social_query (write, "person-known", 1, &principal, error);
  if (known == NULL)
    return FALSE;
  return tl_hook_number (known, 0, 0) == 1 ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "principalId: there is nobody with this id");
}

/* Following again takes the place of the one before, and tells nobody. */
static gboolean
replace (TlWrite *write, gint64 principal, GError **error)
{
  const gint64 pair[] = { principal, write->account };
  g_autoptr (PGresult) before = NULL;

  if (!tl_hook_take_turns (write, write->account, principal, error))
    return FALSE;
  before = tl_social_query (write, "follow-replace", 2, pair, error);
  if (before == NULL)
    return FALSE;
  if (PQntuples (before) == 0)
    return tl_notify (write, principal, "follow", &tl_principal_type, write->account,
                      write->account, NULL, error);
  tl_write_log (write, tl_hook_number (before, 0, 1), &tl_follow_type,
                tl_hook_number (before, 0, 0), TL_DESTROYED, NULL);
  return TRUE;
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 principal = tl_hook_id (object, "principalId");

  if (!check_followed (write, principal, error) || !replace (write, principal, error))
    return FALSE;
  *scope = tl_social_author_scope (write, principal, error);
  tl_hook_set_id (object, "followerId", write->account);
  tl_hook_set_now (object, "since");
  return *scope != 0 && tl_write_join (write, write->account, *scope, "reader", error);
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gint64 principal = tl_hook_id (current, "principalId");
  gint64 follower = tl_hook_id (current, "followerId");

  if (write->account != principal && write->account != follower)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "Only who follows and who is followed end it");
  return tl_notify_forget_lost (write, follower, scope, error) &&
         tl_write_leave (write, follower, scope, error) &&
         tl_notify_withdraw (write, principal, "follow", follower, follower, NULL, error);
}

const TlTypeService tl_follow_service = {
  .type = &tl_follow_type,
  .create = create,
  .destroy = destroy,
  .date = "since",
};

/* --- marks ----------------------------------------------------------------------------------------- */

static gboolean
create_mark (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  TlSocialPost post;

  *scope = 0;
  return tl_social_find_post (write, tl_hook_id (object, "postId"), "postId", &post, error);
}

const TlTypeService tl_post_mark_service = {
  .type = &tl_post_mark_type,
  .create = create_mark,
  .update = tl_hook_update_own,
  .destroy = tl_hook_destroy_own,
};
