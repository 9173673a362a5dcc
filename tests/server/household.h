/* household.h: a migrated database with two people in it, ada and ben, and JMAP requests as either of
 * them, without HTTP. */
#pragma once

#include "server/jmap/jmap.h"
#include "server/jmap/type.h"

typedef struct {
  TlServer server;
  char *conninfo;
  TlPg *pg;
  gint64 directory; /* scope */
  gint64 ada, ben;
} Household;

Household *household_new (void);
void household_free (Household *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Household, household_free)

/* The whole response to `calls`, a JSON array of method calls with ' for " and ACCOUNT for the id. */
JsonObject *household_request (Household *self, gint64 account, const char *calls);
/* The arguments of the one response to one call; `name` gets its name when it isn't NULL. */
JsonObject *household_call (Household *self, gint64 account, const char *call, const char **name);
/* As text, whole. */
char *household_call_text (Household *self, gint64 account, const char *call);
char *household_state (Household *self);

/* SQL that must work; the first value of its result, or NULL. */
char *household_sql (TlPg *pg, const char *format, ...) G_GNUC_PRINTF (2, 3);
gint64 household_number (TlPg *pg, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A feed nobody is in yet; its scope. */
gint64 household_feed (Household *self, const char *url, gint64 *feed);
/* Appends an article and its log row on `pg`, in its transaction or one of its own. */
gint64 household_article (TlPg *pg, gint64 scope, gint64 feed, const char *title);
void household_log (TlPg *pg, gint64 scope, const TlType *type, gint64 id, char kind,
                    const char *props);
void household_join (Household *self, gint64 account, gint64 scope);
void household_leave (Household *self, gint64 account, gint64 scope);
