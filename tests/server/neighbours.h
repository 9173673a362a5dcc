/* neighbours.h: a household's Ada and Ben with two neighbours: Cleo, and Dora, who looks after everybody's posts;
 * and words for what they do in their feeds. */
#pragma once

#include "tests/server/words.h"

typedef struct {
  Household *house;
  gint64 ada, ben, cleo, dora;
} Neighbours;

/* For g_test_add(). */
void neighbours_set_up (Neighbours *self, gconstpointer data);
void neighbours_tear_down (Neighbours *self, gconstpointer data);

gint64 post (Neighbours *self, gint64 who, const char *text);
gint64 post_for (Neighbours *self, gint64 who, const char *visibility, const char *text);
gint64 reply (Neighbours *self, gint64 who, gint64 to, const char *text);
gint64 boost (Neighbours *self, gint64 who, gint64 of);
gint64 follow (Neighbours *self, gint64 who, gint64 whom);
gint64 react (Neighbours *self, gint64 who, gint64 subject, const char *emoji);

/* What `who` has been told, oldest first: "kind subjectType subject actor preview; …" with logins for people. */
G_GNUC_PRINTF (3, 4)
void assert_told (Neighbours *self, gint64 who, const char *format, ...);
void assert_id (Neighbours *self, gint64 who, const char *kind, gint64 id, const char *name,
                gint64 expected);
