/* social.h: the social service: four types, and what their files share. Everything here runs within the
 * transaction of one /set call.
 *
 * A post lies in the scope of its audience: the directory (public), its author's author scope (followers), or a
 * scope of its thread (mentioned); a reply to what is not public lies where that does. */
#pragma once

#include "server/services/hooks.h"

extern const TlTypeService tl_post_service;
extern const TlTypeService tl_reaction_service;
extern const TlTypeService tl_follow_service;
extern const TlTypeService tl_post_mark_service;

typedef struct {
  gint64 id, scope, author;
  gint64 boost_of;        /* 0: it is no boost */
  const char *visibility; /* static */
} TlSocialPost;

/* Runs statement `name` of social.sql with numbers. */
PGresult *tl_social_query (TlWrite *write, const char *name, int n, const gint64 *args,
                           GError **error);

/* Post `id`, when the writer sees it; it stays until the transaction ends. Refuses in the name of
 * `property` otherwise. */
gboolean tl_social_find_post (TlWrite *write, gint64 id, const char *property, TlSocialPost *post,
                              GError **error);
/* The same; for a boost what it boosts. */
gboolean tl_social_find_original (TlWrite *write, gint64 id, const char *property,
                                  TlSocialPost *post, GError **error);

/* The scope of everybody. 0 on error, as below. */
gint64 tl_social_directory (TlWrite *write, GError **error);
/* The scope of `principal`'s followers, made when it is not there yet. */
gint64 tl_social_author_scope (TlWrite *write, gint64 principal, GError **error);

/* What `person` posted, reacted and followed goes, with all that hangs on it, and so does their being followed. */
gboolean tl_social_forget_person (TlWrite *write, gint64 person, GError **error);
/* Of that the posts, and their boosts. */
gboolean tl_social_forget_posts (TlWrite *write, gint64 person, GError **error);
/* Something that can be reacted to goes: its reactions, what was told of it, and what files it shows. */
gboolean tl_social_forget (TlWrite *write, gint64 subject, GError **error);
/* The same for all messages in a room's scope, before they go. */
gboolean tl_social_forget_room (TlWrite *write, gint64 scope, GError **error);
