/* seed.h: what the parts of the demo's seed share: each writes by its people's own requests, and dates what it
 * wrote back. On the thread that starts the server. */
#pragma once

#include "server/server.h"
#include "sync/wire/types.h"

typedef struct {
  TlServer *server;
  TlPg *pg;
  JsonObject *circle;
  GHashTable *accounts; /* login -> gint64 * */
  gint64 before;        /* the newest id before the last create */
} TlSeed;

gint64 tl_seed_account (TlSeed *self, const char *login);
/* One /set create as `account`: the new id's number, 0 with an error. Takes `object`. */
gint64 tl_seed_create (TlSeed *self, gint64 account, const char *capability, const char *type,
                       JsonObject *object, GError **error);
/* Dates what was created last, and what people were told of it. */
gboolean tl_seed_date (TlSeed *self, const char *statement, gint64 id, gint64 minutes_ago,
                       GError **error);

/* Uploads the member "images" of `from`, when there is one, and puts the list into `object`. */
gboolean tl_seed_pictures (TlSeed *self, gint64 account, JsonObject *from, JsonObject *object,
                           const char *property, GError **error);
gboolean tl_seed_avatar (TlSeed *self, gint64 account, JsonObject *person, GError **error);
/* The member "reactions" of `from`: {emoji: [login]}. */
gboolean tl_seed_reactions (TlSeed *self, gint64 subject, JsonObject *from, gint64 minutes_ago,
                            GError **error);
/* Who follows whom, the posts, and how far each person has read. */
gboolean tl_seed_posts (TlSeed *self, GError **error);
/* The calendars of everybody and the shared ones. */
gboolean tl_seed_calendars (TlSeed *self, GError **error);
