/* social.c: what the types of the social service share: finding posts that the writer sees, the scopes of
 * audiences, and what goes along with what is gone. */
#include "server/services/social/social.h"

#include "server/services/notify/notify.h"
#include "server/services/storage/attachments.h"

PGresult *
tl_social_query (TlWrite *write, const char *name, int n, const gint64 *args, GError **error)
{
  return tl_hook_query (write, "social/social.sql", name, n, args, error);
}

gboolean
tl_social_find_post (TlWrite *write, gint64 id, const char *property, TlSocialPost *post,
                     GError **error)
{
  g_autoptr (PGresult) found =
      tl_social_query (write, "post-find", 2, (const gint64[]){ id, write->account }, error);

  if (found == NULL)
    return FALSE;
  if (PQntuples (found) == 0) {
    g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
                 "%s: there is no such post that you see", property);
    return FALSE;
  }
  *post = (TlSocialPost){ .id = id,
                          .scope = tl_hook_number (found, 0, 0),
                          .author = tl_hook_number (found, 0, 1),
                          .boost_of = tl_hook_number (found, 0, 2),
                          .visibility = g_intern_string (PQgetvalue (found, 0, 3)) };
  return TRUE;
}

gboolean
tl_social_find_original (TlWrite *write, gint64 id, const char *property, TlSocialPost *post,
                         GError **error)
{
  return tl_social_find_post (write, id, property, post, error) &&
         (post->boost_of == 0 ||
          tl_social_find_post (write, post->boost_of, property, post, error));
}

gint64
tl_social_directory (TlWrite *write, GError **error)
{
  g_autoptr (PGresult) found = tl_social_query (write, "directory", 1, &write->account, error);

  return found ? tl_hook_number (found, 0, 0) : 0;
}

static gint64
find_author_scope (TlWrite *write, gint64 principal, GError **error)
{
  g_autoptr (PGresult) found = tl_social_query (write, "author-find", 1, &principal, error);

  return found && PQntuples (found) == 1 ? tl_hook_number (found, 0, 0) : 0;
}

static gint64
make_author_scope (TlWrite *write, gint64 principal, GError **error)
{
  gint64 scope = tl_write_new_scope (write, "author", error);
  g_autoptr (PGresult) row =
      scope ? tl_social_query (write, "author-add", 2, (const gint64[]){ principal, scope }, error)
            : NULL;

  return row && tl_write_join (write, principal, scope, "owner", error) ? scope : 0;
}

gint64
tl_social_author_scope (TlWrite *write, gint64 principal, GError **error)
{
  g_autoptr (GError) failed = NULL;
  gint64 scope = find_author_scope (write, principal, &failed);

  /* Looked for again when nobody else can be making it any more. */
  if (scope == 0 && failed == NULL && tl_hook_take_turns (write, principal, principal, &failed))
    scope = find_author_scope (write, principal, &failed);
  if (scope == 0 && failed == NULL)
    scope = make_author_scope (write, principal, &failed);
  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  return scope;
}

static gboolean
log_reactions (TlWrite *write, PGresult *rows)
{
  g_autoptr (PGresult) gone = rows;

  for (int i = 0; gone && i < PQntuples (gone); i++)
    tl_write_log (write, tl_hook_number (gone, i, 1), &tl_reaction_type,
                  tl_hook_number (gone, i, 0), TL_DESTROYED, NULL);
  return gone != NULL;
}

gboolean
tl_social_forget (TlWrite *write, gint64 subject, GError **error)
{
  return log_reactions (write, tl_social_query (write, "reactions-delete", 1, &subject, error)) &&
         tl_notify_forget (write, subject, error) && tl_attachments_forget (write, subject, error);
}

gboolean
tl_social_forget_room (TlWrite *write, gint64 scope, GError **error)
{
  return log_reactions (write,
                        tl_social_query (write, "reactions-delete-room", 1, &scope, error)) &&
         tl_notify_forget_room (write, scope, error);
}

gboolean
tl_social_forget_person (TlWrite *write, gint64 person, GError **error)
{
  g_autoptr (PGresult) follows = NULL;

  if (!tl_social_forget_posts (write, person, error) ||
      !log_reactions (write, tl_social_query (write, "reactions-by", 1, &person, error)))
    return FALSE;
  follows = tl_social_query (write, "follows-of", 1, &person, error);
  for (int i = 0; follows && i < PQntuples (follows); i++)
    tl_write_log (write, tl_hook_number (follows, i, 1), &tl_follow_type,
                  tl_hook_number (follows, i, 0), TL_DESTROYED, NULL);
  return follows != NULL;
}
