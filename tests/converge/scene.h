/* scene.h: one write of the replica that looks for something and does it, as an action does, with whatever rights one
 * has: what is refused is refused in the outbox. */
#pragma once

#include "sync/outbox.h"
#include "sync/overlay.h"
#include "sync/replica.h"

typedef struct {
  TlDb *db;
  TlChanges *changes;
  GRand *random;
  gint64 me;
  GError **error;
  gboolean done;
} Scene;

typedef void (*Deed) (Scene *self);
/* NULL at their ends: posts and calendars; what is one's own; who may be where. */
extern const Deed circle_deeds[], own_deeds[], member_deeds[];

/* A key of those that `sql` finds (one's own key is ?1), 0 for none. */
gint64 scene_any (Scene *self, const char *sql);
/* Takes `body`, which may be NULL; key 0 with another verb than create: nothing is done. */
void scene_put (Scene *self, const TlType *type, TlVerb verb, gint64 key, JsonObject *body);
void scene_set_ref (JsonObject *body, const char *name, gint64 key);
/* A new object about `key`, when there is one. Takes `body`. */
void scene_make_about (Scene *self, const TlType *type, const char *name, gint64 key,
                       JsonObject *body);
const char *scene_one_of (Scene *self, const char *const *strings);

/* A random one of all deeds; NULL when there was nothing to do it to. Awaits, so in a fiber. */
char *scene_play (TlReplica *replica, gint64 me, guint32 seed, GError **error);
