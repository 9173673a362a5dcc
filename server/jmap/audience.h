/* audience.h: who listens to what: sockets by account, accounts by scope. The hub's thread only. */
#pragma once

#include "server/server.h"

typedef struct {
  TlSocket *socket;
  guint32 types;
  gboolean objects;
} TlListener;

typedef struct {
  gint64 id;
  GArray *listeners;     /* of TlListener */
  GArray *scopes;        /* of gint64 */
  gboolean scopes_known; /* FALSE: tl_audience_load() reads them */
  guint32 news;          /* the hub's: bits of types that changed and were not told yet */
} TlAudienceAccount;

typedef struct _TlAudience TlAudience;

TlAudience *tl_audience_new (void);
void tl_audience_free (TlAudience *self);

void tl_audience_add (TlAudience *self, TlSocket *socket, gint64 account, guint32 types,
                      gboolean objects);
void tl_audience_remove (TlAudience *self, TlSocket *socket);

/* The accounts listening that are in `scope`; NULL for none. */
GPtrArray *tl_audience_of (TlAudience *self, gint64 scope);
/* All accounts listening, as a new list. */
GList *tl_audience_accounts (TlAudience *self);
/* Reads the memberships of the accounts where they are not known. */
gboolean tl_audience_load (TlAudience *self, TlPg *pg, GError **error);
