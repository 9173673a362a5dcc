/* remote-private.h: what remote.c (tokens, calls), remote-files.c and remote-push.c share. Main context; what says
 * so runs in a fiber. */
#pragma once

#include "sync/http.h"
#include "sync/remote.h"

#define TL_REMOTE_MAX_ANSWER (64 * 1024 * 1024)
#define TL_REMOTE_DOWNLOADS "/jmap/download/"

struct _TlRemote {
  GObject parent;
  SoupSession *session;
  char *server;
  char *account;
  TlSecrets *secrets;
  char *access_token;
  gint64 access_until; /* monotonic */
  char *account_id;
  char *step_token; /* between the password and the code */
  DexFuture *refreshing;

  SoupWebsocketConnection *socket;
  TlRemoteEvents events;
  gpointer events_data;
  DexPromise *hung_up;
};

/* `type`: of the body, NULL for JSON. */
/* In a fiber: the session of a sign-in's answer is this one's from now on; the keyring knows it by its login and the
 * server. Gives the answer without its tokens. */
JsonObject *tl_remote_begin_session (TlRemote *self, JsonObject *answer, GError **error);
/* NULL for what is no JSON object. */
JsonObject *tl_remote_parse (GBytes *body);
SoupMessage *tl_remote_message (TlRemote *self, const char *method, const char *path,
                                const char *type, GBytes *body, GError **error);
/* In a fiber: FALSE when there is no usable access token. */
gboolean tl_remote_ensure_token (TlRemote *self, GError **error);
void tl_remote_authorize (TlRemote *self, SoupMessage *message);
/* In a fiber: the body of a success, or an error of TL_REMOTE_ERROR. */
GBytes *tl_remote_exchange (TlRemote *self, SoupMessage *message, gsize max_bytes, GError **error);
/* The same with the access token; one that the server no longer takes is renewed once. */
GBytes *tl_remote_authorized (TlRemote *self, const char *method, const char *path,
                              const char *type, GBytes *body, gsize max_bytes, GError **error);
GError *tl_remote_transport_error (TlRemote *self, const GError *cause);
