/* words.h: what people of a household do and see, by /set, /get and /changes: words that the tests of services
 * are written in. Objects are JSON with ' for "; what does not come about fails the test. */
#pragma once

#include "tests/server/household.h"

/* The id of what was made. */
gint64 make (Household *self, gint64 who, const char *type, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void update (Household *self, gint64 who, const char *kind, gint64 id, const char *patch);
void destroy (Household *self, gint64 who, const char *kind, gint64 id);

/* Each of these is refused with `type`, and the sentence has `why` in it. */
void refuse_create (Household *self, gint64 who, const char *kind, const char *object,
                    const char *type, const char *why);
void refuse_update (Household *self, gint64 who, const char *kind, gint64 id, const char *patch,
                    const char *type, const char *why);
void refuse_destroy (Household *self, gint64 who, const char *kind, gint64 id, const char *type,
                     const char *why);

/* What `who` sees of object `id`, NULL when nothing. */
JsonObject *get (Household *self, gint64 who, const char *kind, gint64 id);
void assert_sees (Household *self, gint64 who, const char *kind, gint64 id, gboolean sees);
void assert_text (Household *self, gint64 who, const char *kind, gint64 id, const char *name,
                  const char *expected);

/* Of `kind`, what a device of `who` that knew `state` is told: "created updated destroyed" counts. */
void assert_changes (Household *self, gint64 who, const char *kind, const char *state,
                     const char *expected);
