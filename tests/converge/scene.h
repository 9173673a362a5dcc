/* scene.h: one write of the replica as a person makes it: it looks for something of a kind and does something to it.
 *
 * The sections (circle, crowd, dates, own) are functions that draw one of their deeds. Writer thread. */
#pragma once

#include "sync/attachment.h"
#include "sync/outbox.h"

typedef struct {
  TlDb *db;
  TlChanges *changes;
  GRand *random;
  gint64 me;
  GPtrArray *files; /* of TlAttachment, kept for the one who wants them; may be NULL */
  GError **error;
  gboolean done;
} Scene;

typedef void (*SceneDeed) (Scene *self);

void circle_deed (Scene *self);
void crowd_deed (Scene *self);
void dates_deed (Scene *self);
void own_deed (Scene *self);
/* A message or a post with the files. */
void files_deed (Scene *self);

/* Does `deed` in a write of its own; FALSE when there was nothing to do it to. Awaits, so in a fiber. */
gboolean scene_play (TlReplica *replica, gint64 me, guint32 seed, SceneDeed deed, GPtrArray *files,
                     GError **error);

/* 0 … n - 1. */
int scene_draw (Scene *self, int n);
#define scene_word(self, words) (words)[scene_draw (self, G_N_ELEMENTS (words))]
/* A key of those that `sql` finds (one's own key is ?1), 0 for none. */
gint64 scene_any (Scene *self, const char *sql);
/* The first column of the row as text, or NULL. */
char *scene_text (Scene *self, const char *sql, gint64 key);
/* `body` is taken. */
void scene_put (Scene *self, const TlType *type, TlVerb verb, gint64 key, JsonObject *body);
void scene_update (Scene *self, const TlType *type, const char *sql, JsonObject *body);
void scene_destroy (Scene *self, const TlType *type, const char *sql);
void scene_set_ref (JsonObject *body, const char *name, gint64 key);
/* A new object about `key`, when there is one. Takes `body`. */
void scene_make_about (Scene *self, const TlType *type, const char *name, gint64 key,
                       JsonObject *body);
/* {"text": …} or by another name; it names people now and then, so that notifications and threads come about. */
JsonObject *scene_words (Scene *self, const char *name);
JsonObject *scene_flag (Scene *self, const char *name);
