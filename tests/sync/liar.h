/* liar.h: a server of the test's own process that says what a test wants to hear. By itself it is honest: it knows
 * one room, one message (t7) and does what it is told, once an opId. Main context. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _Liar Liar;

Liar *liar_new (void);
void liar_free (Liar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Liar, liar_free)
const char *liar_url (Liar *self);

/* What is asked of `path` is answered so; `header`: "Name: value" or NULL. */
void liar_lie (Liar *self, const char *path, guint status, const char *header, GBytes *body);
/* But only what has `word` in it; and breaking off after `cut` bytes. */
void liar_lie_about (Liar *self, const char *word);
void liar_break_off (Liar *self, gsize cut);
/* Called twice for a call of a request: without an answer, TRUE makes it an error that does nothing; and with the
 * answer, to change it. */
typedef gboolean (*LiarTwist) (const char *method, JsonObject *asked, JsonObject *answer);
void liar_twist (Liar *self, LiarTwist twist);
/* Honest again. */
void liar_repent (Liar *self);

/* How often `path` was asked, all that was ever said to it, and what it did: the "body" of each create and update,
 * in order. */
guint liar_count (Liar *self, const char *path);
const char *liar_heard (Liar *self);
const char *liar_done (Liar *self);
